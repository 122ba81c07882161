#include "git/gitrepo.h"

#include "git_fixture.h"

static void
any_kind_of_clone_is_opened(void **state)
{
	(void)state;
	sh("git clone -q --bare r bare.git; git -C r worktree add -q --detach ../tree;"
	   "git clone -q --depth=1 \"file://$PWD/r\" shallow; git clone -q r partial;"
	   "git -C partial config core.repositoryformatversion 1;"
	   "git -C partial config extensions.partialClone origin");
	static const struct { const char *path, *objects; } rows[] = {
		{ "r", "r/.git/objects" },
		{ "r/.git", "r/.git/objects" },
		{ "bare.git", "bare.git/objects" },
		{ "tree", "r/.git/objects" },
		{ "shallow", "shallow/.git/objects" },
		{ "partial", "partial/.git/objects" },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct gitrepo *g = open_clone(rows[i].path);
		struct commit_id id, want = commit_of("r", "main");
		struct error err = { 0 };
		assert_string_equal(gitrepo_objects_path(g), output("realpath %s", rows[i].objects));
		assert_int_equal(gitrepo_resolve(&id, g, want.hex, &err), 1);
		gitrepo_free(g);
	}
	sh("git -C r worktree remove tree");
}

static void
what_is_no_clone_is_said(void **state)
{
	(void)state;
	sh("mkdir -p empty; : >file");
	static const struct { const char *path, *want; } rows[] = {
		{ "nothing", "nothing: No such file or directory" },
		{ "empty", "empty: is not a git repository" },
		{ "file", "file: is not a git repository" },
		{ "r/src", "r/src: is not a git repository" },	/* the one above is not taken */
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct gitrepo *g;
		struct error err = { 0 };
		assert_int_equal(gitrepo_open(&g, rows[i].path, &err), -1);
		assert_string_equal(err.text, rows[i].want);
	}
}

static void
a_clone_of_another_user_is_opened(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root can give a clone away\n");
		skip();
	}
	sh("git clone -q --bare r foreign; chown -R 65534:65534 foreign");
	gitrepo_free(open_clone("foreign"));
}

/* ---- commits ---- */

static void
a_prefix_finds_its_commit(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct commit_id want = commit_of("r", "root"), id;
	struct error err = { 0 };

	for (size_t len = 4; len <= COMMIT_ID_HEX; len++) {
		char prefix[COMMIT_ID_HEX + 1];
		snprintf(prefix, sizeof(prefix), "%.*s", (int)len, want.hex);
		assert_int_equal(gitrepo_resolve(&id, g, prefix, &err), 1);
		assert_string_equal(id.hex, want.hex);
	}
	static const struct { const char *what; int want; } rows[] = {
		{ "rev-parse root:run.sh", 0 },			/* a file is no commit */
		{ "rev-parse 'root^{tree}'", 0 },
		{ "rev-parse tagged", 0 },			/* nor is a tag object */
		{ "rev-parse 'tagged^{commit}'", 1 },
		{ "rev-parse main | tr a-f A-F", 1 },
		{ "rev-parse main | tr 0-9a-f 1-9a-f0", 0 },	/* nothing */
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(gitrepo_resolve(&id, g, output("git -C r %s", rows[i].what), &err),
		                 rows[i].want);
	assert_string_equal(err.text, "");
	assert_int_equal(gitrepo_resolve(&id, g, "abc", &err), -1);
	assert_string_equal(err.text, "\"abc\" is not 4 to 40 hex digits");
	gitrepo_free(g);
}

static void
a_damaged_commit_is_not_a_missing_one(void **state)
{
	(void)state;
	sh("git clone -q --bare --no-local r damaged; cd damaged; mv objects/pack pack; mkdir objects/pack;"
	   "for p in pack/*.pack; do git unpack-objects -q <$p; done; id=$(git rev-parse main);"
	   "f=objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-); chmod u+w $f; echo no >$f");
	struct gitrepo *g = open_clone("damaged");
	struct commit_id id, want = commit_of("r", "main");
	struct error err = { 0 };
	assert_int_equal(gitrepo_resolve(&id, g, want.hex, &err), -1);
	assert_non_null(strstr(err.text, want.hex));
	gitrepo_free(g);
}

/* 1,500 commits and as many files: some of their ids start with the same four digits. */
static void
make_crowd(void)
{
	if (access("crowd", F_OK) == 0)
		return;
	sh("git init -q --bare crowd;"
	   "i=0; while [ $i -lt 1500 ]; do i=$((i+1));"
	   " printf 'commit refs/heads/main\\ncommitter C <c@example.org> %%d +0000\\n' $((1700000000+i));"
	   " printf 'data 1\\nx\\nM 100644 inline f\\ndata %%d\\n%%s\\n' ${#i} $i; done"
	   " | git -C crowd fast-import --quiet;"
	   "git -C crowd cat-file --batch-all-objects --batch-check='%%(objectname) %%(objecttype)'"
	   " >crowd.txt");
}

static void
an_ambiguous_prefix_lists_the_commits(void **state)
{
	(void)state;
	make_crowd();
	/* Two commits, and a prefix that they share with nothing else. */
	const char *pair = output(
		"awk '{ p = substr($1, 1, 4); n[p]++; if ($2 == \"commit\") { c[p]++; ids[p] = ids[p] \" \" $1 } }"
		" END { for (p in c) if (c[p] == 2) print p ids[p] }' crowd.txt | sort | sed -n 1p");
	char prefix[5], first[41], second[41];
	assert_int_equal(sscanf(pair, "%4s %40s %40s", prefix, first, second), 3);

	struct gitrepo *g = open_clone("crowd");
	struct commit_id id;
	struct error err = { 0 };
	assert_int_equal(gitrepo_resolve(&id, g, prefix, &err), -1);
	assert_string_equal(err.text, arena_printf(&arena, "\"%s\" is ambiguous: %s, %s", prefix,
	                                           first, second));
	gitrepo_free(g);
}

static void
only_commits_make_a_prefix_ambiguous(void **state)
{
	(void)state;
	make_crowd();
	/* Prefixes of one commit and of something else too. */
	const char *rows = output(
		"awk '{ p = substr($1, 1, 4); n[p]++; if ($2 == \"commit\") { c[p]++; id[p] = $1 } }"
		" END { for (p in c) if (c[p] == 1 && n[p] > 1) print p, id[p] }' crowd.txt");
	struct gitrepo *g = open_clone("crowd");
	size_t n = 0;
	for (const char *row = rows; row && *row; n++) {
		char prefix[5], want[41];
		struct commit_id id;
		struct error err = { 0 };
		assert_int_equal(sscanf(row, "%4s %40s", prefix, want), 2);
		assert_int_equal(gitrepo_resolve(&id, g, prefix, &err), 1);
		assert_string_equal(id.hex, want);
		row = strchr(row, '\n');
		row = row ? row + 1 : NULL;
	}
	assert_true(n > 10);

	/* And of two things, none of them a commit. */
	const char *none = output(
		"awk '{ p = substr($1, 1, 4); n[p]++; if ($2 == \"commit\") c[p]++ }"
		" END { for (p in n) if (!c[p] && n[p] > 1) print p }' crowd.txt | sort | sed -n 1p");
	struct commit_id id;
	struct error err = { 0 };
	assert_int_equal(gitrepo_resolve(&id, g, none, &err), 0);
	gitrepo_free(g);
}

static void
a_commit_tells_about_itself(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct commit_info info;
	struct error err = { 0 };

	struct commit_id root = commit_of("r", "root"), merge = commit_of("r", "main");
	assert_int_equal(gitrepo_commit_info(&info, g, &root, &arena, &err), 0);
	assert_string_equal(info.tree.hex, tree_of("r", "root").hex);
	assert_string_equal(info.first_parent.hex, "");
	assert_int_equal(info.n_parents, 0);
	assert_int_equal(info.time_s, 1700000100);
	assert_string_equal(info.subject, "First subject");

	assert_int_equal(gitrepo_commit_info(&info, g, &merge, &arena, &err), 0);
	assert_int_equal(info.n_parents, 2);
	assert_string_equal(info.first_parent.hex, commit_of("r", "main^").hex);

	struct commit_id none = { "00112233445566778899aabbccddeeff00112233" };
	assert_int_equal(gitrepo_commit_info(&info, g, &none, &arena, &err), -1);
	assert_memory_equal(err.text, "commit 00112233445566778899aabbccddeeff00112233: ", 49);
	gitrepo_free(g);
}

static void
descent_is_known(void **state)
{
	(void)state;
	sh("git clone -q --depth=1 \"file://$PWD/r\" shallow2");
	static const struct { const char *repo, *ancestor, *of; int want; } rows[] = {
		{ "r", "root", "main", 1 },
		{ "r", "main", "main", 1 },
		{ "r", "main", "root", 0 },
		{ "r", "side", "main", 1 },
		{ "r", "main^", "side", 0 },
		{ "r", "side", "main^", 0 },
		{ "r", "root", "side", 1 },
		{ "shallow2", "main", "main", 1 },
		{ "shallow2", "root", "main", 0 },	/* beyond where it was cut off */
	};
	struct error err = { 0 };
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct gitrepo *g = open_clone(rows[i].repo);
		struct commit_id a = commit_of("r", rows[i].ancestor), b = commit_of("r", rows[i].of);
		for (int again = 0; again < 2; again++)
			assert_int_equal(gitrepo_is_ancestor(g, &a, &b, &err), rows[i].want);
		gitrepo_free(g);
	}

	struct gitrepo *g = open_clone("r");
	struct commit_id none = { "00112233445566778899aabbccddeeff00112233" };
	struct commit_id main_id = commit_of("r", "main");
	assert_int_equal(gitrepo_is_ancestor(g, &none, &main_id, &err), 0);
	assert_int_equal(gitrepo_is_ancestor(g, &main_id, &none, &err), -1);
	gitrepo_free(g);
}

static void
the_nearest_tag_is_found(void **state)
{
	(void)state;
	sh("rm -rf tags; git clone -q r tags; cd tags; git tag -d root tagged >/dev/null; git tag v1 main^;"
	   "git tag -a -m x v0 main^1^; git tag other main; git tag vtree 'main^{tree}';"
	   "git update-ref refs/stampmill/tags/w9 main; git tag v0.1 main^");
	static const struct { const char *of, *prefix, *want; } rows[] = {
		{ "main", "v", "v1" },		/* the greatest of those on one commit */
		{ "main", "v0", "v0.1" },
		{ "main", "o", "other" },
		{ "main", "w", "w9" },
		{ "main", "", "w9" },
		{ "main^", "v", "v1" },
		{ "root", "v", "v0" },
		{ "side", "v", "v0" },
		{ "root", "o", NULL },
		{ "main", "none", NULL },
		{ "main", "vt", NULL },
	};
	struct gitrepo *g = open_clone("tags");
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct commit_id id = commit_of("r", rows[i].of);
		const char *tag = NULL;
		struct error err = { 0 };
		assert_int_equal(gitrepo_nearest_tag(&tag, g, &id, rows[i].prefix, &arena, &err),
		                 rows[i].want != NULL);
		if (rows[i].want)
			assert_string_equal(tag, rows[i].want);
	}
	gitrepo_free(g);
}

/* ---- trees ---- */

static void
files_of_a_tree_are_read(void **state)
{
	(void)state;
	static const struct { const char *path; int want; const char *text; size_t len; } rows[] = {
		{ "run.sh", 1, "#!/bin/sh\necho hi\n", 18 },
		{ "src/deep/er/d.cu", 1, "d", 1 },
		{ "odd dir/sp ace", 1, "q", 1 },
		{ "docs/bin", 1, "a\0b\0c", 5 },
		{ "docs/empty", 1, "", 0 },
		{ "src", 0, NULL, 0 },			/* a folder */
		{ "link", 0, NULL, 0 },
		{ "sub", 0, NULL, 0 },			/* a submodule */
		{ "run.sh/x", 0, NULL, 0 },
		{ "src/none", 0, NULL, 0 },
		{ "src//a.c", 0, NULL, 0 },
		{ "/src/a.c", 0, NULL, 0 },
		{ "src/../run.sh", 0, NULL, 0 },
		{ "", 0, NULL, 0 },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root");
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *text;
		size_t len;
		struct error err = { 0 };
		assert_int_equal(gitrepo_read_file(&text, &len, g, &tree, rows[i].path, &arena, &err),
		                 rows[i].want);
		if (!rows[i].want)
			continue;
		assert_int_equal(len, rows[i].len);
		assert_memory_equal(text, rows[i].text, len + 1);
	}
	unsigned mode;
	assert_int_equal(gitrepo_file_mode(&mode, g, &tree, "run.sh", NULL), 1);
	assert_int_equal(mode, 0100755);
	assert_int_equal(gitrepo_file_mode(&mode, g, &tree, "src/a.c", NULL), 1);
	assert_int_equal(mode, 0100644);
	assert_int_equal(gitrepo_file_mode(&mode, g, &tree, "link", NULL), 0);
	gitrepo_free(g);
}

static void
entries_have_ids(void **state)
{
	(void)state;
	static const char *paths[] = { "run.sh", "src", "src/deep", "src/deep/e.cu", "link", "sub" };
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root"), id;
	struct error err = { 0 };
	for (size_t i = 0; i < ROWS(paths); i++) {
		assert_int_equal(gitrepo_entry_id(&id, g, &tree, paths[i], &err), 1);
		assert_string_equal(id.hex, output("git -C r rev-parse root:%s", paths[i]));
	}
	assert_int_equal(gitrepo_entry_id(&id, g, &tree, "none", &err), 0);
	assert_string_equal(id.hex, "");

	/* A tree that ought to be there is not "no such file". */
	struct tree_id none = { "00112233445566778899aabbccddeeff00112233" };
	assert_int_equal(gitrepo_entry_id(&id, g, &none, "run.sh", &err), -1);
	gitrepo_free(g);
}

static void
a_clone_that_lacks_objects_is_not_a_tree_that_lacks_files(void **state)
{
	(void)state;
	sh("cp -r r hole; cd hole; id=$(git rev-parse root:src/deep); rm -f .git/objects/${id%%??????????????????????????????????????}/${id#??}");
	struct gitrepo *g = open_clone("hole");
	struct tree_id tree = tree_of("r", "root"), id;
	struct error err = { 0 };
	const char **paths;
	size_t n;
	assert_int_equal(gitrepo_entry_id(&id, g, &tree, "src/deep/e.cu", &err), -1);
	assert_non_null(strstr(err.text, "tree "));
	assert_int_equal(gitrepo_entry_id(&id, g, &tree, "src/a.c", &err), 1);
	assert_int_equal(gitrepo_glob(&paths, &n, g, &tree, "*.cu", &arena, &err), -1);
	gitrepo_free(g);
}

static void
globs_find_files(void **state)
{
	(void)state;
	static const struct { const char *glob, *want; } rows[] = {
		{ "run.sh", "run.sh " },
		{ "none", "" },
		{ "run.sh/x", "" },
		{ "src/deep", "src/deep/e.cu src/deep/er/d.cu " },
		{ "src/deep/", "src/deep/e.cu src/deep/er/d.cu " },
		{ "*.cu", "src/deep/e.cu src/deep/er/d.cu " },	/* '*' stands for '/' too */
		{ "src/*.cu", "src/deep/e.cu src/deep/er/d.cu " },
		{ "src/deep/e*", "src/deep/e.cu src/deep/er/d.cu " },
		{ "src/?.c", "src/a.c src/b.c " },
		{ "src/[b-z].c", "src/b.c " },
		{ "requirements*.txt", "requirements-cuda.txt requirements.txt " },
		{ "req*", "requirements-cuda.txt requirements.txt " },
		{ "**/d.cu", "src/deep/er/d.cu " },
		{ "SRC/*", "" },
		{ "l*", "link " },
		{ "su*", "sub " },
		{ "odd dir/*", "odd dir/sp ace " },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root");
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char **paths;
		size_t n;
		struct error err = { 0 };
		struct str got = { 0 };
		assert_int_equal(gitrepo_glob(&paths, &n, g, &tree, rows[i].glob, &arena, &err), 0);
		for (size_t k = 0; k < n; k++)
			str_addf(&got, "%s ", paths[k]);
		assert_string_equal(str_text(&got), rows[i].want);
		str_dispose(&got);
	}
	static const char *refused[] = { "", "!src", "#src", "/src", "/" };
	for (size_t i = 0; i < ROWS(refused); i++) {
		const char **paths;
		size_t n;
		struct error err = { 0 };
		assert_int_equal(gitrepo_glob(&paths, &n, g, &tree, refused[i], &arena, &err), -1);
		assert_string_equal(err.text,
		                    arena_printf(&arena, "\"%s\" is not a path or a pattern", refused[i]));
	}
	gitrepo_free(g);
}

GROUP(test_gitrepo)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_kind_of_clone_is_opened),
		cmocka_unit_test(what_is_no_clone_is_said),
		cmocka_unit_test(a_clone_of_another_user_is_opened),
		cmocka_unit_test(a_prefix_finds_its_commit),
		cmocka_unit_test(a_damaged_commit_is_not_a_missing_one),
		cmocka_unit_test(an_ambiguous_prefix_lists_the_commits),
		cmocka_unit_test(only_commits_make_a_prefix_ambiguous),
		cmocka_unit_test(a_commit_tells_about_itself),
		cmocka_unit_test(descent_is_known),
		cmocka_unit_test(the_nearest_tag_is_found),
		cmocka_unit_test(files_of_a_tree_are_read),
		cmocka_unit_test(entries_have_ids),
		cmocka_unit_test(a_clone_that_lacks_objects_is_not_a_tree_that_lacks_files),
		cmocka_unit_test(globs_find_files),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
