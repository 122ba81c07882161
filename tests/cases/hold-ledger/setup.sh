#!/bin/sh
. "$SRC/tests/small_fleet.sh"
"$GEN" --offline --engine buildah --json >plan 2>/dev/null
target=baseline-$(short "$C2")
input=$(sed -n "/\"$target\"/,/\"input\"/s/.*\"input\": \"\(.*\)\",*/\1/p" plan | head -n 1)
cat >out/failures.jsonl <<END
{"time":"2026-01-02T03:04:05Z","target":"$target","step":"image","class":"compile-error","line":"main.c:1:1: error: no","line_number":7,"log":"out/logs/$target/image.1.log","attempts":1,"jobs":4,"input":"$input","until":"input"}
{"torn
END
good_patch >01-right.patch
