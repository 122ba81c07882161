#include "os/append.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "os/file.h"

#define PATH "append.jsonl"

static const char *
content(struct arena *a)
{
	const char *text;
	size_t len;
	assert_int_equal(file_read(&text, &len, PATH, 0, a, NULL), 0);
	return text;
}

static void
lines_are_added(void **state)
{
	struct arena a = { 0 };
	(void)state;
	unlink(PATH);
	assert_int_equal(append_lines(PATH, "a\n", 2, NULL), 0);
	assert_int_equal(append_lines(PATH, "b\nc\n", 4, NULL), 0);
	assert_string_equal(content(&a), "a\nb\nc\n");
	arena_dispose(&a);
}

static void
a_torn_line_takes_no_other_with_it(void **state)
{
	struct arena a = { 0 };
	(void)state;
	assert_true(file_replace(PATH, "a\n{\"to", 6, NULL) >= 0);
	assert_int_equal(append_lines(PATH, "b\n", 2, NULL), 0);
	assert_string_equal(content(&a), "a\n{\"to\nb\n");
	arena_dispose(&a);
}

/* Several processes at once: every line is whole. */
static void
writers_do_not_mix(void **state)
{
	enum { WRITERS = 4, LINES = 300, LENGTH = 700 };
	struct arena a = { 0 };
	(void)state;
	unlink(PATH);
	for (int w = 0; w < WRITERS; w++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			char line[LENGTH + 1];
			memset(line, 'a' + w, LENGTH);
			line[LENGTH] = '\n';
			for (int i = 0; i < LINES; i++)
				if (append_lines(PATH, line, sizeof(line), NULL) < 0)
					_exit(1);
			_exit(0);
		}
	}
	for (int w = 0; w < WRITERS; w++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	size_t n = 0;
	for (const char *p = content(&a); *p; p += LENGTH + 1, n++) {
		for (int i = 0; i < LENGTH; i++)
			assert_int_equal(p[i], p[0]);
		assert_int_equal(p[LENGTH], '\n');
	}
	assert_int_equal(n, WRITERS * LINES);
	unlink(PATH);
	arena_dispose(&a);
}

static void
a_file_that_cannot_be_written_is_named(void **state)
{
	struct error err = { 0 };
	(void)state;
	assert_int_equal(append_lines("no/such/folder", "a\n", 2, &err), -1);
	assert_string_equal(err.text, "no/such/folder: No such file or directory");
}

GROUP(test_append)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_added),
		cmocka_unit_test(a_torn_line_takes_no_other_with_it),
		cmocka_unit_test(writers_do_not_mix),
		cmocka_unit_test(a_file_that_cannot_be_written_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
