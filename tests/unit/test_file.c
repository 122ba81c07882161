#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "os/tree.h"
#include "temp_folder.h"

static void
assert_holds(const char *path, const char *want)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *text;
	size_t len;

	assert_int_equal(file_read(&text, &len, path, 0, &a, &err), 0);
	assert_string_equal(text, want);
	assert_int_equal(len, strlen(want));
	arena_dispose(&a);
}

/* Names that file_list hides count here, too. */
static void
assert_alone(const char *in, const char *name)
{
	char command[128];
	snprintf(command, sizeof(command), "test \"$(ls -A '%s')\" = '%s'", in, name);
	assert_int_equal(system(command), 0);	/* NOLINT(cert-env33-c) */
}

static void
a_file_is_replaced_only_when_it_differs(void **state)
{
	(void)state;
	struct stat before, after;
	struct error err = { 0 };

	assert_int_equal(file_replace("one/two/f", "abc", 3, &err), 1);
	assert_holds("one/two/f", "abc");
	assert_int_equal(stat("one/two/f", &before), 0);

	assert_int_equal(file_replace("one/two/f", "abc", 3, &err), 0);
	assert_int_equal(stat("one/two/f", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);

	assert_int_equal(file_replace("one/two/f", "abd", 3, &err), 1);
	assert_holds("one/two/f", "abd");
	assert_int_equal(file_replace("one/two/f", "", 0, &err), 1);
	assert_holds("one/two/f", "");
	assert_int_equal(file_replace("one/two/f", "", 0, &err), 0);
	assert_alone("one/two", "f");
}

static void
a_mode_is_what_the_umask_leaves(void **state)
{
	(void)state;
	struct stat st;
	mode_t old = umask(027);

	assert_int_equal(file_replace("mode", "x", 1, NULL), 1);
	umask(old);
	assert_int_equal(stat("mode", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void
what_fails_leaves_the_old_file_and_nothing_else(void **state)
{
	(void)state;
	struct error err = { 0 };
	struct rlimit small = { 8, 8 }, old;

	assert_int_equal(file_replace("small/f", "old", 3, &err), 1);

	/* A disk that is full, as far as we can tell. */
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int ret = file_replace("small/f", "much longer than it was", 23, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(ret, -1);
	assert_string_equal(err.text, "small/f: File too large");
	assert_holds("small/f", "old");
	assert_alone("small", "f");

	/* A folder where the file should be. */
	err.text[0] = '\0';
	assert_int_equal(tree_make("taken/f/x", &err), 0);
	assert_int_equal(file_replace("taken/f", "x", 1, &err), -1);
	assert_string_equal(err.text, "taken/f: Is a directory");
	assert_alone("taken", "f");

	err.text[0] = '\0';
	assert_int_equal(file_replace("small/f/g", "x", 1, &err), -1);
	assert_string_equal(err.text, "small/f: is not a folder");
}

static void
a_pipe_in_the_way_holds_nobody(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(file_replace("pipe", "x", 1, NULL), 1);
	assert_holds("pipe", "x");
}

static void
reading_has_a_limit(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *text;
	size_t len;

	assert_int_equal(file_replace("limit", "12345", 5, &err), 1);
	assert_int_equal(file_read(&text, &len, "limit", 5, &a, &err), 0);
	assert_int_equal(len, 5);
	assert_int_equal(file_read(&text, &len, "limit", 4, &a, &err), -1);
	assert_string_equal(err.text, "limit: is over 4 bytes");
	err.text[0] = '\0';
	assert_int_equal(file_read(&text, &len, "/dev/zero", 100000, &a, &err), -1);
	assert_string_equal(err.text, "/dev/zero: is over 100000 bytes");
	arena_dispose(&a);
}

static void
what_is_not_there_is_said_or_not(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *text;
	size_t len;

	assert_int_equal(file_read(&text, &len, "none", 0, &a, &err), -1);
	assert_string_equal(err.text, "none: No such file or directory");
	assert_int_equal(file_read_if_there(&text, &len, "none", 0, &a, &err), 0);
	assert_false(file_exists("none"));

	err.text[0] = '\0';
	assert_int_equal(file_read_if_there(&text, &len, ".", 0, &a, &err), -1);
	assert_string_equal(err.text, ".: Is a directory");
	arena_dispose(&a);
}

static void
a_folder_is_listed_in_order(void **state)
{
	(void)state;
	static const char *const made[] = { "b", "a", ".hidden", "C", "a.b" };
	static const char *const want[] = { "C", "a", "a.b", "b" };
	struct arena a = { 0 };
	const char **names;
	size_t n;

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		char path[32];
		snprintf(path, sizeof(path), "list/%s", made[i]);
		assert_int_equal(file_replace(path, "", 0, NULL), 1);
	}
	assert_int_equal(file_list(&names, &n, "list", &a, NULL), 0);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(names[i], want[i]);
	assert_int_equal(file_list(&names, &n, "nowhere", &a, NULL), 0);
	assert_int_equal(n, 0);

	struct error err = { 0 };
	assert_int_equal(file_list(&names, &n, "list/a", &a, &err), -1);
	assert_string_equal(err.text, "list/a: Not a directory");
	arena_dispose(&a);
}

static void
folders_are_made_once(void **state)
{
	(void)state;
	struct error err = { 0 };
	assert_int_equal(tree_make("deep/er/est/", &err), 0);
	assert_int_equal(tree_make("deep/er/est", &err), 0);
	assert_int_equal(tree_make("/", &err), 0);
	assert_int_equal(file_replace("plain", "", 0, &err), 1);
	assert_int_equal(tree_make("plain/x", &err), -1);
	assert_string_equal(err.text, "plain: is not a folder");
}

static void
the_end_of_a_file_is_read(void **state)
{
	static const struct { size_t most; const char *want; } rows[] = {
		{ 0, "" }, { 3, "789" }, { 9, "123456789" }, { 100, "123456789" },
	};
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *text;
	size_t len;
	(void)state;
	assert_int_equal(file_replace("digits", "123456789", 9, &err), 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(file_read_end(&text, &len, "digits", rows[i].most, &a, &err), 1);
		assert_string_equal(text, rows[i].want);
		assert_int_equal(len, strlen(rows[i].want));
	}
	assert_int_equal(file_read_end(&text, &len, "none", 1, &a, &err), 0);
	assert_int_equal(file_read_end(&text, &len, "digits/x", 1, &a, &err), -1);
	assert_string_equal(err.text, "digits/x: Not a directory");
	arena_dispose(&a);
}

static void
programs_are_found_in_path(void **state)
{
	(void)state;
	char *path = strdup(getenv("PATH"));
	assert_true(file_in_path("sh"));
	assert_false(file_in_path("no-such-program"));

	assert_int_equal(mkdir("bin", 0777), 0);
	assert_int_equal(mkdir("bin/folder", 0777), 0);
	assert_int_equal(file_replace("bin/text", "", 0, NULL), 1);
	assert_int_equal(file_replace("bin/prog", "", 0, NULL), 1);
	assert_int_equal(chmod("bin/prog", 0755), 0);
	setenv("PATH", "/nowhere:bin:", 1);
	assert_true(file_in_path("prog"));
	assert_false(file_in_path("text"));
	assert_false(file_in_path("folder"));
	assert_int_equal(rename("bin/prog", "prog"), 0);
	assert_true(file_in_path("prog"));	/* an empty folder is this one */
	setenv("PATH", "bin", 1);
	assert_false(file_in_path("prog"));
	unsetenv("PATH");
	assert_false(file_in_path("sh"));
	setenv("PATH", path, 1);
	free(path);
}

GROUP(test_file)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_replaced_only_when_it_differs),
		cmocka_unit_test(a_mode_is_what_the_umask_leaves),
		cmocka_unit_test(what_fails_leaves_the_old_file_and_nothing_else),
		cmocka_unit_test(a_pipe_in_the_way_holds_nobody),
		cmocka_unit_test(reading_has_a_limit),
		cmocka_unit_test(what_is_not_there_is_said_or_not),
		cmocka_unit_test(the_end_of_a_file_is_read),
		cmocka_unit_test(a_folder_is_listed_in_order),
		cmocka_unit_test(folders_are_made_once),
		cmocka_unit_test(programs_are_found_in_path),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
