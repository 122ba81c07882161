#include "os/lock.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "os/file.h"

#define PATH "lock"

/* A child that has the lock, says so, and waits to be killed. */
static pid_t
holder(void)
{
	int pipe_fd[2];
	char ready;
	assert_int_equal(pipe(pipe_fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct lock l = { .fd = -1 };
		struct arena a = { 0 };
		const char *text;
		if (lock_try(&l, PATH, &text, &a, NULL) != 1 || lock_write(&l, "child", 5, NULL) < 0 ||
		    write(pipe_fd[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(pipe_fd[1]);
	assert_int_equal(read(pipe_fd[0], &ready, 1), 1);
	close(pipe_fd[0]);
	return pid;
}

static void
one_has_it(void **state)
{
	struct lock l = { .fd = -1 };
	struct arena a = { 0 };
	const char *text;
	(void)state;
	unlink(PATH);
	assert_false(lock_is_held(PATH, &text, &a));
	assert_string_equal(text, "");
	pid_t pid = holder();
	assert_int_equal(lock_try(&l, PATH, &text, &a, NULL), 0);
	assert_string_equal(text, "child");
	assert_true(lock_is_held(PATH, &text, &a));
	assert_string_equal(text, "child");

	/* The dead let go, and their text tells of them. */
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_true(waitpid(pid, NULL, 0) == pid);
	assert_false(lock_is_held(PATH, &text, &a));
	assert_int_equal(lock_try(&l, PATH, &text, &a, NULL), 1);
	assert_string_equal(text, "child");
	assert_int_equal(lock_write(&l, "us", 2, NULL), 0);
	assert_true(lock_is_held(PATH, &text, &a));
	assert_string_equal(text, "us");
	lock_close(&l);
	assert_true(file_exists(PATH));
	assert_int_equal(lock_take(&l, PATH, NULL), 0);
	lock_release(&l);
	assert_false(file_exists(PATH));
	lock_release(&l);	/* does nothing */
	arena_dispose(&a);
}

/*
 * Many take and remove the file again and again; a lock on a removed file would let two
 * of them count at the same time.
 */
static void
a_removed_file_is_no_lock(void **state)
{
	enum { CHILDREN = 4, ROUNDS = 200 };
	(void)state;
	assert_true(file_replace("count", "0", 1, NULL) >= 0);
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid)
			continue;
		for (int round = 0; round < ROUNDS; round++) {
			struct lock l = { .fd = -1 };
			struct arena a = { 0 };
			const char *text;
			size_t len;
			if (lock_take(&l, PATH, NULL) < 0 || file_read(&text, &len, "count", 0, &a, NULL) < 0)
				_exit(1);
			text = arena_printf(&a, "%ld", strtol(text, NULL, 10) + 1);
			if (file_replace("count", text, strlen(text), NULL) < 0)
				_exit(1);
			lock_release(&l);
			arena_dispose(&a);
		}
		_exit(0);
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	struct arena a = { 0 };
	const char *text;
	size_t len;
	assert_int_equal(file_read(&text, &len, "count", 0, &a, NULL), 0);
	assert_int_equal(strtol(text, NULL, 10), CHILDREN * ROUNDS);
	unlink("count");
	arena_dispose(&a);
}

GROUP(test_lock)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_has_it),
		cmocka_unit_test(a_removed_file_is_no_lock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
