# shellcheck shell=sh disable=SC2034
# apt.sh - where this machine's apt takes Debian's or Ubuntu's packages from.  Sourced by scripts
# that make a root with the same packages or with those of another release.

# Set release, the code name of this machine's release, and sources, the files that list the
# places of its packages.  Elsewhere these are Debian 12 and no files: mmdebstrap knows a place.
apt_find()
{
	release=bookworm sources='' origin=''
	[ ! -f /etc/os-release ] || . /etc/os-release
	case ${ID-} in
	debian) origin=Debian ;;
	ubuntu) origin=Ubuntu ;;
	*)      return 0 ;;
	esac
	release=$VERSION_CODENAME
	# shellcheck disable=SC2016	# apt fills them in
	sources=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(SOURCESENTRY)' 'Created-By: Packages' |
		awk -v origin="$origin" -v release="$release" '
			$1 == origin && index($2, release) == 1 { sub(/:[0-9]*$/, "", $3); print $3 }' |
		sort -u)
}

# How this machine's apt reaches them: proxies, and checks that a mirror does without.
apt_options()
{
	apt-config dump | grep -E '^Acquire::(Check|Max|Force|Retries|http|ftp)' || :
}
