#include "git/substitute.h"

#include "git/substitution.h"
#include "git_fixture.h"

static const char *c_files[] = { "src/*.c" };
static const char *overlapping[] = { "src", "src/a.c", "*.c" };
static const char *mixed[] = { "run.sh", "link", "sub", "src", "docs", "pyproject.toml" };
static const char *pyproject[] = { "pyproject.toml", "setup.py" };
static const char *nothing[] = { "none/*" };
static const char *bad[] = { "!x" };

#define SUB(...) { .name = "s", __VA_ARGS__ }
#define FILES(list) .files = (list), .n_files = ROWS(list)

static const struct {
	struct substitution s;
	const char *edit;	/* what sed would do; NULL: the condition is not met */
	const char *error;	/* %s: the tree's first twelve digits */
} rows[] = {
	{ SUB(FILES(c_files), .from = "two", .to = "zwei"), "sed -i s/two/zwei/ src/a.c", NULL },
	{ SUB(FILES(c_files), .from = "e", .to = "E"), "sed -i s/e/E/g src/*.c", NULL },
	{ SUB(FILES(overlapping), .from = "e", .to = "E"),
	  "sed -i s/e/E/g src/*.c src/deep/e.cu", NULL },
	{ SUB(FILES(mixed), .from = "n", .to = "N"),
	  "sed -i s/n/N/g run.sh src/*.c docs/* pyproject.toml", NULL },
	{ SUB(FILES(mixed), .from = "hi", .to = "ho"), "sed -i s/hi/ho/ run.sh", NULL },
	{ SUB(FILES(pyproject), .from = "<=3.12", .to = "<3.13"),
	  "sed -i 's/<=3.12/<3.13/' pyproject.toml", NULL },
	{ SUB(FILES(pyproject), .from = "<=3.12", .to = "<3.13", .when_file = "pyproject.toml",
	      .when_contains = "<=3.12"), "sed -i 's/<=3.12/<3.13/' pyproject.toml", NULL },
	{ SUB(FILES(pyproject), .from = "<=3.12", .to = "<3.13", .when_file = "*.toml",
	      .when_contains = "<=3.13"), NULL, NULL },
	{ SUB(FILES(c_files), .from = "two", .to = "x", .when_file = "none", .when_contains = ""),
	  NULL, NULL },
	{ SUB(FILES(c_files), .from = "two", .to = "x", .when_file = "link", .when_contains = "run"),
	  NULL, NULL },
	{ SUB(FILES(c_files), .from = "two", .to = "x", .when_file = "src/b.c"),
	  "sed -i s/two/x/ src/a.c", NULL },
	{ SUB(FILES(mixed), .from = "y\r\n", .to = ""), "sed -i '2d' src/crlf.txt", NULL },
	{ SUB(FILES(mixed), .from = "caf\xc3\xa9", .to = "cafe"), "echo cafe >docs/utf8.md", NULL },
	{ SUB(FILES(c_files), .from = "not there", .to = "x"), NULL,
	  "substitution \"s\": changes nothing in tree %.12s" },
	{ SUB(FILES(nothing), .from = "two", .to = "x"), NULL,
	  "substitution \"s\": changes nothing in tree %.12s" },
	{ SUB(FILES(c_files), .from = "two", .to = "two"), NULL,
	  "substitution \"s\": changes nothing in tree %.12s" },
	{ SUB(FILES(pyproject), .from = "<=3.13", .to = "x", .when_file = "pyproject.toml",
	      .when_contains = "<=3.12"), NULL,
	  "substitution \"s\": changes nothing in tree %.12s" },
	{ SUB(FILES(bad), .from = "a", .to = "b"), NULL,
	  "substitution \"s\": \"!x\" is not a path or a pattern" },
};

/* The tree that the edit makes of "root". */
static const char *
edited_tree(const char *edit)
{
	sh("rm -rf edit; git clone -q -s r edit; cd edit; git checkout -q --detach root; %s;"
	   "git add -A; git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub", edit);
	return output("git -C edit write-tree");
}

static void
a_substitution_becomes_a_diff(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root"), got;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str diff = { 0 };
		struct error err = { 0 };
		bool matched;
		int ret = gitrepo_substitute(&diff, &matched, g, &tree, &rows[i].s, &arena, &err);
		if (rows[i].error) {
			char want[256];
			snprintf(want, sizeof(want), "%s", rows[i].error);
			char *hex = strstr(want, "%.12s");
			if (hex)
				snprintf(hex, sizeof(want) - (size_t)(hex - want), "%.12s", tree.hex);
			assert_int_equal(ret, -1);
			assert_string_equal(err.text, want);
		} else if (!rows[i].edit) {
			assert_int_equal(ret, 0);
			assert_false(matched);
			assert_int_equal(diff.len, 0);
		} else {
			assert_string_equal(err.text, "");
			assert_true(matched);
			if (patch_tree(&got, g, &tree, diff.data, diff.len, &err) <= 0)
				fail_msg("%s", err.text);
			assert_string_equal(got.hex, edited_tree(rows[i].edit));

			FILE *f = fopen("patch", "w");
			fwrite(diff.data, 1, diff.len, f);
			fclose(f);
			sh("cd edit; git reset -q --hard root; git apply --index ../patch");
			assert_string_equal(got.hex, output("git -C edit write-tree"));
		}
		str_dispose(&diff);
	}
	gitrepo_free(g);
}

static void
a_diff_is_added_behind_others(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root");
	struct substitution s = SUB(FILES(c_files), .from = "two", .to = "zwei");
	struct str diff = { 0 };
	struct error err = { 0 };
	bool matched;
	str_adds(&diff, "before\n");
	assert_int_equal(gitrepo_substitute(&diff, &matched, g, &tree, &s, &arena, &err), 0);
	assert_memory_equal(diff.data, "before\ndiff --git a/src/a.c b/src/a.c\n", 37);

	s.from = "none";
	assert_int_equal(gitrepo_substitute(&diff, &matched, g, &tree, &s, &arena, &err), -1);
	str_dispose(&diff);
	gitrepo_free(g);
}

GROUP(test_substitute)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_substitution_becomes_a_diff),
		cmocka_unit_test(a_diff_is_added_behind_others),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
