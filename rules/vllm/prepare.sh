#!/bin/sh
# Install what building and benchmarks need.
# usage: prepare.sh TREE NOTES
#        reads: BUILD_BENCHMARKS: what these need; BUILD_PYAIRPORTS: where that package is
# exit:  0 done, and NOTES/constraints.txt is what else pip installs must keep to, else failed
. "${0%/*}/lib.sh"
tree=$1 notes=$2
go_nowhere

# torch before 2.3 is built for numpy 1, and only warns when it meets 2.
before=$(torch torch.__version__)
mkdir -p "$notes"
cp "$here/constraints.txt" "$notes/constraints.txt"
case $before in
0.* | 1.* | 2.[012].*) echo 'numpy<2' >>"$notes/constraints.txt" ;;
esac

pip_install()
{
	python3 -m pip install --no-compile --constraint "$notes/constraints.txt" "$@"
}

# The commit's own list pins torch: the base's stays if it is that, with any local
# version, and otherwise must be replaced now, since what is compiled is compiled for it.
set -- ninja packaging setuptools wheel
[ ! -f "$tree/CMakeLists.txt" ] || set -- "$@" cmake
for list in requirements/build.txt requirements-build.txt; do
	[ ! -f "$tree/$list" ] || set -- "$@" --requirement "$tree/$list"
done
pip_install "$@"
after=$(torch torch.__version__)
[ "$before" = "$after" ] || say "the base has torch $before, the commit pins another: now $after"

# torch up to 2.1 takes "packaging" out of setuptools, which has none from 70 on.
if ! python3 -c 'import torch.utils.cpp_extension'; then
	echo 'setuptools<70' >>"$notes/constraints.txt"
	pip_install setuptools
	python3 -c 'import torch.utils.cpp_extension' ||
		fail "torch $after cannot build extensions here"
fi

# outlines before 0.1 needs pyairports, which the package index lost, or has only an
# empty package of that name.
if cat "$tree"/requirements*.txt "$tree"/requirements/*.txt 2>/dev/null |
	grep -Eq '^outlines *[=>]= *0\.0\.' &&
	! python3 -c 'from pyairports.airports import AIRPORT_LIST' 2>/dev/null; then
	pip_install --force-reinstall --no-deps --no-build-isolation "$BUILD_PYAIRPORTS"
fi

# shellcheck disable=SC2086	# words
[ -z "${BUILD_BENCHMARKS-}" ] || pip_install $BUILD_BENCHMARKS
