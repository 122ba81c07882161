#include "logs/needles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "unit.h"

static const char *const texts[] = { "he", "she", "his", "hers", "\nhe", "s", "he", "usher" };
enum { TEXTS = sizeof(texts) / sizeof(*texts) };

static uint64_t
find(const char *line)
{
	struct needle list[TEXTS];
	for (size_t i = 0; i < TEXTS; i++)
		list[i] = (struct needle){ texts[i], strlen(texts[i]) };
	struct needles *s = needles_new(list, TEXTS);
	uint64_t found = 0;
	bool any = needles_find(s, line, strlen(line), &found);
	assert_int_equal(any, found != 0);
	needles_free(s);
	return found;
}

static uint64_t
expected(const char *line)
{
	uint64_t want = 0;
	for (size_t i = 0; i < TEXTS; i++) {
		bool start = texts[i][0] == '\n';
		const char *text = texts[i] + start;
		if (start ? strncmp(line, text, strlen(text)) == 0 : strstr(line, text) != NULL)
			want |= UINT64_C(1) << i;
	}
	return want;
}

/* Every line of up to six letters of these, and long ones with a needle at each place. */
static void
all_are_found_wherever_they_are(void **state)
{
	static const char letters[] = "heruis";
	char line[80];
	(void)state;
	for (unsigned n = 0; n < 6 * 6 * 6 * 6 * 6; n++) {
		unsigned rest = n;
		for (unsigned i = 0; i < 5; i++, rest /= 6)
			line[i] = letters[rest % 6];
		line[5] = '\0';
		assert_int_equal(find(line), expected(line));
	}
	for (size_t i = 0; i + 5 < sizeof(line); i++) {
		memset(line, 'x', sizeof(line) - 1);
		line[sizeof(line) - 1] = '\0';
		memcpy(line + i, "usher", 5);
		assert_int_equal(find(line), expected(line));
	}
}

static void
case_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(find("xUSHERx"), expected("xusherx"));
}

GROUP(test_needles)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_found_wherever_they_are),
		cmocka_unit_test(case_does_not_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
