#include "git/apply.h"

#include "git_fixture.h"

/* How a patch is made of what is staged. */
#define DIFF "git diff --cached --binary -M HEAD >../patch"

/* The same without git. */
#define PLAIN(options) \
	"cd ..; rm -rf old new; git -C r archive --prefix=old/ main | tar x;" \
	" git -C edit checkout-index -a --prefix=../new/;" \
	" diff " options " --no-dereference old new >patch || [ $? = 1 ]"

static const struct {
	const char *edit, *diff;
} changes[] = {
	{ "sed -i 's/two/TWO/' src/a.c", DIFF },
	{ "sed -i 's/two/TWO/; s/nine/NINE/' src/a.c", DIFF },
	{ "sed -i '1d' src/a.c", DIFF },
	{ "sed -i '$d' src/a.c", DIFF },
	{ "echo eleven >>src/a.c", DIFF },
	{ "printf more >>src/b.c", DIFF },			/* no newline, before and after */
	{ "printf '\\n' >>src/b.c", DIFF },
	{ "printf 'ten' >>src/a.c", DIFF },
	{ "sed -i 's/y/Y/' src/crlf.txt", DIFF },
	{ "printf 'x\\ny\\nz\\n' >src/crlf.txt", DIFF },
	{ "sed -i 's/caf/Caf/' docs/utf8.md", DIFF },
	{ "echo new >new; echo deep >src/n/e/w.c || { mkdir -p src/n/e; echo deep >src/n/e/w.c; }", DIFF },
	{ "printf new >new; chmod +x new", DIFF },
	{ "rm src/a.c", DIFF },
	{ "rm src/deep/er/d.cu", DIFF },			/* its folder goes with it */
	{ "rm docs/empty docs/bin", DIFF },
	{ "git mv src/a.c src/deep/moved.c", DIFF },
	{ "git mv src/a.c moved.c; sed -i 's/two/TWO/' moved.c", DIFF },
	{ "git mv run.sh go.sh", DIFF },			/* and is a program still */
	{ "chmod +x src/a.c", DIFF },
	{ "chmod -x run.sh; sed -i s/hi/ho/ run.sh", DIFF },
	{ "sed -i s/hi/ho/ run.sh", DIFF },
	{ "sed -i s/hi/ho/ run.sh", DIFF "; sed -i '/^index/d' ../patch" },
	{ "sed -i s/hi/ho/ run.sh", DIFF "; sed -i 's/100755/100644/' ../patch" },
	{ "printf 'a\\0b\\0d' >docs/bin", DIFF },
	{ "printf '\\0\\1\\2' >docs/bin2", DIFF },
	{ "ln -sf docs link", DIFF },
	{ "ln -s docs link2; rm link", DIFF },
	{ "rm run.sh; mkdir run.sh; echo x >run.sh/x", DIFF },	/* a folder in place of a file */
	{ "rm -r src/deep; echo x >src/deep", DIFF },		/* and the reverse */
	{ "echo x >'odd dir/sp ace'; echo y >'odd dir/caf\303\251'", DIFF },
	{ "sed -i 's/two/TWO/' src/a.c; rm run.sh; echo new >new", DIFF },
	{ "sed -i 's/two/TWO/' src/a.c", DIFF "; sed -i '1i some words before\\n' ../patch" },
	{ "sed -i 's/two/TWO/' src/a.c", "git diff --cached -U1 HEAD >../patch" },
	{ "sed -i 's/two/TWO/' src/a.c",
	  "git commit -qm 'A change'; git format-patch -1 --stdout >../patch" },
	{ "sed -i 's/two/TWO/' src/a.c",			/* two mails, one file */
	  "git commit -qm One; sed -i 's/TWO/zwei/; s/nine/neun/' src/a.c; echo n >new; chmod +x new;"
	  " git add -A; git commit -qm Two; sed -i s/n/m/ new; git commit -qam Three;"
	  " git format-patch -3 --stdout >../patch" },
	{ ": >src/__init__.py", DIFF },				/* ends with a header */
	{ ": >src/__init__.py; sed -i 's/two/TWO/' src/a.c",
	  "git commit -qm x; git format-patch -1 --stdout >../patch" },
	{ "chmod +x src/a.c src/b.c; : >new", DIFF },
	{ "sed -i 's/two/TWO/; s/ten/TEN/' src/a.c; echo x >>run.sh", PLAIN("-ru") },
	{ "sed -i 's/two/TWO/' src/a.c; printf new >new; rm src/deep/e.cu", PLAIN("-ruN") },
	{ "echo x >>'odd dir/sp ace'; echo 'y\"z' >'odd dir/q\"uote'", PLAIN("-ruN") },
	{ "sed -i 's/y/Y/' src/crlf.txt; printf more >>src/b.c", PLAIN("-ru") },
	{ "printf -- '-- gone\\n++ come\\n@@ -1 +1 @@\\n' >>src/a.c", PLAIN("-ru") },
	{ "sed -i 's/two/TWO/' src/a.c; echo x >>run.sh",		/* one with, one without */
	  DIFF "; sed -i '/^diff.*a.c/d; /^index/d' ../patch" },
	{ "sed -i 's/two/TWO/' src/a.c; echo x >>run.sh", DIFF "; sed -i '/^diff/d; /^index/d' ../patch" },
};

/* Shell text: make a new clone of "r" and go there.  A copy of a clone is there sooner than a clone. */
#define CLONE(name) \
	"[ -d clone ] || { git clone -q -s --template= r clone; git -C clone checkout -q --detach main; };" \
	" rm -rf " name "; cp -R clone " name "; cd " name ";"

/* Stage an edit of "r"s root in a work tree of its own; the tree that it makes. */
static struct tree_id
stage(const char *edit, const char *diff)
{
	sh(CLONE("edit") " { %s; } 2>/dev/null; git add -A; %s", edit, diff);
	struct tree_id id = { "" };
	memcpy(id.hex, output("git -C edit write-tree"), sizeof(id.hex));
	return id;
}

static void
a_patch_makes_the_tree_that_git_makes(void **state)
{
	(void)state;
	struct tree_id base = tree_of("r", "main");
	struct gitrepo *g = open_clone("r");
	for (size_t i = 0; i < ROWS(changes); i++) {
		struct tree_id want = stage(changes[i].edit, changes[i].diff), got;
		size_t len;
		const char *patch = file_text("patch", &len);
		struct error err = { 0 };
		if (patch_tree(&got, g, &base, patch, len, &err) <= 0)
			fail_msg("%s: %s", changes[i].edit, err.text);
		if (strcmp(got.hex, want.hex) != 0)
			fail_msg("%s: not the tree that git makes", changes[i].edit);
	}
	gitrepo_free(g);
}

static void
a_patched_tree_is_a_tree(void **state)
{
	(void)state;
	stage("sed -i 's/two/TWO/' src/a.c", DIFF);
	struct tree_id base = tree_of("r", "main"), once, twice;
	struct gitrepo *g = open_clone("r");
	struct error err = { 0 };
	size_t len;
	const char *text = file_text("patch", &len);
	assert_int_equal(patch_tree(&once, g, &base, text, len, &err), 1);
	assert_int_equal(gitrepo_read_file(&text, &len, g, &once, "src/a.c", &arena, &err), 1);
	assert_memory_equal(text, "one\nTWO\n", 8);

	stage("sed -i 's/two/TWO/' src/a.c; git commit -qam x; sed -i 's/ten/TEN/' src/a.c", DIFF);
	text = file_text("patch", &len);
	assert_int_equal(patch_tree(&twice, g, &once, text, len, &err), 1);
	assert_int_equal(gitrepo_read_file(&text, &len, g, &twice, "src/a.c", &arena, &err), 1);
	assert_non_null(strstr(text, "TWO"));
	assert_non_null(strstr(text, "TEN"));
	gitrepo_free(g);
}

/* How the file looks when the patch comes, and what the patch does. */
static const struct {
	const char *base, *edit;
} moves[] = {
	{ "sed -i '1i zero' src/a.c", "sed -i s/five/FIVE/ src/a.c" },
	{ "for i in 1 2 3 4 5 6 7 8 9; do sed -i '1i zero' src/a.c; done", "sed -i s/five/FIVE/ src/a.c" },
	{ "sed -i '1,2d' src/a.c", "sed -i s/seven/SEVEN/ src/a.c" },
	{ "sed -i '5d' src/a.c", "sed -i s/two/TWO/ src/a.c" },
	{ "cp src/a.c x; cat x >>src/a.c; rm x", "sed -i s/five/FIVE/ src/a.c" },	/* fits twice */
	{ "cp src/a.c x; cat x x x >>src/a.c; sed -i '1,12d' src/a.c; rm x", "sed -i s/five/FIVE/ src/a.c" },
	{ "sed -i '1i zero' src/a.c", "sed -i '1i first' src/a.c" },	/* only at the start */
	{ "sed -i '1i zero' src/a.c", "echo eleven >>src/a.c" },
	{ "echo eleven >>src/a.c", "echo eleven >>src/a.c" },		/* only at the end */
	{ "sed -i 's/four/vier/' src/a.c", "sed -i s/five/FIVE/ src/a.c" },
	{ "sed -i '5i new' src/a.c; sed -i '5i new' src/a.c", "sed -i 's/two/TWO/; s/nine/NINE/' src/a.c" },
	{ "sed -i '5i new' src/a.c; sed -i '5i new' src/a.c", "sed -i '/two/d; /nine/d' src/a.c" },
	{ "sed -i '1i zero' src/a.c; sed -i '1i zero' src/a.c", "sed -i '5d' src/a.c; git mv src/a.c b" },
	{ "sed -i 's/x/w/' src/crlf.txt", "sed -i 's/y/Y/' src/crlf.txt" },
	{ "echo >>src/b.c", "printf more >>src/b.c" },
	{ "sed -i s/two/2/ src/a.c", "rm src/a.c" },			/* not the file to remove */
	{ "sed -i '1i zero' src/a.c", "rm src/a.c" },
	{ "echo x >src/deep/e.cu", "rm src/deep/e.cu" },
	{ "printf 'a\\0b\\0d' >docs/bin", "rm docs/bin" },
	{ "printf 'a\\0b\\0d' >docs/bin", "printf 'a\\0b\\0e' >docs/bin" },
	{ "echo new >new", "echo new >new" },
	{ "chmod +x src/a.c", "sed -i s/five/FIVE/ src/a.c" },
	{ "chmod +x src/a.c", "sed -i s/five/FIVE/ src/a.c; chmod +x src/a.c" },
	{ "chmod +x src/a.c", "chmod +x src/a.c" },
	{ "rm src/a.c", "sed -i s/five/FIVE/ src/a.c" },
};

/* The tree that git makes of "changed" with the patch, "" if it refuses. */
static const char *
git_apply(void)
{
	return output("cd changed; { git apply --cached ../patch && git write-tree || :; } 2>/dev/null");
}

static void
a_hunk_is_found_where_git_finds_it(void **state)
{
	(void)state;
	size_t applied = 0;
	for (size_t i = 0; i < ROWS(moves); i++) {
		stage(moves[i].edit, DIFF);
		sh(CLONE("changed") " { %s; }; git add -A; git commit -qm x", moves[i].base);
		struct tree_id base = tree_of("changed", "HEAD"), got = { "" };
		struct gitrepo *g = open_clone("changed");
		struct error err = { 0 };
		size_t len;
		const char *patch = file_text("patch", &len), *want = git_apply();
		patch_tree(&got, g, &base, patch, len, &err);
		if (*want && strcmp(want, base.hex) == 0)
			assert_string_equal(err.text, "p: changes nothing");
		else if (strcmp(got.hex, want) != 0)
			fail_msg("%s, %s: %s, git: %s", moves[i].base, moves[i].edit,
			         *got.hex ? got.hex : err.text, *want ? want : "refuses");
		applied += *want != '\0';
		gitrepo_free(g);
	}
	assert_in_range(applied, 10, ROWS(moves) - 5);
}

#define FILE_A(hunks) "diff --git a/src/a.c b/src/a.c\n--- a/src/a.c\n+++ b/src/a.c\n" hunks

static void
a_patch_that_does_not_fit_says_where(void **state)
{
	(void)state;
	static const struct { const char *patch, *want; } rows[] = {
		{ "", "p: No valid patches in input (allow with \"--allow-empty\")" },
		{ "\n\n\n", "p: No valid patches in input (allow with \"--allow-empty\")" },
		{ "this is no patch\n", "p: No valid patches in input (allow with \"--allow-empty\")" },
		{ FILE_A("@@ -1,3 +1,3 @@\n one\n-2\n+TWO\n three\n"),
		  "p: patch failed: src/a.c:1" },
		{ FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n@@ -8,3 +8,3 @@ text\n eight\n-9\n+NINE\n ten\n"),
		  "p: patch failed: src/a.c:8" },
		{ FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n")
		  "diff --git a/run.sh b/run.sh\n--- a/run.sh\n+++ b/run.sh\n@@ -2 +2 @@\n-echo ho\n+echo hi\n",
		  "p: patch failed: run.sh:2" },
		{ "diff --git a/no b/no\n--- a/no\n+++ b/no\n@@ -1 +1 @@\n-a\n+b\n",
		  "p: no: does not exist in index" },
		{ "diff --git a/src b/src\n--- a/src\n+++ b/src\n@@ -1 +1 @@\n-a\n+b\n",
		  "p: src: does not exist in index" },
		{ "diff --git a/no b/no\ndeleted file mode 100644\n--- a/no\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
		  "p: no: does not exist in index" },
		{ "diff --git a/run.sh b/run.sh\nnew file mode 100644\n--- /dev/null\n+++ b/run.sh\n@@ -0,0 +1 @@\n+b\n",
		  "p: run.sh: already exists in index" },
		{ "diff --git a/run.sh b/side\nsimilarity index 100%\nrename from run.sh\nrename to side\n",
		  "p: side: already exists in index" },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id base = tree_of("r", "main"), out = { "untouched" };
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct error err = { 0 };
		assert_int_equal(patch_tree(&out, g, &base, rows[i].patch, strlen(rows[i].patch), &err), 0);
		assert_string_equal(err.text, rows[i].want);
		assert_string_equal(out.hex, "untouched");
	}
	gitrepo_free(g);
}

/* Git words these; that they are refused, and under which name, is ours. */
static void
a_broken_patch_is_refused(void **state)
{
	(void)state;
	static const char *rows[] = {
		FILE_A("@@ -1,3 +1,3 @@\n one\n-two\n"),				/* cut off */
		FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n"),
		FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n two"),			/* no last newline */
		FILE_A("@@ -x,3 +1,3 @@\n one\n-two\n+TWO\n three\n"),
		"diff --git a/docs/bin b/docs/bin\nBinary files a/docs/bin and b/docs/bin differ\n",
		"diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+b\n",
		"diff --git a/.git/x b/.git/x\nnew file mode 100644\n--- /dev/null\n+++ b/.git/x\n@@ -0,0 +1 @@\n+b\n",
		"diff --git a/run.sh/x b/run.sh/x\nnew file mode 100644\n--- /dev/null\n+++ b/run.sh/x\n@@ -0,0 +1 @@\n+b\n",
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id base = tree_of("r", "main"), out;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct error err = { 0 };
		if (patch_tree(&out, g, &base, rows[i], strlen(rows[i]), &err) != 0)
			fail_msg("accepted: %s", rows[i]);
		assert_memory_equal(err.text, "p: ", 3);
	}
	gitrepo_free(g);
}

/* Everything in a folder: names, sizes, modes, times, targets of links. */
static const char *
listing(const char *folder)
{
	return output("find %s -printf '%%p %%s %%m %%T@ %%C@ %%l\\n' | sort", folder);
}

static void
a_clone_is_as_it_was(void **state)
{
	(void)state;
	/* Packed, and all of it long ago: what is freshened gets a new time. */
	sh("rm -rf kept; git clone -q --bare r kept; git -C kept repack -qad;"
	   "find kept -exec touch -h -d @1600000000 {} +; chmod -R a-w kept");
	stage("sed -i 's/two/TWO/' src/a.c; printf new >new; git mv run.sh go.sh", DIFF);
	size_t len;
	const char *text = file_text("patch", &len), *before = listing("kept");

	struct gitrepo *g = open_clone("kept");
	struct tree_id base = tree_of("r", "main"), patched, root = tree_of("r", "root"), back;
	struct error err = { 0 };
	struct str diff = { 0 };
	assert_int_equal(patch_tree(&patched, g, &base, text, len, &err), 1);
	/* One whose outcome the clone has already: the same blob, the same tree. */
	text = arena_printf(&arena, "%s\n", output("git -C r diff main root -- side"));
	assert_int_equal(patch_tree(&back, g, &base, text, strlen(text), &err), 1);
	assert_int_equal(gitrepo_entry_id(&patched, g, &patched, "src/a.c", &err), 1);
	text = "diff --git a/src/b.c b/src/b.c\n--- a/src/b.c\n+++ b/src/b.c\n@@ -1 +1 @@\n"
	       "-no newline\n\\ No newline at end of file\n+d\n\\ No newline at end of file\n";
	assert_int_equal(patch_tree(&back, g, &root, text, strlen(text), &err), 1);
	assert_int_equal(gitrepo_diff_text(&diff, "x", 0100644, "a", 1, "b", 1, &err), 0);
	struct commit_id id = commit_of("r", "main"), none;
	struct commit_info info;
	assert_int_equal(gitrepo_commit_info(&info, g, &id, &arena, &err), 0);
	assert_int_equal(gitrepo_resolve(&none, g, "0000000", &err), 0);
	gitrepo_free(g);
	str_dispose(&diff);

	assert_string_equal(listing("kept"), before);
	sh("git -C kept cat-file -e %s && exit 1 || :", patched.hex);
}

static const struct {
	const char *path;
	unsigned mode;
	const char *old, *new;
} texts[] = {
	{ "f", 0100644, "a\nb\nc\n", "a\nB\nc\n" },
	{ "f", 0100755, "#!/bin/sh\n", "#!/bin/dash\n" },
	{ "f", 0100644, "a", "b" },
	{ "f", 0100644, "a", "a\n" },
	{ "f", 0100644, "a\n", "a" },
	{ "f", 0100644, "a\nb", "a\nc" },
	{ "f", 0100644, "", "a\n" },
	{ "f", 0100644, "a\n", "" },
	{ "f", 0100644, "x\r\ny\r\nz\r\n", "x\r\nY\r\nz\r\n" },
	{ "f", 0100644, "x\r\ny\n", "x\ny\r\n" },
	{ "f", 0100644, "x\r", "y\r" },
	{ "f", 0100644, "caf\xc3\xa9\n", "cafe\xcc\x81\n" },
	{ "f", 0100644, "caf\xe9\n", "cafe\n" },			/* no UTF-8 */
	{ "f", 0100755, "nul\n@", "n@l\n@" },				/* '@' becomes a NUL byte */
	{ "f", 0100644, "-- a\n++ b\n@@ -1 +1 @@\n", "-- a\n++ c\n@@ -2 +2 @@\n" },
	{ "f", 0100644, "diff --git a/f b/f\nx\n", "diff --git a/g b/g\nx\n" },
	{ "f", 0100644, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "0\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n13\n" },
	{ "a/b c/d", 0100644, "1\n", "2\n" },
	{ "caf\xc3\xa9", 0100644, "1\n", "2\n" },
	{ "q\"uo\\te\ttab", 0100644, "1\n", "2\n" },
};

static char *
with_nuls(const char *text, size_t len)
{
	char *copy = arena_copy(&arena, text, len);
	for (char *at = copy; (at = memchr(at, '@', (size_t)(copy + len - at))); )
		if (strncmp(at, "@@", 2) == 0)
			at += 2;
		else if (at > copy && at[-1] == '@')
			at++;
		else
			*at = '\0';
	return copy;
}

static void
write_file(const char *path, const char *text, size_t len, unsigned mode)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
	assert_int_equal(chmod(path, mode & 0777), 0);
}

static void
a_diff_is_a_patch_for_git_and_for_us(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(texts); i++) {
		size_t old_len = strlen(texts[i].old), new_len = strlen(texts[i].new), len;
		const char *old = with_nuls(texts[i].old, old_len), *new = with_nuls(texts[i].new, new_len);
		sh("rm -rf d; git init -q -b main d; mkdir -p 'd/a/b c'");
		const char *path = arena_printf(&arena, "d/%s", texts[i].path);
		write_file(path, old, old_len, texts[i].mode);
		sh("cd d; git add -A; git commit -qm x");

		struct str diff = { 0 };
		struct error err = { 0 };
		assert_int_equal(gitrepo_diff_text(&diff, texts[i].path, texts[i].mode, old, old_len,
		                                   new, new_len, &err), 0);
		write_file("patch", diff.data, diff.len, 0644);
		assert_string_equal(output("git -C d apply --index ../patch 2>&1"), "");
		const char *got = file_text(path, &len);
		assert_int_equal(len, new_len);
		assert_memory_equal(got, new, len);

		struct gitrepo *g = open_clone("d");
		struct tree_id base = tree_of("d", "main"), tree;
		if (patch_tree(&tree, g, &base, diff.data, diff.len, &err) <= 0)
			fail_msg("%s", err.text);
		assert_string_equal(tree.hex, output("git -C d write-tree"));
		gitrepo_free(g);
		str_dispose(&diff);
	}
}

static void
no_difference_is_no_diff(void **state)
{
	(void)state;
	struct str diff = { 0 };
	struct error err = { 0 };
	assert_int_equal(gitrepo_diff_text(&diff, "x", 0100644, "a\n", 2, "a\n", 2, &err), 0);
	assert_int_equal(gitrepo_diff_text(&diff, "x", 0100644, "", 0, "", 0, &err), 0);
	assert_int_equal(diff.len, 0);
	assert_int_equal(gitrepo_diff_text(&diff, "x", 0100755, "a\n", 2, "b\n", 2, &err), 0);
	assert_string_equal(str_text(&diff), "diff --git a/x b/x\nindex 7898192..6178079 100755\n"
	                                     "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n");
	str_dispose(&diff);
}

GROUP(test_apply)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_patch_makes_the_tree_that_git_makes),
		cmocka_unit_test(a_patched_tree_is_a_tree),
		cmocka_unit_test(a_hunk_is_found_where_git_finds_it),
		cmocka_unit_test(a_patch_that_does_not_fit_says_where),
		cmocka_unit_test(a_broken_patch_is_refused),
		cmocka_unit_test(a_clone_is_as_it_was),
		cmocka_unit_test(a_diff_is_a_patch_for_git_and_for_us),
		cmocka_unit_test(no_difference_is_no_diff),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
