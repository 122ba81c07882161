#!/bin/sh
. "$SRC/tests/small_fleet.sh"
git clone --quiet --bare src old.git
git -C old.git update-ref refs/heads/main "$C2"
git -C old.git remote remove origin
git -C old.git gc --quiet --prune=now
sed -i "s|\"path\": \"src\"|\"path\": \"old.git\", \"url\": \"file://$PWD/src\"|; s/registry.example/127.0.0.1:1/" fleet.json
cat >mapping.json <<END
[ { "human_commit": "$(printf %.10s "$C5")", "parent_commit": "$(printf %.10s "$C4")" } ]
END
echo "$C5" >human
