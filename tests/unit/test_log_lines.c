#include "logs/log_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"

static char path[] = "/tmp/stampmill-log.XXXXXX";
static struct arena arena;
static struct error err;

static int
make_file(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	return fd >= 0 && close(fd) == 0 ? 0 : -1;
}

static int
remove_file(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return unlink(path);
}

static void
write_file(const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
assert_lines(const struct log_lines *l, const char *want)
{
	char have[1024] = "";
	for (size_t i = 0; i < l->n; i++) {
		strcat(have, l->list[i]);
		strcat(have, "|");
	}
	assert_string_equal(have, want);
}

static void
lines_are_found_by_their_numbers(void **state)
{
	static const struct { long first, last; const char *want; } rows[] = {
		{ 1, 1, "one|" }, { 2, 3, "two|three|" }, { 4, 9, "four|" }, { 5, 9, "" },
	};
	struct log_lines l;
	(void)state;
	write_file("one\ntwo\n\x1b[31mthree\x1b[0m\nfour");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(log_lines_read(&l, path, rows[i].first, rows[i].last, &arena, &err), 0);
		assert_lines(&l, rows[i].want);
		assert_int_equal(l.first, rows[i].first);
	}
	assert_int_equal(log_lines_read(&l, "/nonexistent/log", 1, 2, &arena, &err), 0);
	assert_int_equal(l.n, 0);
	assert_int_equal(log_lines_read(&l, "/", 1, 2, &arena, &err), -1);
	assert_string_equal(err.text, "/: Is a directory");
}

static void
the_last_lines_are_found(void **state)
{
	static const struct { const char *text; size_t n; const char *want; } rows[] = {
		{ "one\ntwo\nthree\n", 2, "two|three|" },
		{ "one\ntwo\nthree", 2, "two|three|" },
		{ "one\ntwo\n", 5, "one|two|" },
		{ "one\n", 1, "one|" },
		{ "one\n\n", 1, "|" },
		{ "", 3, "" }, { "one\n", 0, "" },
	};
	struct log_lines l;
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		write_file(rows[i].text);
		assert_int_equal(log_lines_read_end(&l, path, rows[i].n, &arena, &err), 0);
		assert_lines(&l, rows[i].want);
		assert_int_equal(l.first, 0);
	}
}

static void
long_lines_are_cut_and_many_are_not_kept(void **state)
{
	struct log_lines l;
	(void)state;
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 200; i++)
		fprintf(file, "%0*d\n", LOG_LINE_MOST + 100, i);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(log_lines_read(&l, path, 1, 200, &arena, &err), 0);
	assert_int_equal(l.n, LOG_LINES_MOST);
	assert_int_equal(strlen(l.list[0]), LOG_LINE_MOST);
	assert_int_equal(log_lines_read_end(&l, path, 200, &arena, &err), 0);
	assert_int_equal(l.n, LOG_LINES_MOST);
}

GROUP(test_log_lines)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_found_by_their_numbers),
		cmocka_unit_test(the_last_lines_are_found),
		cmocka_unit_test(long_lines_are_cut_and_many_are_not_kept),
	};
	return cmocka_run_group_tests(tests, make_file, remove_file);
}
