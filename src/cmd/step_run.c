#include "cmd/step_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "cmd/claim.h"
#include "core/settings.h"
#include "core/stamp.h"
#include "io/clock.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/process.h"
#include "io/signals.h"

#define DEFAULT_DEADLINE_S 5400
#define DEFAULT_GRACE_S 10
#define RESULT_LIMIT ((size_t)64 * 1024)

/* Exit statuses that scripts and step agree on: docs/design.md, "step". */
enum { STATUS_AGAIN = 75, STATUS_LOST = 76 };

struct run {
	const struct step_request *request;
	struct arena arena;
	struct settings settings;
	struct lock lock;
	const char *mark;	/* GEN_RUN=..., in the environment of all that we start */
	const char *result;	/* where the command reports */
	const char *log;	/* of this attempt */
	struct process_plan plan;
};

static const char *
stamp_path(struct run *r, const char *step)
{
	return arena_printf(&r->arena, "out/stamps/%s.%s", r->request->target, step);
}

/* ---- what the command finds --------------------------------------------------------- */

static int
read_settings(struct run *r, struct error *err)
{
	const char *paths[] = {
		"out/settings/fleet",
		arena_printf(&r->arena, "out/settings/%s", r->request->target),
	};
	for (size_t i = 0; i < 2; i++) {
		const char *text;
		size_t len;
		int got = file_read_if_there(&text, &len, paths[i], 0, &r->arena, err);
		if (got < 0)
			return -1;
		if (got && settings_parse(&r->settings, text, len, paths[i], &r->arena, err) < 0)
			return -1;
	}
	return 0;
}

static int
plan_times(struct run *r, struct error *err)
{
	const char *own = arena_printf(&r->arena, "deadline_s.%s", r->request->step);
	long deadline, grace;
	if (settings_number(&deadline, &r->settings, "deadline_s", DEFAULT_DEADLINE_S, err) < 0 ||
	    settings_number(&deadline, &r->settings, own, deadline, err) < 0 ||
	    settings_number(&grace, &r->settings, "grace_s", DEFAULT_GRACE_S, err) < 0)
		return -1;
	r->plan.deadline_s = (double)deadline;
	r->plan.grace_s = (double)grace;
	return 0;
}

/* "GEN_" and the key in upper case; what a shell's names cannot have becomes '_'. */
static const char *
environment_name(struct run *r, const char *key)
{
	char *name = arena_printf(&r->arena, "GEN_%s", key);
	for (char *p = name; *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
		else if (*p == '.' || *p == '-')
			*p = '_';
	}
	return name;
}

static void
set_environment(struct run *r)
{
	for (size_t i = 0; i < r->settings.n; i++)
		setenv(environment_name(r, r->settings.items[i].key), r->settings.items[i].value, 1);

	const char *target = r->request->target, *dash = strrchr(target, '-');
	setenv("GEN_TARGET", target, 1);
	setenv("GEN_STEP", r->request->step, 1);
	setenv("GEN_ID", dash ? dash + 1 : target, 1);
	setenv("GEN_RESULT", r->result, 1);
	setenv("GEN_RUN", strchr(r->mark, '=') + 1, 1);
}

/* ---- one attempt -------------------------------------------------------------------- */

/* The attempt's number: one more than the highest of the logs that are there. */
static long
next_attempt(const char *const *names, size_t n, const char *step)
{
	long highest = 0;
	size_t len = strlen(step);
	for (size_t i = 0; i < n; i++) {
		if (strncmp(names[i], step, len) != 0 || names[i][len] != '.')
			continue;
		long number = strtol(names[i] + len + 1, NULL, 10);
		if (number > highest)
			highest = number;
	}
	return highest + 1;
}

static int
open_log(struct run *r, struct error *err)
{
	const char *folder = arena_printf(&r->arena, "out/logs/%s", r->request->target);
	const char **names;
	size_t n;
	if (file_make_folders(folder, err) < 0 ||
	    file_list(&names, &n, folder, &r->arena, err) < 0)
		return -1;
	r->log = arena_printf(&r->arena, "%s/%s.%ld.log", folder, r->request->step,
	                      next_attempt(names, n, r->request->step));
	int fd = open(r->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_set(err, "%s: %s", r->log, strerror(errno));
	return fd;
}

static int
run_command(struct run *r, struct process_end *end, struct error *err)
{
	int fd = open_log(r, err);
	if (fd < 0)
		return -1;
	unlink(r->result);
	r->plan.argv = r->request->command;
	r->plan.output = fd;
	int ret = process_run(end, &r->plan, err);
	close(fd);
	return ret;
}

/* ---- what became of it --------------------------------------------------------------- */

static int
write_stamp(struct run *r, struct error *err)
{
	struct settings result = { 0 };
	struct str text = { 0 };
	const char *said;
	size_t len;
	int ret = -1;

	int got = file_read_if_there(&said, &len, r->result, RESULT_LIMIT, &r->arena, err);
	if (got < 0 || (got && settings_parse(&result, said, len, r->result, &r->arena, err) < 0))
		goto out;
	if (stamp_render(&text, r->request->step, r->request->target, r->request->input, &result,
	                 err) < 0)
		goto out;
	if (file_replace(stamp_path(r, r->request->step), str_text(&text), text.len, err) >= 0)
		ret = 0;
out:
	unlink(r->result);
	settings_dispose(&result);
	str_dispose(&text);
	return ret;
}

/* An input is gone: without their stamps, the steps that make it run again. */
static void
forget_steps_before(struct run *r)
{
	size_t n;
	const char *const *steps = stamp_steps_before(&n, r->request->step);
	for (size_t i = 0; i < n; i++)
		unlink(stamp_path(r, steps[i]));
}

static int
failed(struct run *r, const struct process_end *end)
{
	fprintf(stderr, "step: %s of %s failed: ", r->request->step, r->request->target);
	if (end->deadline_hit)
		fprintf(stderr, "over its deadline of %.0f s", r->plan.deadline_s);
	else if (end->keeper_lost)
		fprintf(stderr, "its keeper was killed");
	else if (end->signal)
		fprintf(stderr, "ended by signal %d (%s)", end->signal, strsignal(end->signal));
	else
		fprintf(stderr, "exit status %d", end->status);
	fprintf(stderr, "; log: %s\n", r->log);
	if (!end->deadline_hit && !end->signal && end->status == STATUS_LOST) {
		forget_steps_before(r);
		fprintf(stderr, "step: an input was lost; the next ninja makes it again\n");
	}
	return -1;
}

static int
attempt(struct run *r, struct error *err)
{
	struct process_end end;
	if (run_command(r, &end, err) < 0)
		return -1;
	if (end.interrupt) {
		unlink(r->result);
		lock_release(&r->lock);
		signals_die(end.interrupt);
	}
	if (end.deadline_hit || end.keeper_lost || end.signal || end.status)
		return failed(r, &end);
	return write_stamp(r, err);
}

static int
run_locked(struct run *r, struct error *err)
{
	if (read_settings(r, err) < 0 || plan_times(r, err) < 0)
		return -1;
	set_environment(r);
	return attempt(r, err);
}

int
step_run(const struct step_request *request)
{
	struct run r = { .request = request, .lock = { .fd = -1 } };
	struct error err = { 0 };
	int ret = -1;

	signals_watch();
	const char *path = arena_printf(&r.arena, "out/run/%s.%s", request->target, request->step);
	r.result = arena_printf(&r.arena, "%s.result", path);
	r.mark = arena_printf(&r.arena, "GEN_RUN=%ld.%jd", (long)getpid(),
	                      (intmax_t)clock_epoch_s());
	if (file_make_folders("out/run", &err) == 0 && claim_folder(&r.arena, &err) == 0 &&
	    claim_edge(&r.lock, path, request->input, r.mark, &r.arena, &err) == 0)
		ret = run_locked(&r, &err);
	if (err.text[0])
		fprintf(stderr, "step: %s\n", err.text);

	lock_release(&r.lock);
	settings_dispose(&r.settings);
	arena_dispose(&r.arena);
	return ret < 0 ? 1 : 0;
}

int
step_held(const char *target)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *path = arena_printf(&a, "out/held/%s", target), *text;
	size_t len;
	if (file_read(&text, &len, path, 0, &a, &err) < 0)
		fprintf(stderr, "step: %s\n", err.text);
	else
		fprintf(stderr, "%s is held: %s%s", target, text,
		        len && text[len - 1] == '\n' ? "" : "\n");
	arena_dispose(&a);
	return 1;
}
