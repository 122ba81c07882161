#include "step/step_admit.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "os/claim.h"
#include "os/clock.h"
#include "os/engine.h"
#include "os/file.h"
#include "os/machine.h"
#include "os/signals.h"
#include "step/edge_run.h"
#include "step/step_record.h"

#define ADMISSION_LOCK "out/run/admission"
#define POLL_S 1.0

struct needs {
	double disk_gb;
	double gb_per_job;	/* 0: memory is not looked at */
	const char *store;	/* NULL: the engine has none here */
};

/* What an attempt waits for. */
enum shortage { SHORTAGE_NONE, SHORTAGE_ENGINE, SHORTAGE_DISK, SHORTAGE_MEMORY };

struct reserved {
	double disk_gb;
	double memory_gb;
};

static int
read_needs(struct needs *n, struct edge_run *s, struct error *err)
{
	*n = (struct needs){ 0 };
	if (!s->builds)
		return 0;
	if (pairs_decimal(&n->disk_gb, &s->settings, "disk_gb", 0, err) < 0 ||
	    pairs_decimal(&n->gb_per_job, &s->settings, "gb_per_job", 0, err) < 0)
		return -1;
	const char *store = pairs_get(&s->settings, "store");
	n->store = store && *store ? store : engine_store(s->engine, &s->arena);
	return 0;
}

/* What builds that are running were admitted with. */
static int
read_reserved(struct reserved *out, struct edge_run *s, struct error *err)
{
	const char **names;
	size_t n;
	*out = (struct reserved){ 0 };
	if (file_list(&names, &n, "out/run", &s->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_printf(&s->arena, "out/run/%s", names[i]), *text;
		struct pairs note = { 0 };
		double disk_gb = 0, memory_gb = 0;
		if (strcmp(path, s->lock.path) == 0 || !lock_is_held(path, &text, &s->arena))
			continue;
		pairs_parse(&note, text, strlen(text), path, &s->arena, NULL);
		pairs_decimal(&disk_gb, &note, "disk_gb", 0, NULL);
		pairs_decimal(&memory_gb, &note, "memory_gb", 0, NULL);
		pairs_dispose(&note);
		out->disk_gb += disk_gb;
		out->memory_gb += memory_gb;
	}
	return 0;
}

static const char *
disk_reason(struct edge_run *s, const struct needs *n, double reserved_gb)
{
	const char *places[] = { "out", n->store };
	for (size_t i = 0; i < 2; i++) {
		double free_gb = n->disk_gb > 0 && places[i] ? machine_disk_free_gb(places[i]) : -1;
		if (free_gb < 0 || free_gb >= n->disk_gb + reserved_gb)
			continue;
		const char *others = reserved_gb > 0 ?
			arena_printf(&s->arena, " beside %.1f GB for other builds", reserved_gb) : "";
		return arena_printf(&s->arena, "disk: %.1f GB are needed%s, %.1f GB are free on %s",
		                    n->disk_gb, others, free_gb, places[i]);
	}
	return NULL;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

/* The memory that a build could have now; below 0 if nobody knows. */
static double
memory_room_gb(const struct machine_memory *m, double reserved_gb)
{
	if (m->total_gb < 0 || m->available_gb < 0)
		return -1;
	return least(m->available_gb, m->total_gb - reserved_gb);
}

static bool
go_down(struct edge_run *s, double room_gb, double gb_per_job, const char *why)
{
	long jobs = s->run.jobs;
	while (jobs && (double)jobs * gb_per_job > room_gb)
		jobs = ladder_below(&s->run.ladder, jobs);
	if (!jobs)
		return false;
	fprintf(stderr, "step: %s of %s: %ld jobs, not %ld: %.1f GB a job, and %.1f GB %s\n",
	        step_name(s->request->step), s->request->target, jobs, s->run.jobs, gb_per_job, room_gb, why);
	s->run.jobs = jobs;
	return true;
}

/* What the machine will never have must not be waited for. */
static void
fit_to_machine(struct edge_run *s, const struct needs *n)
{
	struct machine_memory m;
	machine_memory(&m, s->engine != ENGINE_DOCKER);
	if (n->gb_per_job <= 0 || s->run.jobs < 1 || m.total_gb < 0 ||
	    (double)s->run.jobs * n->gb_per_job <= m.total_gb)
		return;
	if (go_down(s, m.total_gb, n->gb_per_job, "of memory in all"))
		return;
	/* Not even the lowest rung fits.  The number is an estimate; the build may know better. */
	for (long below; (below = ladder_below(&s->run.ladder, s->run.jobs)) > 0;)
		s->run.jobs = below;
	fprintf(stderr, "step: %s of %s: tried with %ld jobs, though %.1f GB a job is more than the "
	        "%.1f GB of memory\n", step_name(s->request->step), s->request->target, s->run.jobs,
	        n->gb_per_job, m.total_gb);
}

static const char *
memory_reason(struct edge_run *s, const struct needs *n, double reserved_gb)
{
	struct machine_memory m;
	if (n->gb_per_job <= 0 || s->run.jobs < 1)
		return NULL;
	machine_memory(&m, s->engine != ENGINE_DOCKER);
	double need_gb = least((double)s->run.jobs * n->gb_per_job, m.total_gb);
	double room_gb = memory_room_gb(&m, reserved_gb);
	/* Of a machine that is all ours the last tenth is never available. */
	if (room_gb < 0 || need_gb <= room_gb || (reserved_gb <= 0 && need_gb * 0.9 <= room_gb))
		return NULL;
	return arena_printf(&s->arena, "memory: %ld jobs of %.1f GB are needed, %.1f GB are free",
	                    s->run.jobs, n->gb_per_job, room_gb);
}

/* What is missing, in words, too; when nothing is, the note says what we take. */
static int
look(enum shortage *out, const char **reason, struct edge_run *s, const struct needs *n,
     struct error *err)
{
	struct lock lock = { .fd = -1 };
	struct reserved r;
	int ret = -1;
	*out = SHORTAGE_NONE;
	if (s->needs_engine && !engine_answers(s->engine)) {
		*out = SHORTAGE_ENGINE;
		*reason = arena_printf(&s->arena, "engine: %s does not answer", engine_name(s->engine));
		return 0;
	}
	if (!s->builds)
		return 0;
	if (lock_take(&lock, ADMISSION_LOCK, err) < 0)
		return -1;
	if (read_reserved(&r, s, err) < 0)
		goto out;
	if ((*reason = disk_reason(s, n, r.disk_gb)))
		*out = SHORTAGE_DISK;
	else if ((*reason = memory_reason(s, n, r.memory_gb)))
		*out = SHORTAGE_MEMORY;
	ret = 0;
	if (*out == SHORTAGE_NONE)
		ret = claim_add(&s->lock, arena_printf(&s->arena, "disk_gb=%.1f\nmemory_gb=%.1f\n",
			n->disk_gb, (double)s->run.jobs * n->gb_per_job), &s->arena, err);
out:
	lock_close(&lock);
	return ret;
}

/* The time is over: with less, if it is memory or room that others will not use at once. */
static int
look_last(struct edge_run *s, const struct needs *n, enum shortage shortage, const char *reason,
          struct error *err)
{
	if (shortage == SHORTAGE_MEMORY) {
		struct machine_memory m;
		struct reserved r;
		machine_memory(&m, s->engine != ENGINE_DOCKER);
		if (read_reserved(&r, s, err) < 0)
			return -1;
		if (go_down(s, memory_room_gb(&m, r.memory_gb), n->gb_per_job, "of memory are free"))
			return 0;
	} else if (shortage == SHORTAGE_DISK && !disk_reason(s, n, 0)) {
		return 0;
	}
	return error_set(err, "%s of %s: not started after %ld s: %s", step_name(s->request->step),
	                 s->request->target, s->wait_most_s, reason);
}

static void
say_reason(struct edge_run *s, const char *reason)
{
	fprintf(stderr, "step: %s of %s: waiting, at most %ld s: %s\n", step_name(s->request->step),
	        s->request->target, s->wait_most_s, reason);
	record_waiting(s, reason, -1);
}

int
step_admit(struct edge_run *s, struct error *err)
{
	struct needs n;
	if (read_needs(&n, s, err) < 0)
		return -1;
	if (s->builds)
		fit_to_machine(s, &n);

	double until = clock_monotonic_s() + (double)s->wait_most_s;
	enum shortage said = SHORTAGE_NONE;	/* the numbers in the reason change all the time */
	for (;;) {
		enum shortage shortage;
		const char *reason = NULL;
		if (look(&shortage, &reason, s, &n, err) < 0)
			return -1;
		if (shortage == SHORTAGE_NONE)
			return 0;
		if (clock_monotonic_s() >= until)
			return look_last(s, &n, shortage, reason, err);
		if (shortage != said)
			say_reason(s, reason);
		said = shortage;
		int signal = signals_wait(POLL_S, NULL);
		if (signal)
			return signal;
	}
}
