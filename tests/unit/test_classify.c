#include "logs/classify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "logs/signature.h"
#include "os/file.h"

static void
classify(struct finding *f, const char *log, size_t len, size_t piece)
{
	struct classifier *c = classifier_new();
	for (size_t i = 0; i < len; i += piece)
		classifier_feed(c, log + i, len - i < piece ? len - i : piece);
	classifier_finish(f, c);
	classifier_free(c);
}

/*
 * tests/classify/CLASS/expect: lines "file<TAB>line<TAB>what it shows"; line 0 for none.
 * However the log comes in pieces, the answer is the same.
 */
static void
check_log(const char *class, const char *path, const char *log, size_t len, size_t want_line)
{
	static const size_t pieces[] = { 1, 7, 4096, SIZE_MAX };
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct finding f;
		classify(&f, log, len, pieces[i]);
		if (strcmp(failure_class_name(f.class), class) != 0 || f.line != want_line)
			fail_msg("%s: got %s at line %zu, want %s at line %zu: %s", path,
			         failure_class_name(f.class), f.line, class, want_line, f.text);
	}
}

static const char *
corpus(void)
{
	const char *source = getenv("SRC");
	return source ? source : ".";
}

static size_t
check_class(const char *class, struct arena *a)
{
	struct error err = { 0 };
	const char *folder = arena_printf(a, "%s/tests/classify/%s", corpus(), class);
	const char *text, *log;
	size_t len, n = 0;
	if (file_read(&text, &len, arena_printf(a, "%s/expect", folder), 0, a, &err) < 0)
		fail_msg("%s", err.text);
	for (const char *p = text; *p; p = strchr(p, '\n') + 1, n++) {
		const char *path = arena_printf(a, "%s/%.*s", folder, (int)strcspn(p, "\t"), p);
		size_t line = strtoul(strchr(p, '\t') + 1, NULL, 10);
		if (file_read(&log, &len, path, 0, a, &err) < 0)
			fail_msg("%s", err.text);
		check_log(class, path, log, len, line);
	}
	return n;
}

static void
the_corpus_is_classified(void **state)
{
	(void)state;
	for (unsigned c = 0; c < FAILURE_CLASSES; c++) {
		struct arena a = { 0 };
		assert_true(check_class(failure_class_name((enum failure_class)c), &a) >= 3);
		arena_dispose(&a);
	}
}

static const struct {
	const char *log;
	enum failure_class class;
	size_t line;
	long retry_after_s;
} rows[] = {
	{ "", FAILURE_UNKNOWN, 0, 0 },
	{ "\n\n\r\n", FAILURE_UNKNOWN, 0, 0 },
	{ "Killed", FAILURE_OOM, 1, 0 },
	{ "\n\nKilled\n", FAILURE_OOM, 3, 0 },
	{ "Error: exit status 255\n", FAILURE_UNKNOWN, 1, 0 },
	{ "toomanyrequests: retry-after: 17\n", FAILURE_RATE_LIMIT, 1, 17 },
	{ "429 Too Many Requests, try again in 3 minutes\n", FAILURE_RATE_LIMIT, 1, 180 },
	{ "429 Too Many Requests, retry after 500ms\n", FAILURE_RATE_LIMIT, 1, 1 },
	/* an earlier fatal line outranks, a likely one does not */
	{ "Killed\na.c:1:2: error: x\n", FAILURE_COMPILE_ERROR, 2, 0 },
	{ "a.c:1:2: error: x\nc++: fatal error: Killed signal terminated program cc1plus\n",
	  FAILURE_COMPILE_ERROR, 1, 0 },
	{ "Killed\nmake: *** [a.o] Error 137\na.c:1:2: error: x\n", FAILURE_OOM, 1, 0 },
	/* the libraries' names must end where they end */
	{ "/usr/bin/ld: cannot find -lcudart\n", FAILURE_LINK_ERROR, 1, 0 },
	{ "ld: cannot find -lcuda\n", FAILURE_LIBCUDA_STUB, 1, 0 },
	/* quoted commands say nothing */
	{ "ERROR: process \"/bin/sh -c echo 'ld: cannot find -lcuda' && Killed\" did not complete "
	  "successfully: exit code: 1\n", FAILURE_UNKNOWN, 1, 0 },
	{ "Error: building at STEP \"RUN x: No space left on device\": while running runtime: exit "
	  "status 3\n", FAILURE_UNKNOWN, 1, 0 },
};

static void
single_rules_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct finding f;
		classify(&f, rows[i].log, strlen(rows[i].log), SIZE_MAX);
		if (f.class != rows[i].class || f.line != rows[i].line ||
		    f.retry_after_s != rows[i].retry_after_s)
			fail_msg("\"%s\": got %s at %zu, retry after %ld", rows[i].log,
			         failure_class_name(f.class), f.line, f.retry_after_s);
	}
}

/* A classifier that has finished starts anew. */
static void
a_second_log_knows_nothing_of_the_first(void **state)
{
	struct classifier *c = classifier_new();
	struct finding f;
	(void)state;
	classifier_feed(c, "#3 1.0 x\n#3 ERROR: Killed: No space left on device", 46);
	classifier_finish(&f, c);
	assert_int_equal(f.line, 2);
	classifier_feed(c, "quiet\n", 6);
	classifier_finish(&f, c);
	assert_int_equal(f.class, FAILURE_UNKNOWN);
	assert_int_equal(f.line, 0);
	classifier_free(c);
}

/* A pattern with a capital letter never matches, since lines are lowered. */
static void
signatures_are_in_lower_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < signatures_n; i++)
		for (const char *p = signatures[i].pattern; *p; p++)
			if (*p >= 'A' && *p <= 'Z')
				fail_msg("\"%s\"", signatures[i].pattern);
}

static void
commands_stand_in_front(void **state)
{
	bool others = false;
	(void)state;
	for (size_t i = 0; i < signatures_n; i++) {
		if (signatures[i].kind != LINE_COMMAND)
			others = true;
		else
			assert_false(others);
	}
}

/* Random bytes, and real words at random: no crash, and every line number in range. */
static void
noise_is_survived(void **state)
{
	static const char *const words[] = { "#1 ", "#2 1.5 ", "FAILED: x\n", "Killed\n", "\r", "\033[", "\n",
		"  ", "DONE", "ERROR: ", "process \"", "at step \"", "\" did not complete", "[stderr]\n",
		"\xe2\x95\xb0\xe2\x94\x80> [1 lines of output]\n", "retrying\n", "toomanyrequests", "\0", "(#1)\n",
		"STEP 1/2: ", "curl: (6) ", "ld: cannot find -lcuda\n", "retry in " };
	unsigned seed = 1;
	char *log = malloc(1 << 16);
	(void)state;
	assert_non_null(log);
	for (unsigned round = 0; round < 60; round++) {
		size_t n = 0;
		while (n < (1 << 16) - 64) {
			seed = seed * 1103515245 + 12345;
			unsigned r = seed >> 16;
			if (r % 3) {
				log[n++] = (char)(r >> 4);
				continue;
			}
			const char *word = words[r / 3 % (sizeof(words) / sizeof(*words))];
			memcpy(log + n, word, strlen(word));
			n += strlen(word);
		}
		struct finding f;
		classify(&f, log, n, 1 + round * 13);
		assert_true(f.line <= n);
	}
	free(log);
}

GROUP(test_classify)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_corpus_is_classified),
		cmocka_unit_test(single_rules_hold),
		cmocka_unit_test(a_second_log_knows_nothing_of_the_first),
		cmocka_unit_test(signatures_are_in_lower_case),
		cmocka_unit_test(commands_stand_in_front),
		cmocka_unit_test(noise_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
