#include "registry/credentials.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/credential.h"
#include "os/capture.h"
#include "os/file.h"
#include "registry/docker_config.h"

#define FILE_LIMIT ((size_t)1024 * 1024)
#define OUTPUT_LIMIT ((size_t)64 * 1024)
#define SOURCES 5

struct credentials {
	struct docker_config *sources[SOURCES];
	size_t n;
};

static const char *
from_environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

static int
add_text(struct credentials *c, const char *name, const char *text, size_t len,
         struct error *err)
{
	struct docker_config *config = docker_config_parse(name, text, len, err);
	if (!config)
		return -1;
	c->sources[c->n++] = config;
	return 0;
}

static int
add_file(struct credentials *c, const char *path, struct error *err)
{
	struct arena a = { 0 };
	const char *text;
	size_t len;

	int got = file_read_if_there(&text, &len, path, FILE_LIMIT, &a, err);
	if (got == 1) {
		got = add_text(c, path, text, len, err);
		explicit_bzero((char *)text, len);
	}
	arena_dispose(&a);
	return got < 0 ? -1 : 0;
}

/* Read a file below the folder that an environment variable names, or below $HOME. */
static int
add_file_below(struct credentials *c, const char *variable, const char *below,
               const char *below_home, struct error *err)
{
	const char *folder = from_environment(variable), *home = from_environment("HOME");
	struct str path = { 0 };
	int ret = 0;

	if (folder)
		str_addf(&path, "%s/%s", folder, below);
	else if (home && below_home)
		str_addf(&path, "%s/%s", home, below_home);
	if (path.len)
		ret = add_file(c, str_text(&path), err);
	str_dispose(&path);
	return ret;
}

static int
read_all(struct credentials *c, struct error *err)
{
	const char *text = from_environment("DOCKER_AUTH_CONFIG");
	if (text && add_text(c, "DOCKER_AUTH_CONFIG", text, strlen(text), err) < 0)
		return -1;
	if (add_file_below(c, "DOCKER_CONFIG", "config.json", ".docker/config.json", err) < 0)
		return -1;
	const char *file = from_environment("REGISTRY_AUTH_FILE");
	if (file)
		return add_file(c, file, err);
	if (add_file_below(c, "XDG_RUNTIME_DIR", "containers/auth.json", NULL, err) < 0)
		return -1;
	return add_file_below(c, "XDG_CONFIG_HOME", "containers/auth.json",
	                      ".config/containers/auth.json", err);
}

/*
 * From here on passwords are in memory: a crash must leave no core file.  One byte, not
 * none: with none, Linux still feeds a core to a handler behind a pipe.
 */
static void
leave_no_core(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur > 1) {
		limit.rlim_cur = 1;
		setrlimit(RLIMIT_CORE, &limit);
	}
}

struct credentials *
credentials_new(struct error *err)
{
	leave_no_core();
	struct credentials *c = memory_resize(NULL, sizeof(*c));
	*c = (struct credentials){ 0 };
	if (read_all(c, err) < 0) {
		credentials_free(c);
		return NULL;
	}
	return c;
}

void
credentials_free(struct credentials *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		docker_config_free(c->sources[i]);
	free(c);
}

int
credentials_find(struct credentials *c, const char *registry, const char *repository,
                 struct credential *out, const char **helper, struct error *err)
{
	for (size_t i = 0; i < c->n; i++) {
		switch (docker_config_find(c->sources[i], registry, repository, out, helper, err)) {
		case DOCKER_CONFIG_NOTHING:
			break;
		case DOCKER_CONFIG_CREDENTIAL:
			return 1;
		case DOCKER_CONFIG_HELPER:
			return 2;
		case DOCKER_CONFIG_BROKEN:
			return -1;
		}
	}
	return 0;
}

/* ---- helper programs ---- */

struct helper_run {
	char *program, *registry;
	double deadline_s;
	void (*wake)(void *user);
	void *user;
	pthread_t thread;
	bool started;
	atomic_bool over;

	int result;
	struct credential credential;
	struct error err;
};

static int
ask_helper(struct helper_run *run)
{
	struct str output = { 0 };
	char *argv[] = { run->program, (char *)"get", NULL };
	const char *server = docker_config_server(run->registry);
	struct capture capture = {
		.argv = argv,
		.input = server,
		.input_len = strlen(server),
		.limit = OUTPUT_LIMIT,
		.deadline_s = run->deadline_s,
	};

	int status = capture_run(&output, &capture, &run->err);
	int ret = -1;
	if (status == 127)
		error_set(&run->err, "%s: no such program in PATH", run->program);
	else if (status >= 0) {
		ret = credential_parse_helper(&run->credential, str_text(&output), output.len,
		                              status == 0, &run->err);
		if (ret < 0)
			error_prefix(&run->err, "%s", run->program);
	}
	credential_wipe_str(&output);
	return ret;
}

static void *
helper_thread(void *arg)
{
	struct helper_run *run = arg;
	run->result = ask_helper(run);
	atomic_store(&run->over, true);
	run->wake(run->user);
	return NULL;
}

struct helper_run *
helper_run_start(const char *suffix, const char *registry, double deadline_s,
                 void (*wake)(void *user), void *user)
{
	struct helper_run *run = memory_resize(NULL, sizeof(*run));
	*run = (struct helper_run){ .deadline_s = deadline_s, .wake = wake, .user = user,
	                            .result = -1 };
	struct str program = { 0 }, name = { 0 };
	str_addf(&program, "docker-credential-%s", suffix);
	str_adds(&name, registry);
	run->program = program.data;
	run->registry = name.data;

	int failed = pthread_create(&run->thread, NULL, helper_thread, run);
	run->started = failed == 0;
	if (failed) {
		error_set(&run->err, "%s: %s", run->program, strerror(failed));
		atomic_store(&run->over, true);
	}
	return run;
}

bool
helper_run_is_over(struct helper_run *run)
{
	return atomic_load(&run->over);
}

int
helper_run_result(struct helper_run *run, struct credential *out, struct error *err)
{
	const struct credential *c = &run->credential;

	if (run->result < 0)
		return error_set(err, "%s", run->err.text);
	str_add_bytes(&out->user, str_text(&c->user), c->user.len);
	str_add_bytes(&out->password, str_text(&c->password), c->password.len);
	str_add_bytes(&out->identity_token, str_text(&c->identity_token), c->identity_token.len);
	return run->result;
}

void
helper_run_free(struct helper_run *run)
{
	if (!run)
		return;
	if (run->started)
		pthread_join(run->thread, NULL);
	credential_wipe(&run->credential);
	free(run->program);
	free(run->registry);
	free(run);
}
