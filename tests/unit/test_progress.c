#include "record/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/str.h"

static const char two[] =
	"{\n\"version\": 1,\n\"updated\": \"t\",\n\"images\": {\n"
	"\"a\": {\"step\":\"image\",\"state\":\"done\"},\n\"b\": {\"reason\":\"x\\\": {y\"}\n}\n}\n";

static void
read_text(struct progress *p, const char *text, struct arena *a)
{
	progress_read(p, text, strlen(text), a);
}

static void
images_are_kept_by_name(void **state)
{
	struct arena a = { 0 };
	struct progress p = { 0 };
	struct str out = { 0 };
	(void)state;
	progress_put(&p, "b", "{\"reason\":\"x\\\": {y\"}");
	progress_put(&p, "a", "{}");
	progress_put(&p, "a", "{\"step\":\"image\",\"state\":\"done\"}");
	progress_render(&out, &p, "t");
	assert_string_equal(str_text(&out), two);
	json_t *json = json_loads(str_text(&out), 0, NULL);
	assert_non_null(json);
	json_decref(json);
	progress_dispose(&p);

	read_text(&p, two, &a);
	str_clear(&out);
	progress_render(&out, &p, "t");
	assert_string_equal(str_text(&out), two);
	progress_dispose(&p);
	str_dispose(&out);
	arena_dispose(&a);
}

static void
an_empty_file_is_valid(void **state)
{
	struct arena a = { 0 };
	struct progress p = { 0 };
	struct str out = { 0 };
	(void)state;
	progress_render(&out, &p, "t");
	json_t *json = json_loads(str_text(&out), 0, NULL);
	assert_non_null(json);
	json_decref(json);
	read_text(&p, str_text(&out), &a);
	assert_int_equal(p.n, 0);
	progress_dispose(&p);
	str_dispose(&out);
	arena_dispose(&a);
}

static void
what_is_damaged_is_left_out(void **state)
{
	static const struct { const char *text; size_t n; } rows[] = {
		{ "", 0 },
		{ "[{\"parent\": \"x\"}]", 0 },
		{ "{\n\"version\": 2,\n\"updated\": \"t\",\n\"images\": {\n\"a\": {}\n}\n}\n", 0 },
		{ "{\n\"version\": 1,\n\"updated\": \"t\",\n\"images\": {\n\"a\": {}\n\"b\": {", 1 },
		{ "{\n\"version\": 1,\n\"updated\": \"t\",\n\"images\": {\n\"a\": {},\n\n\"b\": {}\n}\n}\n", 1 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena a = { 0 };
		struct progress p = { 0 };
		read_text(&p, rows[i].text, &a);
		assert_int_equal(p.n, rows[i].n);
		progress_dispose(&p);
		arena_dispose(&a);
	}
}

static void
the_state_stands_among_the_members(void **state)
{
	static const struct { const char *members; enum progress_state want; } rows[] = {
		{ "{\"step\":\"image\",\"state\":\"running\",\"log\":\"x\"}", PROGRESS_RUNNING },
		{ "{\"state\":\"killed\"}", PROGRESS_KILLED },
		{ "{\"state\":\"run\"}", PROGRESS_STATES },
		{ "{\"state\":\"running late\"}", PROGRESS_STATES },
		{ "{\"step\":\"image\"}", PROGRESS_STATES },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct progress_image image = { "t", rows[i].members };
		assert_int_equal(progress_state_of(&image), rows[i].want);
	}
	assert_string_equal(progress_state_name(PROGRESS_INTERRUPTED), "interrupted");
}

GROUP(test_progress)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_are_kept_by_name),
		cmocka_unit_test(an_empty_file_is_valid),
		cmocka_unit_test(what_is_damaged_is_left_out),
		cmocka_unit_test(the_state_stands_among_the_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
