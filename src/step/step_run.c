#include "step/step_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/str.h"
#include "logs/log_class.h"
#include "logs/log_name.h"
#include "os/capture.h"
#include "os/claim.h"
#include "os/clock.h"
#include "os/engine.h"
#include "os/file.h"
#include "os/machine.h"
#include "os/signals.h"
#include "os/tree.h"
#include "plan/plan_file.h"
#include "plan/recipe_text.h"
#include "record/stamp.h"
#include "step/edge_run.h"
#include "step/step_admit.h"
#include "step/step_record.h"
#include "step/step_report.h"

#define DEFAULT_DEADLINE_S 5400
#define DEFAULT_GRACE_S 10
#define DEFAULT_ATTEMPTS 4
#define DEFAULT_RETRY_WAIT_S 15
#define DEFAULT_WAIT_MOST_S 3600
#define RETRY_WAIT_MOST_S 600
#define RESULT_LIMIT ((size_t)64 * 1024)

/* ---- settings -------------------------------------------------------------------------- */

static int
read_fleet_settings(struct edge_run *s, struct error *err)
{
	const char *path = "out/settings/fleet", *text;
	size_t len;
	int got = file_read_if_there(&text, &len, path, 0, &s->arena, err);

	return got > 0 ? pairs_parse(&s->settings, text, len, path, &s->arena, err) : got;
}

/* out/FOLDER/TARGET; the text is disposed of. */
static int
leave_text(struct str *text, const char *folder, struct edge_run *s, struct error *err)
{
	const char *path = arena_printf(&s->arena, "out/%s/%s", folder, s->request->target);
	int ret = file_replace(path, str_text(text), text->len, err);
	str_dispose(text);
	return ret < 0 ? -1 : 0;
}

/*
 * Leave this image's recipe, as the plan has it, where the scripts read it.  In a folder without
 * a plan, what is there already counts.
 */
static int
unpack_recipe(struct edge_run *s, struct error *err)
{
	struct str recipe = { 0 }, environment = { 0 };
	struct planned_image *image = &s->image;

	int got = plan_file_find(&s->fleet, image, s->request->target, &s->arena, err);
	if (got <= 0 || image->decision != DECISION_BUILD) {
		*image = (struct planned_image){ 0 };
		return got < 0 ? -1 : 0;
	}
	recipe_settings(&s->settings, &s->fleet, image, &s->arena);
	recipe_text(&recipe, &s->fleet, image, &s->arena);
	recipe_environment_text(&environment, image);
	int ret = leave_text(&recipe, "recipes", s, err);
	return leave_text(&environment, "environment", s, err) < 0 ? -1 : ret;
}

/* Gen has run since ninja started: the image would not be what the stamp then says. */
static int
check_input(const struct edge_run *s, struct error *err)
{
	const char *input = s->image.input;

	if (!s->builds || !input || strcmp(input, s->request->input) == 0)
		return 0;
	return error_set(err, "%s: the plan has changed since ninja started: run ninja again",
	                 s->request->target);
}

static int
apply_times(struct edge_run *s, struct error *err)
{
	const char *own = arena_printf(&s->arena, "deadline_s.%s", step_name(s->request->step));
	long deadline, grace;
	if (pairs_number(&deadline, &s->settings, "deadline_s", DEFAULT_DEADLINE_S, err) < 0 ||
	    pairs_number(&deadline, &s->settings, own, deadline, err) < 0 ||
	    pairs_number(&grace, &s->settings, "grace_s", DEFAULT_GRACE_S, err) < 0 ||
	    pairs_number(&s->wait_most_s, &s->settings, "wait_s", DEFAULT_WAIT_MOST_S, err) < 0)
		return -1;
	s->plan.deadline_s = (double)deadline;
	s->plan.grace_s = (double)grace;
	return 0;
}

static int
apply_attempts(struct edge_run *s, struct error *err)
{
	const char *ladder = pairs_get(&s->settings, "ladder");
	long attempts;
	if (ladder_parse(&s->run.ladder, ladder && *ladder ? ladder : LADDER_DEFAULT, err) < 0 ||
	    pairs_number(&s->jobs_wanted, &s->settings, "jobs", 0, err) < 0 ||
	    pairs_number(&attempts, &s->settings, "attempts", DEFAULT_ATTEMPTS, err) < 0 ||
	    pairs_decimal(&s->run.wait_s, &s->settings, "retry_wait_s", DEFAULT_RETRY_WAIT_S,
	                     err) < 0)
		return -1;
	s->run.waits_most = attempts > 0 ? attempts - 1 : 0;
	s->run.wait_most_s = RETRY_WAIT_MOST_S;
	s->run.uses_jobs = s->builds && s->jobs_wanted > 0;
	s->run.again_helps = s->request->step == STEP_PUSH;
	s->run.jobs = s->run.uses_jobs ? record_rung_read(s) : s->jobs_wanted;
	return 0;
}

static int
apply_settings(struct edge_run *s, struct error *err)
{
	if (read_fleet_settings(s, err) < 0 || unpack_recipe(s, err) < 0)
		return -1;
	s->engine = engine_parse(pairs_get(&s->settings, "engine"));
	s->builds = s->request->step == STEP_IMAGE;
	s->needs_engine = s->builds || s->request->step == STEP_VERIFY || s->request->step == STEP_PUSH;
	return check_input(s, err) < 0 || apply_times(s, err) < 0 || apply_attempts(s, err) < 0 ? -1 : 0;
}

/* "GEN_" and the key in upper case; what a shell's names cannot have becomes '_'. */
static const char *
environment_name(struct edge_run *s, const char *key)
{
	char *name = arena_printf(&s->arena, "GEN_%s", key);
	for (char *p = name; *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
		else if (*p == '.' || *p == '-')
			*p = '_';
	}
	return name;
}

static void
set_environment(struct edge_run *s)
{
	for (size_t i = 0; i < s->settings.n; i++)
		setenv(environment_name(s, s->settings.items[i].key), s->settings.items[i].value, 1);
	setenv("GEN_TARGET", s->request->target, 1);
	setenv("GEN_STEP", step_name(s->request->step), 1);
	setenv("GEN_ID", s->id, 1);
	setenv("GEN_RESULT", s->result, 1);
	setenv("GEN_RUN", strchr(s->mark, '=') + 1, 1);
	if (s->run.jobs)
		setenv("GEN_JOBS", arena_printf(&s->arena, "%ld", s->run.jobs), 1);
}

/* ---- one attempt ------------------------------------------------------------------------ */

/* One more than the highest number of the logs that are there. */
static long
next_number(const char *const *names, size_t n, const char *step)
{
	long highest = 0, number;
	for (size_t i = 0; i < n; i++) {
		size_t len = log_name_parse(&number, names[i]);
		if (len && len == strlen(step) && memcmp(names[i], step, len) == 0 && number > highest)
			highest = number;
	}
	return highest + 1;
}

static int
open_log(struct edge_run *s, struct error *err)
{
	const char *folder = arena_printf(&s->arena, "out/logs/%s", s->request->target);
	const char *step = step_name(s->request->step), **names;
	size_t n;
	if (tree_make(folder, err) < 0 ||
	    file_list(&names, &n, folder, &s->arena, err) < 0)
		return -1;
	s->number = next_number(names, n, step);
	s->log = arena_printf(&s->arena, "%s/%s.%ld.log", folder, step, s->number);
	int fd = open(s->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_set(err, "%s: %s", s->log, strerror(errno));
	return fd;
}

static int
run_command(struct edge_run *s, struct error *err)
{
	int fd = open_log(s, err);
	if (fd < 0)
		return -1;
	unlink(s->result);
	s->tries++;
	set_environment(s);
	record_started(s);
	s->plan.argv = s->request->command;
	s->plan.output = fd;
	int ret = process_run(&s->end, &s->plan, err);
	close(fd);
	return ret;
}

static bool
has_succeeded(const struct process_end *end)
{
	return !end->deadline_hit && !end->keeper_lost && !end->signal && end->status == 0;
}

static bool
has_status(const struct process_end *end, int status)
{
	return !end->deadline_hit && !end->keeper_lost && !end->signal && end->status == status;
}

/* ---- success ------------------------------------------------------------------------------ */

/* What the image in the stamp was made from: the recipe may be another by the next run. */
static int
keep_recipe(struct edge_run *s, struct error *err)
{
	struct str text = { 0 };

	if (!s->builds || !s->image.target)
		return 0;
	recipe_text(&text, &s->fleet, &s->image, &s->arena);
	return leave_text(&text, "built", s, err);
}

static int
write_stamp(struct edge_run *s, const struct pairs *result, struct error *err)
{
	struct str text = { 0 };
	const struct step_request *r = s->request;
	const char *path = step_stamp_path(r->target, r->step, &s->arena);
	int ret = stamp_render(&text, r->step, r->target, r->input, result, err);
	if (ret == 0 && file_replace(path, str_text(&text), text.len, err) < 0)
		ret = -1;
	str_dispose(&text);
	return ret;
}

/* What the command reported. */
static int
read_result(struct pairs *result, struct edge_run *s, struct error *err)
{
	const char *text;
	size_t len;

	int got = file_read_if_there(&text, &len, s->result, RESULT_LIMIT, &s->arena, err);
	if (got > 0)
		got = pairs_parse(result, text, len, s->result, &s->arena, err);
	unlink(s->result);
	return got < 0 ? -1 : 0;
}

static int
succeeded(struct edge_run *s, struct error *err)
{
	struct pairs result = { 0 };
	int ret = -1;

	if (read_result(&result, s, err) < 0 || keep_recipe(s, err) < 0 ||
	    write_stamp(s, &result, err) < 0)
		goto out;
	record_succeeded(s, &result);
	if (s->run.uses_jobs)
		record_rung_worked(s);
	record_cleared(s);
	ret = 0;
out:
	pairs_dispose(&result);
	return ret;
}

/* ---- failure ------------------------------------------------------------------------------- */

static void
read_finding(struct edge_run *s, struct finding *out)
{
	struct error err = { 0 };
	struct classifier *c = classifier_new();
	*out = (struct finding){ 0 };
	int fd = open(s->log, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || log_class_read(out, c, fd, s->log, &err) < 0)
		fprintf(stderr, "step: %s\n", *err.text ? err.text : strerror(errno));
	if (fd >= 0)
		close(fd);
	classifier_free(c);
}

static double
disk_free_mb(struct edge_run *s)
{
	const char *store = s->builds ? engine_store(s->engine, &s->arena) : NULL;
	double here = machine_disk_free_gb("out"), there = store ? machine_disk_free_gb(store) : -1;
	double least = there >= 0 && there < here ? there : here;
	return least < 0 ? -1 : least * 1024;
}

static void
judge(struct edge_run *s, struct step_failure *f, const struct machine_kills *before)
{
	struct machine_kills after;
	machine_kills(&after);
	long whole = after.whole - before->whole, own = after.own - before->own;
	struct attempt_facts facts = {
		.status = s->end.status,
		.signal = s->end.signal,
		.deadline_hit = s->end.deadline_hit,
		.deadline_s = s->plan.deadline_s,
		.keeper_lost = s->end.keeper_lost,
		/* Only a build takes so much memory that it is it; others are bystanders. */
		.oom_kills = !s->builds ? 0 : whole > 0 || own > 0 ? (whole > own ? whole : own) :
		             after.known ? 0 : -1,
		.engine_gone = s->needs_engine && !engine_answers(s->engine),
		.disk_free_mb = disk_free_mb(s),
	};
	struct str cause = { 0 };
	*f = (struct step_failure){ 0 };
	read_finding(s, &f->finding);
	attempt_judge(&f->judgement, &facts, &f->finding);
	/* As it is it would run out of memory again. */
	f->again = facts.oom_kills <= 0 && (has_status(&s->end, STATUS_AGAIN) || s->end.keeper_lost);
	if (f->judgement.by_fact || !f->finding.line) {
		attempt_describe_fact(&cause, &facts, f->judgement.class);
		f->cause = arena_strdup(&s->arena, str_text(&cause));
	}
	str_dispose(&cause);
}

/* From 0 to 1. */
static double
chance(void)
{
	double t = clock_monotonic_s() * 1e6 + (double)getpid() * 7919;
	return (double)((uint64_t)t % 1000) / 1000;
}

/* An input is gone: without their stamps, the steps that make it run again. */
static void
lose_input(struct edge_run *s)
{
	for (unsigned i = 0; i < s->request->step; i++)
		unlink(step_stamp_path(s->request->target, (enum step)i, &s->arena));
	record_lost(s);
	report_lost(s);
}

/* Returns 1 to go on with another attempt, -1 not to, or a signal that came meanwhile, negated. */
static int
failed(struct edge_run *s, const struct machine_kills *before)
{
	struct pairs result = { 0 };
	struct step_failure f;
	struct next_attempt next;
	read_result(&result, s, NULL);
	judge(s, &f, before);
	attempt_decide(&next, &s->run, f.judgement.class, f.again, f.finding.retry_after_s, chance());
	if (next.sequel == SEQUEL_WAIT && next.wait_s > (double)s->wait_most_s)
		next.sequel = SEQUEL_STOP;
	record_failed(s, &f, &next, &result);
	pairs_dispose(&result);
	report_attempt(s, &f, &next);

	switch (next.sequel) {
	case SEQUEL_STOP:
		record_failure(s, &f);
		report_failure(s, &f);
		return -1;
	case SEQUEL_FEWER_JOBS:
		s->run.jobs = next.jobs;
		if (f.judgement.class == FAILURE_OOM)
			record_rung_failed(s);
		return 1;
	case SEQUEL_WAIT:
		break;
	}
	record_waiting(s, failure_class_name(f.judgement.class), next.wait_s);
	s->interrupt = signals_wait(next.wait_s, NULL);
	return s->interrupt ? -1 : 1;
}

/* ---- all attempts ------------------------------------------------------------------------------ */

/* Returns 1 to go on with another attempt, 0 done, -1 failed or s->interrupt set. */
static int
attempt(struct edge_run *s, struct error *err)
{
	struct machine_kills before;
	int admitted = step_admit(s, err);
	if (admitted != 0) {
		s->interrupt = admitted > 0 ? admitted : 0;
		if (admitted < 0)
			record_not_started(s, err->text);
		return -1;
	}
	machine_kills(&before);
	if (run_command(s, err) < 0)
		return -1;
	s->interrupt = s->end.interrupt;
	if (s->interrupt)
		return -1;
	if (has_succeeded(&s->end))
		return succeeded(s, err);
	if (has_status(&s->end, STATUS_LOST)) {
		unlink(s->result);
		lose_input(s);
		return -1;
	}
	return failed(s, &before);
}

static int
run_locked(struct edge_run *s, struct error *err)
{
	if (apply_settings(s, err) < 0)
		return -1;
	int ret;
	do
		ret = attempt(s, err);
	while (ret == 1);
	if (s->interrupt)
		record_interrupted(s);
	return ret;
}

#define REPORTS_DEADLINE_S 4.0	/* ^C must not wait for longer */

/*
 * An image is done as far as this step goes, or has failed: out/status.* are made anew, by
 * gen, since step knows nothing of the fleet.  A report that cannot be made fails no step.
 */
static void
renew_reports(struct edge_run *s, int ret)
{
	const char *gen = pairs_get(&s->settings, "gen");
	char *argv[] = { gen ? arena_strdup(&s->arena, gen) : NULL, (char *)"status", (char *)"--files", NULL };
	struct capture c = { .argv = argv, .limit = 1, .deadline_s = REPORTS_DEADLINE_S, .quiet = true };

	if (gen && !s->interrupt && file_exists(PLAN_FILE) &&
	    (ret < 0 || s->request->step == STEP_VERIFY || s->request->step == STEP_PUSH))
		capture_run(NULL, &c, NULL);
}

int
step_run(const struct step_request *request)
{
	struct edge_run s = { .request = request, .lock = { .fd = -1 } };
	struct error err = { 0 };
	int ret = -1;

	signals_watch();
	const char *path = step_lock_path(request->target, request->step, &s.arena);
	const char *dash = strrchr(request->target, '-');
	s.id = dash ? dash + 1 : request->target;
	s.result = arena_printf(&s.arena, "%s.result", path);
	s.mark = arena_printf(&s.arena, "GEN_RUN=%ld.%jd", (long)getpid(), (intmax_t)clock_epoch_s());
	if (tree_make("out/run", &err) == 0 && claim_folder(&s.arena, &err) == 0 &&
	    claim_edge(&s.lock, path, request->input, s.mark, &s.arena, &err) == 0)
		ret = run_locked(&s, &err);
	if (*err.text)
		fprintf(stderr, "step: %s\n", err.text);

	unlink(s.result);
	lock_release(&s.lock);
	renew_reports(&s, ret);
	pairs_dispose(&s.settings);
	arena_dispose(&s.arena);
	if (s.interrupt)
		signals_die(s.interrupt);
	return ret < 0 ? 1 : 0;
}

int
step_held(const char *target)
{
	struct planned fleet;
	struct planned_image image;
	struct arena a = { 0 };
	struct error err = { 0 };

	int there = plan_file_find(&fleet, &image, target, &a, &err);
	if (there < 0)
		fprintf(stderr, "step: %s\n", err.text);
	else if (there > 0 && image.decision == DECISION_HOLD)
		fprintf(stderr, "%s is held: %s\n", target, image.reason);
	else
		fprintf(stderr, "step: %s: " PLAN_FILE " does not say that it is held: run gen\n", target);
	arena_dispose(&a);
	return 1;
}
