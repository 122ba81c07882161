#include "registry/credentials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "unit.h"

#include "base/error.h"
#include "http/credential.h"
#include "os/file.h"
#include "temp_folder.h"

/* user:secret, other:secret, third:secret */
#define USER "dXNlcjpzZWNyZXQ="
#define OTHER "b3RoZXI6c2VjcmV0"
#define THIRD "dGhpcmQ6c2VjcmV0"
#define ENTRY(auth) "{\"auths\":{\"r.example\":{\"auth\":\"" auth "\"}}}"

static void
write_file(const char *path, const char *text)
{
	assert_int_not_equal(file_replace(path, text, strlen(text), NULL), -1);
}

static void
clear(void)
{
	static const char *const names[] = { "DOCKER_AUTH_CONFIG", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE",
	                                     "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	setenv("HOME", folder, 1);
}

static void
the_first_that_knows_counts(void **state)
{
	(void)state;
	static const struct {
		const char *set[2], *value[2];
		const char *user;	/* NULL: nobody */
	} rows[] = {
		{ { NULL }, { NULL }, "user" },
		{ { "DOCKER_CONFIG" }, { "docker" }, "other" },
		{ { "DOCKER_CONFIG", "REGISTRY_AUTH_FILE" }, { "nowhere", "third.json" }, "third" },
		{ { "DOCKER_CONFIG", "XDG_RUNTIME_DIR" }, { "nowhere", "runtime" }, "third" },
		{ { "DOCKER_CONFIG", "XDG_CONFIG_HOME" }, { "empty", "runtime" }, "third" },
		{ { "DOCKER_CONFIG" }, { "nowhere" }, NULL },
		{ { "DOCKER_AUTH_CONFIG", "DOCKER_CONFIG" }, { ENTRY(THIRD), "docker" }, "third" },
		{ { "DOCKER_AUTH_CONFIG", "DOCKER_CONFIG" }, { "{}", "docker" }, "other" },
	};
	write_file(".docker/config.json", ENTRY(USER));
	write_file("docker/config.json", ENTRY(OTHER));
	write_file("empty/config.json", "{}");
	write_file("third.json", ENTRY(THIRD));
	write_file("runtime/containers/auth.json", ENTRY(THIRD));

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct credential c = { 0 };
		struct error err = { 0 };
		const char *helper;

		clear();
		for (size_t j = 0; j < 2 && rows[i].set[j]; j++)
			setenv(rows[i].set[j], rows[i].value[j], 1);
		struct credentials *all = credentials_new(&err);
		assert_non_null(all);
		assert_int_equal(credentials_find(all, "r.example", "a/b", &c, &helper, &err),
		                 rows[i].user ? 1 : 0);
		assert_string_equal(str_text(&c.user), rows[i].user ? rows[i].user : "");
		credential_wipe(&c);
		credentials_free(all);
	}
	clear();
}

static void
a_broken_file_is_named_without_its_text(void **state)
{
	(void)state;
	struct error err = { 0 };

	clear();
	write_file("broken/config.json", "{\"auths\": secret");
	setenv("DOCKER_CONFIG", "broken", 1);
	assert_null(credentials_new(&err));
	assert_string_equal(err.text, "broken/config.json: line 1: is not JSON");
	clear();
}

static void
no_core_is_left(void **state)
{
	(void)state;
	struct rlimit limit = { 1000000, 0 };

	clear();
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_CORE, &limit), 0);
	credentials_free(credentials_new(NULL));
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_true(limit.rlim_cur <= 1);
}

static void
count(void *user)
{
	__atomic_add_fetch((int *)user, 1, __ATOMIC_SEQ_CST);
}

static void
write_helper(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof(path), "bin/docker-credential-%s", name);
	write_file(path, text);
	assert_int_equal(chmod(path, 0755), 0);
}

static void
a_helper_is_asked(void **state)
{
	(void)state;
	static const struct { const char *helper; int result; const char *user, *error; } rows[] = {
		{ "good", 1, "get docker-hub", "" },
		{ "none", 0, "", "" },
		{ "failing", -1, "", "docker-credential-failing: it said \"locked\"" },
		{ "killed", -1, "", "docker-credential-killed: killed by signal 9" },
		{ "absent", -1, "", "docker-credential-absent: no such program in PATH" },
	};
	char path[256];

	write_helper("good", "#!/bin/sh\nserver=$(cat)\n"
	             "[ \"$server\" = https://index.docker.io/v1/ ] && name=docker-hub\n"
	             "printf '{\"Username\":\"%s %s\",\"Secret\":\"s\"}' \"$*\" \"$name\"\n");
	write_helper("none", "#!/bin/sh\necho credentials not found in native keychain\nexit 1\n");
	write_helper("failing", "#!/bin/sh\necho locked\nexit 1\n");
	write_helper("killed", "#!/bin/sh\nkill -9 $$\n");
	snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", folder);
	setenv("PATH", path, 1);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int woken = 0;
		struct helper_run *run = helper_run_start(rows[i].helper, "docker.io", 30, count, &woken);
		while (!helper_run_is_over(run))
			;
		for (int twice = 0; twice < 2; twice++) {
			struct credential c = { 0 };
			struct error err = { 0 };
			assert_int_equal(helper_run_result(run, &c, &err), rows[i].result);
			assert_string_equal(str_text(&c.user), rows[i].user);
			assert_string_equal(err.text, rows[i].error);
			credential_wipe(&c);
		}
		helper_run_free(run);
		assert_int_equal(woken, 1);
	}
}

GROUP(test_credentials)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_knows_counts),
		cmocka_unit_test(a_broken_file_is_named_without_its_text),
		cmocka_unit_test(no_core_is_left),
		cmocka_unit_test(a_helper_is_asked),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
