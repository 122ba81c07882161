#include "step/step_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/str.h"
#include "base/utc.h"
#include "json/flat_object.h"
#include "os/append.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/tree.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "record/progress.h"
#include "record/stamp.h"
#include "step/edge_run.h"

#define JOURNAL "out/journal.jsonl"
#define LEDGER "out/failures.jsonl"
#define PROGRESS "out/build_progress.json"
#define PROGRESS_LOCK "out/run/progress"

static const char *
now(struct edge_run *s)
{
	char *text = arena_alloc(&s->arena, UTC_SIZE);
	utc_text(text, clock_epoch_s());
	return text;
}

static void
say_error(const struct error *err)
{
	fprintf(stderr, "step: %s\n", err->text);
}

/* ---- journal ------------------------------------------------------------------------ */

static void
event_start(struct edge_run *s, struct str *line, enum event event)
{
	flat_object_start(line);
	flat_object_text(line, "time", now(s));
	flat_object_text(line, "event", event_name(event));
	flat_object_text(line, "target", s->request->target);
	flat_object_text(line, "step", step_name(s->request->step));
	if (s->number)
		flat_object_long(line, "attempt", s->number);
	if (s->run.uses_jobs)
		flat_object_long(line, "jobs", s->run.jobs);
}

static void
append(const char *path, struct str *lines)
{
	struct error err = { 0 };
	if (append_lines(path, str_text(lines), lines->len, &err) < 0)
		say_error(&err);
	str_dispose(lines);
}

static void
event_write(struct str *line)
{
	flat_object_end(line);
	str_add(line, '\n');
	append(JOURNAL, line);
}

/* class: of OUTCOME_FAILED. */
static void
event_end(struct edge_run *s, struct str *line, enum outcome outcome, enum failure_class class)
{
	event_start(s, line, EVENT_ENDED);
	flat_object_text(line, "class", outcome_name(outcome, class));
	flat_object_tenths(line, "seconds", s->end.seconds);
	if (s->end.peak_kb > 0)
		flat_object_long(line, "peak_mb", s->end.peak_kb / 1024);
}

/* What the step reports for the journal; numbers as such. */
static void
add_reported(struct str *line, const struct pairs *result)
{
	for (size_t i = 0; i < result->n; i++) {
		const struct pair *r = &result->items[i];
		if (strncmp(r->key, STAMP_JOURNAL, strlen(STAMP_JOURNAL)) != 0)
			continue;
		const char *key = r->key + strlen(STAMP_JOURNAL);
		size_t digits = strspn(r->value, "0123456789");
		if (digits && digits < 16 && !r->value[digits])
			flat_object_long(line, key, strtol(r->value, NULL, 10));
		else
			flat_object_text(line, key, r->value);
	}
}

/* ---- progress ----------------------------------------------------------------------- */

/* A step that was killed could not say so: its lock's file is there, and nobody has it. */
static void
mark_killed(struct edge_run *s, struct progress *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct progress_image *image = &p->images[i];
		enum progress_state state = progress_state_of(image);
		if (state != PROGRESS_RUNNING && state != PROGRESS_WAITING)
			continue;
		struct pairs m = { 0 };
		const char *text;
		enum step step = STEPS;
		if (flat_object_read(&m, image->members, strlen(image->members), &s->arena) == 0)
			step_parse(&step, pairs_get(&m, "step"));
		if (step == STEPS ||
		    !lock_is_held(step_lock_path(image->target, step, &s->arena), &text, &s->arena)) {
			struct str members = { 0 };
			flat_object_start(&members);
			flat_object_text(&members, "step", pairs_get(&m, "step"));
			flat_object_text(&members, "state", progress_state_name(PROGRESS_KILLED));
			flat_object_text(&members, "since", now(s));
			flat_object_text(&members, "log", pairs_get(&m, "log"));
			flat_object_end(&members);
			image->members = arena_strdup(&s->arena, str_text(&members));
			str_dispose(&members);
		}
		pairs_dispose(&m);
	}
}

static void
progress_set(struct edge_run *s, const char *members)
{
	struct error err = { 0 };
	struct lock lock = { .fd = -1 };
	struct progress p = { 0 };
	struct str out = { 0 };
	const char *text;
	size_t len;

	if (lock_take(&lock, PROGRESS_LOCK, &err) < 0) {
		say_error(&err);
		return;
	}
	if (file_read_if_there(&text, &len, PROGRESS, 0, &s->arena, NULL) == 1)
		progress_read(&p, text, len, &s->arena);
	progress_put(&p, s->request->target, members);
	mark_killed(s, &p);
	progress_render(&out, &p, now(s));
	if (file_replace(PROGRESS, str_text(&out), out.len, &err) < 0)
		say_error(&err);
	lock_close(&lock);
	progress_dispose(&p);
	str_dispose(&out);
}

static void
progress_state(struct edge_run *s, enum progress_state state, const char *class, const char *reason)
{
	struct str members = { 0 };
	flat_object_start(&members);
	flat_object_text(&members, "step", step_name(s->request->step));
	flat_object_text(&members, "state", progress_state_name(state));
	flat_object_text(&members, "since", now(s));
	if (s->number)
		flat_object_long(&members, "attempt", s->number);
	if (s->run.uses_jobs)
		flat_object_long(&members, "jobs", s->run.jobs);
	flat_object_text(&members, "class", class);
	flat_object_text(&members, "reason", reason);
	flat_object_text(&members, "log", s->log);
	flat_object_end(&members);
	progress_set(s, str_text(&members));
	str_dispose(&members);
}

/* ---- events --------------------------------------------------------------------------- */

void
record_started(struct edge_run *s)
{
	struct str line = { 0 };
	event_start(s, &line, EVENT_STARTED);
	flat_object_text(&line, "input", s->request->input);
	flat_object_text(&line, "log", s->log);
	event_write(&line);
	progress_state(s, PROGRESS_RUNNING, NULL, NULL);
}

void
record_waiting(struct edge_run *s, const char *reason, double seconds)
{
	struct str line = { 0 };
	event_start(s, &line, EVENT_WAITING);
	flat_object_text(&line, "reason", reason);
	if (seconds >= 0)
		flat_object_tenths(&line, "seconds", seconds);
	event_write(&line);
	progress_state(s, PROGRESS_WAITING, NULL, reason);
}

void
record_succeeded(struct edge_run *s, const struct pairs *result)
{
	const char *key = pairs_get(result, "digest") ? "digest" : "image_id";
	struct str line = { 0 };
	event_end(s, &line, OUTCOME_OK, 0);
	flat_object_text(&line, key, pairs_get(result, key));
	add_reported(&line, result);
	event_write(&line);
	progress_state(s, PROGRESS_DONE, NULL, NULL);
}

static const char *
sequel_text(struct edge_run *s, const struct next_attempt *next)
{
	switch (next->sequel) {
	case SEQUEL_FEWER_JOBS:
		return arena_printf(&s->arena, "again with %ld jobs", next->jobs);
	case SEQUEL_WAIT:
		return arena_printf(&s->arena, "again in %.0f s", next->wait_s);
	case SEQUEL_STOP:
		break;
	}
	return JOURNAL_STOP;
}

void
record_failed(struct edge_run *s, const struct step_failure *f, const struct next_attempt *next,
              const struct pairs *result)
{
	struct str line = { 0 };
	enum failure_class class = f->judgement.class;
	event_end(s, &line, OUTCOME_FAILED, class);
	if (s->end.signal)
		flat_object_long(&line, "signal", s->end.signal);
	else
		flat_object_long(&line, "status", s->end.status);
	if (f->finding.line) {
		flat_object_text(&line, "line", f->finding.text);
		flat_object_long(&line, "line_number", (long)f->finding.line);
	}
	flat_object_text(&line, "cause", f->cause);
	flat_object_text(&line, "next", sequel_text(s, next));
	add_reported(&line, result);
	event_write(&line);
	if (next->sequel == SEQUEL_STOP)
		progress_state(s, PROGRESS_FAILED, failure_class_name(class), f->cause ? f->cause : f->finding.text);
}

void
record_not_started(struct edge_run *s, const char *reason)
{
	struct str line = { 0 };
	const char *class = outcome_name(OUTCOME_NOT_STARTED, 0);
	event_start(s, &line, EVENT_ENDED);
	flat_object_text(&line, "class", class);
	flat_object_text(&line, "cause", reason);
	event_write(&line);
	progress_state(s, PROGRESS_FAILED, class, reason);
}

void
record_interrupted(struct edge_run *s)
{
	/* While it waited, no attempt was under way. */
	if (s->end.interrupt) {
		struct str line = { 0 };
		event_end(s, &line, OUTCOME_INTERRUPTED, 0);
		event_write(&line);
	}
	progress_state(s, PROGRESS_INTERRUPTED, NULL, NULL);
}

void
record_lost(struct edge_run *s)
{
	struct str line = { 0 };
	event_end(s, &line, OUTCOME_LOST, 0);
	event_write(&line);
	progress_state(s, PROGRESS_FAILED, outcome_name(OUTCOME_LOST, 0),
	               "an input was lost; the next run makes it again");
}

/* ---- failures ---------------------------------------------------------------------------- */

/* The digest of what the image is made of: patch and source have another one, or none. */
static const char *
image_input(struct edge_run *s)
{
	if (s->image.target)
		return s->image.input;
	struct pairs recipe = { 0 };
	const char *path = arena_printf(&s->arena, "out/recipes/%s", s->request->target), *text;
	size_t len;
	const char *input = NULL;
	if (file_read_if_there(&text, &len, path, 0, &s->arena, NULL) == 1 &&
	    pairs_parse(&recipe, text, len, path, &s->arena, NULL) == 0)
		input = pairs_get(&recipe, "input");
	pairs_dispose(&recipe);
	return input ? input : s->request->input;
}

/* A hard link where that goes: logs are long. */
static void
keep_log(struct edge_run *s)
{
	struct error err = { 0 };
	const char *path = arena_printf(&s->arena, "out/build_errors/%s.log", s->id);
	const char *beside = arena_printf(&s->arena, "out/build_errors/.new-%s", s->id);
	unlink(beside);
	if (tree_make("out/build_errors", &err) == 0 &&
	    (link(s->log, beside) < 0 || rename(beside, path) < 0))
		error_set(&err, "%s: %s", path, strerror(errno));
	if (*err.text)
		say_error(&err);
}

/*
 * Pushing reaches out: that it failed says nothing of the image.  Nor does it when memory ran
 * out in a step that has no jobs to have fewer of.
 */
enum until
step_failure_until(const struct edge_run *s, const struct step_failure *f)
{
	if (f->again || s->request->step == STEP_PUSH ||
	    (f->judgement.class == FAILURE_OOM && !s->run.uses_jobs))
		return UNTIL_WORLD;
	return failure_class_until(f->judgement.class);
}

void
record_failure(struct edge_run *s, const struct step_failure *f)
{
	bool line_tells = f->finding.line && !f->judgement.by_fact;
	struct failure failure = {
		.time = now(s),
		.target = s->request->target,
		.step = s->request->step,
		.class = f->judgement.class,
		.until = step_failure_until(s, f),
		.line = line_tells ? f->finding.text : NULL,
		.line_number = (long)f->finding.line,
		.log = s->log ? s->log : "",
		.cause = f->cause,
		.attempts = s->tries,
		.jobs = s->run.uses_jobs ? s->run.jobs : 0,
		.input = image_input(s),
		.deadline_s = (long)s->plan.deadline_s,
	};
	struct str line = { 0 };
	ledger_add_failure(&line, &failure);
	append(LEDGER, &line);
	if (s->log)
		keep_log(s);
}

void
record_cleared(struct edge_run *s)
{
	const char *text;
	size_t len, n;
	if (file_read_if_there(&text, &len, LEDGER, 0, &s->arena, NULL) != 1)
		return;
	struct ledger l;
	ledger_read(&l, text, len, &s->arena);
	const struct failure *f = ledger_of(&n, &l, s->request->target);
	for (size_t i = 0; i < n; i++) {
		if (f[i].step != s->request->step)
			continue;
		struct str line = { 0 };
		ledger_add_cleared(&line, now(s), s->request->target, s->request->step, "succeeded");
		append(LEDGER, &line);
	}
}

/* ---- rungs ---------------------------------------------------------------------------------- */

/* Keys come from gen and are digests; whatever they are, they don't leave the folder. */
static const char *
native_rung_path(struct edge_run *s)
{
	const char *key = pairs_get(&s->settings, "native_key");
	if (!key || !*key || strchr(key, '/'))
		return NULL;
	return arena_printf(&s->arena, "out/rungs/native-%s", key);
}

static const char *
rung_path(struct edge_run *s)
{
	return arena_printf(&s->arena, "out/rungs/%s", s->request->target);
}

/* 0 if nothing, or nothing that counts, was learned. */
static long
rung_in(struct edge_run *s, const char *path)
{
	struct pairs rung = { 0 };
	const char *text;
	size_t len;
	long jobs = 0, from = 0;
	if (path && file_read_if_there(&text, &len, path, 0, &s->arena, NULL) == 1 &&
	    pairs_parse(&rung, text, len, path, &s->arena, NULL) == 0) {
		pairs_number(&jobs, &rung, "jobs", 0, NULL);
		pairs_number(&from, &rung, "from", 0, NULL);
	}
	pairs_dispose(&rung);
	return from == s->jobs_wanted && jobs < from ? jobs : 0;
}

long
record_rung_read(struct edge_run *s)
{
	long jobs = rung_in(s, rung_path(s));
	if (!jobs)
		jobs = rung_in(s, native_rung_path(s));
	return jobs ? jobs : s->jobs_wanted;
}

static void
write_rung(struct edge_run *s, const char *path)
{
	struct error err = { 0 };
	const char *text = arena_printf(&s->arena, "jobs=%ld\nfrom=%ld\n", s->run.jobs, s->jobs_wanted);
	if (path && file_replace(path, text, strlen(text), &err) < 0)
		say_error(&err);
}

void
record_rung_failed(struct edge_run *s)
{
	write_rung(s, rung_path(s));
}

void
record_rung_worked(struct edge_run *s)
{
	if (s->run.jobs == s->jobs_wanted)
		return;
	write_rung(s, rung_path(s));
	write_rung(s, native_rung_path(s));
}
