#include "git/patch_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/str.h"

#define GIT(name) "diff --git a/" name " b/" name "\n"
#define NAMES(name) "--- a/" name "\n+++ b/" name "\n"
#define HUNK "@@ -1 +1 @@\n-a\n+b\n"
#define END "-- \n"

static void
a_patch_is_completed(void **state)
{
	(void)state;
	static const struct { const char *text, *want; } rows[] = {
		{ "", "" },
		{ "words\n", "words\n" },
		{ "words", "words\n" },
		{ GIT("x") NAMES("x") HUNK, GIT("x") NAMES("x") HUNK },
		{ GIT("x") NAMES("x") HUNK GIT("y") NAMES("y") HUNK,
		  GIT("x") NAMES("x") HUNK GIT("y") NAMES("y") HUNK },

		/* Without git. */
		{ NAMES("x") HUNK, GIT("x") NAMES("x") HUNK },
		{ "Index: x\n=====\n" NAMES("x") HUNK, "Index: x\n=====\n" GIT("x") NAMES("x") HUNK },
		{ "diff -ru old/d/x new/d/x\n--- old/d/x\t2024-01-01 10:00:00.0 +0100\n"
		  "+++ new/d/x\t2024-01-01 10:00:00.0 +0100\n" HUNK,
		  "diff -ru old/d/x new/d/x\n" GIT("d/x") NAMES("d/x") HUNK },
		{ "--- old/x y\t\n+++ new/x y\t\n" HUNK,
		  "diff --git \"a/x y\" \"b/x y\"\n--- \"a/x y\"\n+++ \"b/x y\"\n" HUNK },
		{ "--- \"old/\\303\\251\"\n+++ \"new/\\303\\251\"\n" HUNK,
		  "diff --git \"a/\\303\\251\" \"b/\\303\\251\"\n--- \"a/\\303\\251\"\n+++ \"b/\\303\\251\"\n" HUNK },
		{ "--- x.orig\n+++ x\n" HUNK, "--- x.orig\n+++ x\n" HUNK },	/* no folder to lose */
		{ GIT("x") NAMES("x") HUNK NAMES("y") HUNK,
		  GIT("x") NAMES("x") HUNK GIT("y") NAMES("y") HUNK },
		{ NAMES("x") HUNK NAMES("x") HUNK,
		  GIT("x") NAMES("x") HUNK GIT("x") NAMES("x") HUNK },
		{ "--- a/x\r\n+++ b/x\r\n" HUNK, GIT("x") NAMES("x") HUNK },

		/* Files that come and go. */
		{ "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n",
		  GIT("x") "new file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n" },
		{ "--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n",
		  GIT("x") "deleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n" },
		{ "--- a/x\t1970-01-01 01:00:00.000000000 +0100\n+++ b/x\t2024-01-01 01:00:00.0 +0100\n@@ -0,0 +1 @@\n+b\n",
		  GIT("x") "new file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n" },
		{ "--- a/x\t1970-01-01 01:00:01.0 +0100\n+++ b/x\n" HUNK, GIT("x") NAMES("x") HUNK },

		/* Lines of a hunk are no headers. */
		{ GIT("x") NAMES("x") "@@ -1,2 +1,2 @@\n--- a/y\n+++ b/y\n @@ -1 +1 @@\n",
		  GIT("x") NAMES("x") "@@ -1,2 +1,2 @@\n--- a/y\n+++ b/y\n @@ -1 +1 @@\n" },
		{ NAMES("x") "@@ -1,2 +1 @@\n--- a/y\n-- b\n+++ b/z\n" NAMES("y") HUNK,
		  GIT("x") NAMES("x") "@@ -1,2 +1 @@\n--- a/y\n-- b\n+++ b/z\n" GIT("y") NAMES("y") HUNK },
		{ NAMES("x") "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
		  GIT("x") NAMES("x") "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n" },

		/* A header alone has something behind it. */
		{ GIT("x") "new file mode 100644\nindex 0000000..e69de29\n",
		  GIT("x") "new file mode 100644\nindex 0000000..e69de29\n" END },
		{ GIT("x") "old mode 100644\nnew mode 100755\n" GIT("y") NAMES("y") HUNK,
		  GIT("x") "old mode 100644\nnew mode 100755\n" END GIT("y") NAMES("y") HUNK },
		{ GIT("x") NAMES("x") "@@ -1 +1 @@\n-a\n+b", GIT("x") NAMES("x") HUNK },
		{ GIT("x") "new file mode 100644", GIT("x") "new file mode 100644\n" END },

		/* Hunks that are cut off, or are none. */
		{ GIT("x") NAMES("x") "@@ -1,3 +1,3 @@\n-a\n" GIT("y") NAMES("y") HUNK,
		  GIT("x") NAMES("x") "@@ -1,3 +1,3 @@\n-a\n" GIT("y") NAMES("y") HUNK },
		{ "@@ -99999999999999999999 +1 @@\n", "@@ -99999999999999999999 +1 @@\n" },
		{ "--- a/x\n+++ b/x", "--- a/x\n+++ b/x\n" },
		{ "--- \n+++ \n@@ -1 +1 @@\n", "--- \n+++ \n@@ -1 +1 @@\n" },
		{ "--- /dev/null\n+++ /dev/null\n" HUNK, "--- /dev/null\n+++ /dev/null\n" HUNK },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		patch_text_complete(&out, rows[i].text, strlen(rows[i].text));
		assert_string_equal(str_text(&out), rows[i].want);

		/* What is complete stays as it is. */
		struct str again = { 0 };
		patch_text_complete(&again, str_text(&out), out.len);
		if (!strstr(rows[i].want, END))
			assert_string_equal(str_text(&again), rows[i].want);
		str_dispose(&again);
		str_dispose(&out);
	}
}

static void
hunks_are_moved(void **state)
{
	(void)state;
	static const struct hunk_start starts[] = { { 7, 8 }, { 100, 99 } };
	static const char text[] =
		"words\n" GIT("x") NAMES("x")
		"@@ -1,2 +1 @@ func()\n @@ -1 +1 @@\n-a\n"
		GIT("y") NAMES("y") "@@ -5 +4 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n+b\n";
	static const char want[] =
		"words\n" GIT("x") NAMES("x")
		"@@ -7,2 +8,1 @@ func()\n @@ -1 +1 @@\n-a\n"
		GIT("y") NAMES("y") "@@ -100,1 +99,1 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n+b\n";
	struct str out = { 0 };
	patch_text_move_hunks(&out, text, sizeof(text) - 1, starts, 2);
	assert_string_equal(str_text(&out), want);
	str_dispose(&out);
}

GROUP(test_patch_text)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_patch_is_completed),
		cmocka_unit_test(hunks_are_moved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
