#include "os/file_writer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "os/file.h"
#include "temp_folder.h"

#define LONG ((size_t)300 * 1000)	/* more than any buffer */

static char text[LONG];

static int
make_text(void **state)
{
	for (size_t i = 0; i < LONG; i++)
		text[i] = (char)('a' + i % 26);
	return enter_folder(state);
}

/* Write len bytes of from, so many at a time, to f. */
static int
write_pieces(const char *from, size_t len, size_t piece)
{
	struct file_writer *w = file_writer_new("f");
	struct error err = { 0 };

	for (size_t at = 0; at < len; at += piece) {
		size_t n = len - at < piece ? len - at : piece;
		assert_int_equal(file_writer_add(w, from + at, n, &err), 0);
	}
	int ret = file_writer_end(w, &err);
	file_writer_free(w);
	return ret;
}

static void
assert_holds(const char *want, size_t want_len)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *got;
	size_t len;

	assert_int_equal(file_read(&got, &len, "f", 0, &a, &err), 0);
	assert_int_equal(len, want_len);
	assert_memory_equal(got, want, len);
	arena_dispose(&a);
}

/* Nothing is left beside it. */
static void
assert_alone(void)
{
	assert_int_equal(system("test \"$(ls -A)\" = f"), 0);	/* NOLINT(cert-env33-c) */
}

static void
only_what_differs_is_replaced(void **state)
{
	(void)state;
	static const size_t pieces[] = { 1000, 65536, 65537, LONG };
	static const size_t places[] = { 0, 1, 65535, 65536, LONG - 1 };
	static char other[LONG];

	assert_int_equal(write_pieces(text, LONG, LONG), 1);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		for (size_t j = 0; j < sizeof(places) / sizeof(*places); j++) {
			struct stat before, after;

			assert_int_equal(stat("f", &before), 0);
			assert_int_equal(write_pieces(text, LONG, pieces[i]), 0);
			assert_int_equal(stat("f", &after), 0);
			assert_int_equal(before.st_ino, after.st_ino);

			memcpy(other, text, LONG);
			other[places[j]] = '-';
			assert_int_equal(write_pieces(other, LONG, pieces[i]), 1);
			assert_holds(other, LONG);
			assert_int_equal(write_pieces(text, LONG, pieces[i]), 1);
			assert_holds(text, LONG);
		}
	}
	assert_alone();
}

static void
a_text_that_grows_or_shrinks_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(write_pieces(text, LONG - 10, 4096), 1);
	assert_holds(text, LONG - 10);
	assert_int_equal(write_pieces(text, LONG, 4096), 1);
	assert_holds(text, LONG);
	assert_int_equal(write_pieces(text, 0, 1), 1);
	assert_holds("", 0);
	assert_int_equal(write_pieces(text, 0, 1), 0);
	assert_alone();
}

static void
without_an_end_the_old_file_stays(void **state)
{
	(void)state;
	struct error err = { 0 };

	write_pieces("old", 3, 3);
	struct file_writer *w = file_writer_new("f");
	assert_int_equal(file_writer_add(w, "new", 3, &err), 0);
	file_writer_free(w);
	assert_holds("old", 3);
	assert_alone();
}

static void
what_is_in_the_way_is_named(void **state)
{
	(void)state;
	struct error err = { 0 };

	assert_int_equal(mkdir("full", 0777), 0);
	struct file_writer *w = file_writer_new("full");
	assert_int_equal(file_writer_add(w, "x", 1, &err), 0);
	assert_int_equal(file_writer_end(w, &err), -1);
	file_writer_free(w);
	assert_string_equal(err.text, "full: Is a directory");
	assert_int_equal(rmdir("full"), 0);

	err.text[0] = '\0';
	w = file_writer_new("f/g");
	assert_int_equal(file_writer_add(w, "x", 1, &err), -1);
	file_writer_free(w);
	assert_string_equal(err.text, "f: is not a folder");
	assert_alone();
}

GROUP(test_file_writer)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_differs_is_replaced),
		cmocka_unit_test(a_text_that_grows_or_shrinks_is_replaced),
		cmocka_unit_test(without_an_end_the_old_file_stays),
		cmocka_unit_test(what_is_in_the_way_is_named),
	};
	return cmocka_run_group_tests(tests, make_text, leave_folder);
}
