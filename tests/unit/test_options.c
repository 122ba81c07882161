#include "cmd/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "cmd/commands.h"
#include "cmd/option_table.h"
#include "os/file.h"
#include "os/tree.h"
#include "temp_folder.h"

#define WORDS 16

/* Parse and check a command line whose words blanks separate; it is changed. */
static int
parse(struct options *o, char *line, struct arena *a, struct error *err)
{
	char *argv[WORDS + 2] = { (char *)"gen" }, *rest = NULL;
	int argc = 1;

	for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	optind = 0;	/* getopt starts anew */
	if (options_parse(o, argc, argv, a, err) < 0)
		return -1;
	o->words = NULL;	/* they are argv's */
	return options_check(o, o->command ? o->command : "generate", err);
}

static void
wrong_lines_are_refused(void **state)
{
	(void)state;
	static const struct { const char *line, *error; } rows[] = {
		{ "", "" },
		{ "-n --json", "" },
		{ "status --json -C x -f y", "" },
		{ "diff --engine buildah --native=compile --no-push --offline --repo x", "" },
		{ "-x", "-x: unknown option" },
		{ "--nothing", "--nothing: unknown option, or one that takes no value" },
		{ "--json=x", "--json=x: unknown option, or one that takes no value" },
		{ "-f", "-f: needs a value" },
		{ "--engine podman", "--engine: \"podman\": neither docker nor buildah" },
		{ "--native=", "--native: \"\": neither auto nor compile" },
		{ "--registry a/b", "--registry: \"a/b\": not a host or host:port" },
		{ "--registry-timeout 1s", "--registry-timeout: \"1s\": not a number of seconds from 1 to 86400" },
		{ "--registry-timeout 86401",
		  "--registry-timeout: \"86401\": not a number of seconds from 1 to 86400" },
		{ "diff -n", "" },
		{ "status --offline --engine buildah", "" },
		{ "forget -n", "--dry-run: an option of gen generate, check, diff and prune, not of gen forget" },
		{ "--files", "--files: an option of gen status, not of gen generate" },
		{ "status --json --files",
		  "status: --json, --md, --html, --files, --watch: use only one of them" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct options o;
		int ret = parse(&o, arena_strdup(&a, rows[i].line), &a, &err);
		assert_string_equal(err.text, rows[i].error);
		assert_int_equal(ret, *rows[i].error ? -1 : 0);
		arena_dispose(&a);
	}
}

/* What a run saves, and what a later one has when it has loaded that. */
static void
later_runs_take_what_they_are_not_given(void **state)
{
	(void)state;
	static const struct { const char *line, *saved, *later, *then; } rows[] = {
		{ "", "fleet=fleet.json\nengine=docker\n", "", "fleet=fleet.json\nengine=docker\n" },
		{ "-f a --repo /r --registry h:1 --offline --native=compile --registry-timeout=9 --no-push",
		  "fleet=a\nrepo=/r\nregistry=h:1\nregistry-timeout=9\nengine=docker\nnative=compile\n"
		  "no-push=\noffline=\n",
		  "diff",
		  "fleet=a\nrepo=/r\nregistry=h:1\nregistry-timeout=9\nengine=docker\nnative=compile\n"
		  "no-push=\noffline=\n" },
		{ "-f a --native compile --registry-timeout=9 -n --json", NULL,
		  "-f b --native auto --registry-timeout=8 --registry h:2",
		  "fleet=b\nregistry=h:2\nregistry-timeout=8\nengine=docker\nnative=auto\n" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct options o;
		const char *text;
		size_t len;
		assert_int_equal(tree_make("out", NULL), 0);
		assert_int_equal(parse(&o, arena_strdup(&a, rows[i].line), &a, NULL), 0);
		assert_int_equal(options_save(&o, ENGINE_DOCKER, NULL), 0);
		assert_int_equal(file_read(&text, &len, "out/options", 0, &a, NULL), 0);
		if (rows[i].saved)
			assert_string_equal(text, rows[i].saved);

		assert_int_equal(parse(&o, arena_strdup(&a, rows[i].later), &a, NULL), 0);
		assert_int_equal(options_load(&o, &a, NULL), 0);
		assert_int_equal(options_save(&o, engine_parse(o.engine), NULL), 0);
		assert_int_equal(file_read(&text, &len, "out/options", 0, &a, NULL), 0);
		assert_string_equal(text, rows[i].then);
		assert_false(o.dry_run || o.json);
		arena_dispose(&a);
	}
}

static void
saved_lines_are_checked(void **state)
{
	(void)state;
	static const struct { const char *text, *error; } rows[] = {
		{ "some-later-option=1\noffline=\n", "" },
		{ "json\n", "out/options: \"json\": not name=value; run gen with its options" },
		{ "engine=podman\n", "out/options: --engine: \"podman\": neither docker nor buildah" },
		{ NULL, "out/options: not there: run gen first, with its options" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct options o;
		assert_int_equal(parse(&o, arena_strdup(&a, ""), &a, NULL), 0);
		unlink("out/options");
		if (rows[i].text)
			assert_int_equal(file_replace("out/options", rows[i].text, strlen(rows[i].text), NULL), 1);
		int ret = options_load(&o, &a, &err);
		assert_string_equal(err.text, rows[i].error);
		assert_int_equal(ret, *rows[i].error ? -1 : 0);
		assert_int_equal(options_load_if_any(&o, &a, NULL), rows[i].text ? ret : 0);
		arena_dispose(&a);
	}
}

/* A path from here is still right when gen has gone to the fleet's folder. */
static void
a_clone_is_absolute(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct options o;
	char here[256];
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(parse(&o, arena_strdup(&a, "--repo clone -C fleet"), &a, NULL), 0);
	assert_string_equal(o.repo, arena_printf(&a, "%s/clone", here));
	assert_string_equal(o.folder, "fleet");
	arena_dispose(&a);
}

/* Rows name commands by text: each of these words is a command. */
static void
options_belong_to_commands(void **state)
{
	(void)state;
	size_t n;
	const struct option_row *rows = option_rows(&n);
	for (size_t i = 0; i < n; i++) {
		struct arena a = { 0 };
		char *rest = NULL, *words = arena_strdup(&a, rows[i].commands ? rows[i].commands : "");
		for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
			assert_non_null(command_find(w));
		arena_dispose(&a);
	}
}

GROUP(test_options)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_lines_are_refused),
		cmocka_unit_test(later_runs_take_what_they_are_not_given),
		cmocka_unit_test(saved_lines_are_checked),
		cmocka_unit_test(a_clone_is_absolute),
		cmocka_unit_test(options_belong_to_commands),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
