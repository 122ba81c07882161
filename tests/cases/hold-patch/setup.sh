#!/bin/sh
. "$SRC/tests/small_fleet.sh"
mkdir -p "patches/$(short "$C2")"
cat >"patches/$(short "$C2")/01-wrong.patch" <<'END'
--- a/main.py
+++ b/main.py
@@ -1 +1 @@
-print("nine")
+print("ten")
END
