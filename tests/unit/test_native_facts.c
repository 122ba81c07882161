#include "plan/native_facts.h"

#include "fleet/native_key.h"
#include "git_fixture.h"
#include "json/fields.h"

static const char *inputs[] = { "src", "run.sh", "requirements*.txt", "none", "none*", "link" };
static const char *pin_files[] = { "none.txt", "requirements.txt", "pyproject.toml" };
static struct native_pin_rule pins[] = { { "torch", pin_files, ROWS(pin_files) },
	                                 { "numpy", pin_files, ROWS(pin_files) } };
static const char *arg_names[] = { "CUDA", "ARCH" };
static const struct native_rules rules = { inputs, ROWS(inputs), pins, ROWS(pins), arg_names,
	                                   ROWS(arg_names) };
static const struct name_value args[] = { { "CUDA", "12.4" }, { "OTHER", "x" } };

static struct native_facts
facts_of(struct gitrepo *g, const struct tree_id *tree)
{
	struct native_facts f = { 0 };
	struct error err = { 0 };
	if (native_facts_gather(&f, g, tree, &rules, args, ROWS(args), &arena, &err) < 0)
		fail_msg("%s", err.text);
	return f;
}

static void
facts_are_what_is_there(void **state)
{
	(void)state;
	sh("rm -rf f; git clone -q r f; cd f; git checkout -q root;"
	   "echo 'torch == 2.7.0' >>pyproject.toml; git commit -qam x");
	struct gitrepo *g = open_clone("f");
	struct tree_id tree = tree_of("f", "HEAD");
	struct native_facts f = facts_of(g, &tree);
	native_key(&f, &arena);		/* sorts them */

	struct str got = { 0 };
	for (size_t i = 0; i < f.n; i++)
		str_addf(&got, "%s %s %s\n", f.list[i].kind, f.list[i].name, f.list[i].value);
	assert_string_equal(str_text(&got), arena_printf(&arena, "%s\n", output(
		"cd f; echo arg CUDA 12.4;"
		" for p in link requirements-cuda.txt requirements.txt run.sh src; do"
		" echo file $p $(git rev-parse HEAD:$p); done; echo pin torch ==2.7.0")));
	str_dispose(&got);
	gitrepo_free(g);
}

/* What a patch to the tree does to its key. */
static void
a_patch_of_an_input_changes_the_key(void **state)
{
	(void)state;
	static const struct { const char *path, *old, *new, *differ; } rows[] = {
		{ "src/deep/er/d.cu", "d", "D", "src" },
		{ "run.sh", "#!/bin/sh\necho hi\n", "#!/bin/sh\necho ho\n", "run.sh" },
		{ "requirements.txt", "q", "torch==2", "requirements.txt, torch" },
		{ "pyproject.toml", "requires-python = \"<=3.12\"\n", "requires-python = \"<3.13\"\n", "" },
		{ "docs/utf8.md", "caf\303\251\n", "cafe\n", "" },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root");
	struct native_facts before = facts_of(g, &tree);
	const char *key = native_key(&before, &arena);
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str diff = { 0 }, names = { 0 };
		struct error err = { 0 };
		struct tree_id patched;
		gitrepo_diff_text(&diff, rows[i].path, 0100644, rows[i].old, strlen(rows[i].old),
		                  rows[i].new, strlen(rows[i].new), &err);
		if (patch_tree(&patched, g, &tree, diff.data, diff.len, &err) <= 0)
			fail_msg("%s", err.text);
		struct native_facts after = facts_of(g, &patched);
		native_facts_differ(&names, &before, &after);
		assert_string_equal(str_text(&names), rows[i].differ);
		assert_int_equal(strcmp(key, native_key(&after, &arena)) == 0, !*rows[i].differ);
		str_dispose(&diff);
		str_dispose(&names);
	}
	gitrepo_free(g);
}

GROUP(test_native_facts)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_what_is_there),
		cmocka_unit_test(a_patch_of_an_input_changes_the_key),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
