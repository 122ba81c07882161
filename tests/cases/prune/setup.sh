mkdir -p out/recipes out/stamps out/settings out/sources out/logs out/contexts/aaaaaaaaaaaa/source
echo engine=buildah >out/settings/fleet
for id in aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc; do
	printf '%s\n' "id=$id" "local=stampmill-x:baseline-$id" input=sha256:1 >out/recipes/baseline-$id
	echo tar >out/sources/$id.tar
	mkdir -p out/logs/baseline-$id
done
# a is verified; b is verified, but its input has changed since; c is not
printf '%s\n' step=verify target=baseline-aaaaaaaaaaaa input=sha256:1 >out/stamps/baseline-aaaaaaaaaaaa.verify
printf '%s\n' step=verify target=baseline-bbbbbbbbbbbb input=sha256:0 >out/stamps/baseline-bbbbbbbbbbbb.verify
echo c >out/contexts/aaaaaaaaaaaa/source/main.c
for log in image.1 image.2 image.10 verify.3 image.notes; do
	echo log >out/logs/baseline-aaaaaaaaaaaa/$log.log
done
echo log >out/logs/baseline-bbbbbbbbbbbb/image.1.log
echo log >out/logs/baseline-bbbbbbbbbbbb/image.2.log
echo '{"time":"2026-11-24T05:00:00Z","target":"baseline-bbbbbbbbbbbb","step":"image","class":"oom","until":"input","log":"out/logs/baseline-bbbbbbbbbbbb/image.1.log"}' >out/failures.jsonl
