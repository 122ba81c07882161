/* The status as a document: it adds up by itself, and says all of an image. */
#include "status/report_json.h"

#include <jansson.h>

#include "status_group.h"

static long
json_number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	assert_true(json_is_integer(value));
	return (long)json_integer_value(value);
}

static void
the_document_adds_up(void **state)
{
	(void)state;
	report_json(&out, &f.status);
	json_t *root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	json_t *totals = json_object_get(root, "totals"), *states = json_object_get(totals, "states");
	json_t *images = json_object_get(root, "images"), *mappings = json_object_get(root, "mappings");
	size_t counted[STATES] = { 0 }, i;
	json_t *image;

	json_array_foreach(images, i, image) {
		const char *name = json_string_value(json_object_get(image, "state"));
		unsigned s = 0;
		while (s < STATES && strcmp(state_name((enum state)s), name) != 0)
			s++;
		assert_true(s < STATES);
		counted[s]++;
	}
	for (unsigned s = 0; s < STATES; s++) {
		const char *name = state_name((enum state)s);
		long in_mappings = 0;
		for (i = 0; i < json_array_size(mappings); i++)
			in_mappings += json_number(json_object_get(json_array_get(mappings, i), "states"), name);
		assert_int_equal(json_number(states, name), f.status.by_state[s]);
		assert_int_equal(counted[s], f.status.by_state[s]);
		assert_int_equal(in_mappings, f.status.by_state[s]);
	}
	assert_int_equal(json_number(root, "version"), 1);
	assert_int_equal(json_number(totals, "parents"), 20);
	assert_int_equal(json_number(totals, "entries"), 21);
	assert_int_equal(json_number(totals, "present"), 4);
	assert_int_equal(json_number(totals, "absent"), 14);
	assert_int_equal(json_number(totals, "unknown"), 2);
	assert_int_equal(json_number(totals, "dataset"), 2);
	assert_int_equal(json_number(totals, "unmapped_tags"), 2);
	assert_int_equal(json_number(json_object_get(json_object_get(totals, "kinds"), "held"), "source"), 1);
	assert_string_equal(json_string_value(json_object_get(root, "time")), "2026-11-24T06:00:00Z");
	json_decref(root);
}

static void
the_document_says_all_of_an_image(void **state)
{
	(void)state;
	report_json(&out, &f.status);
	json_t *root = json_loadb(out.data, out.len, 0, NULL);
	assert_non_null(root);
	json_t *images = json_object_get(root, "images"), *image = json_array_get(images, 0);
	json_t *entries = json_object_get(image, "entries");
	assert_string_equal(json_string_value(json_object_get(image, "model")), FIXTURE_HOSTILE);
	assert_int_equal(json_array_size(entries), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(entries, 1), "place")), "m2.json: /19");
	assert_string_equal(json_string_value(json_object_get(image, "time")), "2023-11-14T22:13:20Z");

	size_t i;
	json_array_foreach(images, i, image) {
		const char *target = json_string_value(json_object_get(image, "target"));
		if (strcmp(target, "baseline-a70000000000") == 0) {
			json_t *running = json_object_get(image, "running");
			assert_int_equal(json_number(running, "done"), 12);
			assert_string_equal(json_string_value(json_object_get(running, "since")), "2026-11-24T05:00:00Z");
		} else if (strcmp(target, "baseline-a90000000000") == 0) {
			json_t *failure = json_object_get(image, "failure");
			assert_string_equal(json_string_value(json_object_get(failure, "class")), "oom");
			assert_int_equal(json_number(failure, "line_number"), 471);
		} else if (strcmp(target, "baseline-a20000000000") == 0) {
			json_t *attempts = json_object_get(image, "attempts");
			assert_int_equal(json_array_size(attempts), 4);
			assert_string_equal(json_string_value(json_object_get(json_array_get(attempts, 1), "class")), "oom");
			assert_int_equal(json_number(json_array_get(attempts, 2), "seconds"), 7200);
		}
	}
	json_decref(root);
}

GROUP(test_report_json)
{
	const struct CMUnitTest tests[] = {
		TEST(the_document_adds_up),
		TEST(the_document_says_all_of_an_image),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
