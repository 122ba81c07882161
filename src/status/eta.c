#include "status/eta.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fleet/fleet.h"
#include "record/journal.h"
#include "status/status.h"
#include "status/timeline.h"

/* Steps that take about as long: those of all images, but for the image step itself. */
enum work { WORK_SOURCE, WORK_PATCH, WORK_COMPILE, WORK_ASSEMBLE, WORK_VERIFY, WORK_PUSH, WORKS };

/* A count is trusted when this much of the compile is done: the first units say little. */
#define TRUSTED_SHARE 0.05

/* Something takes longer than it ever did: then a tenth of what it took is left. */
#define OVERDUE_SHARE 0.1

struct durations {
	double *list;		/* sorted */
	size_t n;
};

static enum work
work_of(const struct status_row *row, enum step step)
{
	switch (step) {
	case STEP_SOURCE:
		return WORK_SOURCE;
	case STEP_PATCH:
		return WORK_PATCH;
	case STEP_IMAGE:
		return native_may_compile(row->native) ? WORK_COMPILE : WORK_ASSEMBLE;
	case STEP_VERIFY:
		return WORK_VERIFY;
	default:
		return WORK_PUSH;
	}
}

static int
by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return a < b ? -1 : a > b;
}

static void
gather(struct durations all[WORKS], const struct status *s, struct arena *a)
{
	size_t most = 0;

	for (size_t i = 0; i < s->n_rows; i++)
		most += s->rows[i].n_attempts;
	for (unsigned w = 0; w < WORKS; w++)
		all[w] = (struct durations){ arena_array(a, most, sizeof(double)), 0 };
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		for (size_t j = 0; j < row->n_attempts; j++) {
			const struct journal_attempt *t = &row->attempts[j];
			if (!journal_attempt_is_ok(t))
				continue;
			struct durations *d = &all[work_of(row, t->step)];
			d->list[d->n++] = t->seconds;
		}
	}
	for (unsigned w = 0; w < WORKS; w++)
		if (all[w].n)
			qsort(all[w].list, all[w].n, sizeof(double), by_size);
}

/* share of the way from the quickest to the slowest; below 0: none has ended. */
static double
duration(const struct durations all[WORKS], enum work w, double share, const struct status *s)
{
	const struct durations *d = &all[w];

	if (d->n)
		return d->list[(size_t)(share * (double)(d->n - 1) + 0.5)];
	return w == WORK_COMPILE && s->fleet->compile_minutes ? 60.0 * (double)s->fleet->compile_minutes : -1;
}

static double
left_of_running(const struct status *s, const struct status_row *row, double usual_s)
{
	const struct running *r = row->running;
	double elapsed = (double)(s->now_s - r->since_s), share;

	if (r->waiting)
		return usual_s;
	share = r->total > 0 ? (double)r->done / (double)r->total : 0;
	if (share >= TRUSTED_SHARE)
		return elapsed * (1 - share) / share;
	if (usual_s < 0)
		return -1;
	return usual_s > elapsed ? usual_s - elapsed : OVERDUE_SHARE * elapsed;
}

/* ---- the simulation ---- */

struct machine {
	double *free_at[POOLS];		/* of each place of a pool */
	size_t depth[POOLS];
	double end_s;
	size_t unknown;
};

static void
machine_start(struct machine *m, const struct status *s, struct arena *a)
{
	*m = (struct machine){ 0 };
	for (unsigned p = 0; p < POOLS; p++) {
		m->depth[p] = (size_t)pool_depth_of(s, (enum pool)p);
		m->free_at[p] = arena_array(a, m->depth[p], sizeof(double));
	}
}

static double *
first_free(struct machine *m, enum pool pool)
{
	double *best = &m->free_at[pool][0];
	for (size_t i = 1; i < m->depth[pool]; i++)
		if (m->free_at[pool][i] < *best)
			best = &m->free_at[pool][i];
	return best;
}

/* Run one step, not before ready; when it is done. */
static double
run_step(struct machine *m, enum pool pool, double ready_s, double takes_s)
{
	double *place = first_free(m, pool);
	double start = *place > ready_s ? *place : ready_s;

	if (takes_s < 0) {
		m->unknown++;
		takes_s = 0;
	}
	*place = start + takes_s;
	if (*place > m->end_s)
		m->end_s = *place;
	return *place;
}

/* The first step that is not done; STEPS if nothing is left. */
static enum step
next_step(const struct status_row *row, bool push)
{
	const struct made *m = row->made;

	if (row->running)
		return row->running->step;
	if (row->state == STATE_VERIFIED)
		return push ? STEP_PUSH : STEPS;
	if (row->state != STATE_TO_BUILD)
		return STEPS;
	if (!m || row->stale)
		return STEP_SOURCE;
	if (m->steps & 1u << STEP_IMAGE)
		return STEP_VERIFY;
	return m->steps & 1u << STEP_PATCH ? STEP_IMAGE : m->steps & 1u << STEP_SOURCE ? STEP_PATCH : STEP_SOURCE;
}

/* All that is left of one image. */
static void
run_image(struct machine *m, const struct durations all[WORKS], double share, const struct status *s,
          const struct status_row *row, bool push)
{
	double ready = 0;
	enum step end = push ? STEPS : STEP_PUSH;

	for (enum step step = next_step(row, push); step < end; step++) {
		double takes = duration(all, work_of(row, step), share, s);
		if (row->running && step == row->running->step)
			takes = left_of_running(s, row, takes);
		ready = run_step(m, pool_of_step(row, step), ready, takes);
	}
}

static double
simulate(struct eta *out, const struct durations all[WORKS], double share, const struct status *s,
         bool push, struct arena *a)
{
	struct machine m;

	machine_start(&m, s, a);
	out->images = 0;
	/* Those at work first: they have their places. */
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->rows[i].running)
			run_image(&m, all, share, s, &s->rows[i], push);
	for (size_t i = 0; i < s->n_rows; i++) {
		if (next_step(&s->rows[i], push) == STEPS)
			continue;
		out->images++;
		if (!s->rows[i].running)
			run_image(&m, all, share, s, &s->rows[i], push);
	}
	out->unknown = m.unknown;
	return m.end_s;
}

void
eta_make(struct eta *out, const struct status *s, bool push, struct arena *a)
{
	struct durations all[WORKS];

	*out = (struct eta){ 0 };
	gather(all, s, a);
	out->samples = all[WORK_COMPILE].n + all[WORK_ASSEMBLE].n;
	out->least_s = simulate(out, all, 0.25, s, push, a);
	out->most_s = simulate(out, all, 0.75, s, push, a);
	out->left_s = simulate(out, all, 0.5, s, push, a);
	if (!out->samples && !s->fleet->compile_minutes)
		out->left_s = out->least_s = out->most_s = -1;
}

double
eta_of_running(const struct status *s, const struct status_row *row, struct arena *a)
{
	struct durations all[WORKS];

	gather(all, s, a);
	return left_of_running(s, row, duration(all, work_of(row, row->running->step), 0.5, s));
}
