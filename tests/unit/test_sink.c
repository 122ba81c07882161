#include "base/sink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"

#define LINES 50000u

struct taken {
	struct str all;
	size_t longest;		/* piece */
	size_t left;		/* takes before it refuses */
};

static int
take(void *to, const char *bytes, size_t len, struct error *err)
{
	struct taken *t = to;

	if (t->left-- == 0)
		return error_set(err, "full");
	str_add_bytes(&t->all, bytes, len);
	if (len > t->longest)
		t->longest = len;
	return 0;
}

static int
write_lines(struct sink *s, struct error *err)
{
	for (unsigned i = 0; i < LINES; i++) {
		str_addf(&s->text, "line %u\n", i);
		if (sink_flow(s, err) < 0)
			return -1;
	}
	return sink_end(s, err);
}

static void
pieces_make_the_same_text(void **state)
{
	(void)state;
	struct taken t = { .left = SIZE_MAX };
	struct sink whole = { 0 }, piecewise = { .take = take, .to = &t };
	struct error err = { 0 };

	assert_int_equal(write_lines(&whole, &err), 0);
	assert_int_equal(write_lines(&piecewise, &err), 0);
	assert_string_equal(str_text(&t.all), str_text(&whole.text));
	assert_int_equal(piecewise.text.len, 0);
	assert_true(t.longest < whole.text.len / 2);
	str_dispose(&t.all);
	sink_dispose(&whole);
	sink_dispose(&piecewise);
}

static void
a_refusal_stops_the_writer(void **state)
{
	(void)state;
	struct taken t = { .left = 1 };
	struct sink s = { .take = take, .to = &t };
	struct error err = { 0 };

	assert_int_equal(write_lines(&s, &err), -1);
	assert_string_equal(err.text, "full");
	str_dispose(&t.all);
	sink_dispose(&s);
}

GROUP(test_sink)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_the_same_text),
		cmocka_unit_test(a_refusal_stops_the_writer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
