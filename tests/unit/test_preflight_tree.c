#include "plan/preflight_tree.h"

#include "fleet/preflight.h"
#include "git_fixture.h"
#include "json/fields.h"

static struct preflight_condition has_two[] = { { PREFLIGHT_CONTAINS, "src/*.c", NULL, "two" } };
static struct preflight_condition python[] = {
	{ PREFLIGHT_REJECTS_PYTHON, "pyproject.toml", NULL, "3.12.9" },
};
static struct preflight_condition old_cuda[] = {
	{ PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" },
	{ PREFLIGHT_CONTAINS, "src", NULL, "five" },
};
static struct preflight_condition link_text[] = { { PREFLIGHT_CONTAINS, "link", NULL, "run" } };
static struct preflight_condition no_tag[] = { { PREFLIGHT_NO_TAG, NULL, NULL, "v" } };
static struct preflight_condition side_there[] = { { PREFLIGHT_CONTAINS, "side", NULL, "" } };

#define RULE(n, list, ...) \
	{ .name = (n), .predicts = "p", .conditions = (list), .n_conditions = ROWS(list), __VA_ARGS__ }

static const struct preflight_rule rules[] = {
	RULE("two", has_two),
	RULE("python", python),
	RULE("cuda", old_cuda),
	RULE("link", link_text),
	RULE("tag", no_tag),
	RULE("side", side_there),
	RULE("ranged", has_two, .introduced_by = "@main^", .fixed_by = NULL),
	{ .name = "range", .predicts = "p", .introduced_by = "@root", .fixed_by = "@main" },
};

/* The rules with revisions of "r" ("@main") spelled out. */
static const struct preflight_rule *
spelled(void)
{
	struct preflight_rule *copy = arena_array(&arena, ROWS(rules), sizeof(*copy));
	memcpy(copy, rules, sizeof(rules));
	for (size_t i = 0; i < ROWS(rules); i++) {
		if (copy[i].introduced_by)
			copy[i].introduced_by = arena_strdup(&arena, commit_of("r", copy[i].introduced_by + 1).hex);
		if (copy[i].fixed_by)
			copy[i].fixed_by = arena_strdup(&arena, commit_of("r", copy[i].fixed_by + 1).hex);
	}
	return copy;
}

static void
rules_match_commits(void **state)
{
	(void)state;
	static const struct { const char *commit, *cuda, *want; } rows[] = {
		{ "root", "12.1", "two python cuda tag range " },
		{ "root", "12.4", "two python tag range " },
		{ "root", NULL, "two python tag range " },
		{ "main^", NULL, "two python tag side ranged range " },
		{ "main", NULL, "two python tag side ranged " },
		{ "side", NULL, "two python tag range " },
	};
	struct gitrepo *g = open_clone("r");
	struct preflight p;
	struct error err = { 0 };
	assert_int_equal(preflight_start(&p, g, spelled(), ROWS(rules), &arena, &err), 0);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct commit_id id = commit_of("r", rows[i].commit);
		struct tree_id tree = tree_of("r", rows[i].commit);
		struct name_value cuda = { "CUDA", rows[i].cuda };
		struct preflight_match *matches;
		size_t n;
		struct str got = { 0 };
		if (preflight_ask(&matches, &n, &p, g, &id, &tree, &cuda, rows[i].cuda != NULL, &arena,
		                  &err) < 0)
			fail_msg("%s", err.text);
		for (size_t k = 0; k < n; k++)
			str_addf(&got, "%s ", matches[k].rule->name);
		assert_string_equal(str_text(&got), rows[i].want);
		str_dispose(&got);
	}
	static const size_t counts[] = { 6, 6, 1, 0, 6, 2, 2, 5 };
	for (size_t i = 0; i < ROWS(counts); i++)
		assert_int_equal(p.matches[i], counts[i]);
	gitrepo_free(g);
}

static void
a_range_needs_its_ends(void **state)
{
	(void)state;
	static const struct { struct preflight_rule rule; const char *want; } rows[] = {
		{ { .name = "r", .introduced_by = "00112233" },
		  "preflight \"r\": introduced_by: \"00112233\" is no commit in the clone" },
		{ { .name = "r", .fixed_by = "00112233" },
		  "preflight \"r\": fixed_by: \"00112233\" is no commit in the clone" },
		{ { .name = "r", .fixed_by = "main" },
		  "preflight \"r\": fixed_by: \"main\" is not 4 to 40 hex digits" },
	};
	struct gitrepo *g = open_clone("r");
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct preflight p;
		struct error err = { 0 };
		assert_int_equal(preflight_start(&p, g, &rows[i].rule, 1, &arena, &err), -1);
		assert_string_equal(err.text, rows[i].want);
	}
	gitrepo_free(g);
}

static void
a_bad_pattern_names_its_rule(void **state)
{
	(void)state;
	static struct preflight_condition bad[] = { { PREFLIGHT_CONTAINS, "!x", NULL, "y" } };
	static const struct preflight_rule rule[] = { RULE("r", bad) };
	struct gitrepo *g = open_clone("r");
	struct commit_id id = commit_of("r", "root");
	struct tree_id tree = tree_of("r", "root");
	struct preflight p;
	struct preflight_match *matches;
	size_t n;
	struct error err = { 0 };
	assert_int_equal(preflight_start(&p, g, rule, 1, &arena, &err), 0);
	assert_int_equal(preflight_ask(&matches, &n, &p, g, &id, &tree, NULL, 0, &arena, &err), -1);
	assert_string_equal(err.text, "preflight \"r\": \"!x\" is not a path or a pattern");
	gitrepo_free(g);
}

GROUP(test_preflight_tree)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_match_commits),
		cmocka_unit_test(a_range_needs_its_ends),
		cmocka_unit_test(a_bad_pattern_names_its_rule),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
