#include "status/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fleet/fleet.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "status/status.h"

enum pool
pool_of_step(const struct status_row *row, enum step step)
{
	switch (step) {
	case STEP_SOURCE:
	case STEP_PATCH:
		return POOL_SOURCE;
	case STEP_IMAGE:
		return native_may_compile(row->native) ? POOL_CUDA : POOL_LIGHT;
	case STEP_PUSH:
		return POOL_PUSH;
	default:
		return POOL_LIGHT;
	}
}

long
pool_depth_of(const struct status *s, enum pool p)
{
	if (s->fleet->pool[p] != POOL_AUTO)
		return s->fleet->pool[p];
	return s->planned && s->planned->pools[POOL_CUDA] >= 1 ? s->planned->pools[POOL_CUDA] : 1;
}

static int
by_start(const void *x, const void *y)
{
	const struct span *a = x, *b = y;
	if (a->start_s != b->start_s)
		return a->start_s < b->start_s ? -1 : 1;
	return a->attempt < b->attempt ? -1 : a->attempt > b->attempt;
}

/* Does this attempt have no end because it is still at work? */
static bool
is_running(const struct status_row *row, const struct journal_attempt *t)
{
	return t->seconds < 0 && row->running && row->running->step == t->step &&
	       (!row->running->attempt || row->running->attempt == t->number);
}

const char *
attempt_result(const struct status_row *row, const struct journal_attempt *t)
{
	if (is_running(row, t))
		return "at work";
	return t->end ? outcome_name(t->end->outcome, t->end->class) : "end not recorded";
}

static size_t
list_spans(struct span *spans, const struct status *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		for (size_t j = 0; j < row->n_attempts; j++) {
			const struct journal_attempt *t = &row->attempts[j];
			bool running = is_running(row, t);
			double end = running ? (double)s->now_s : t->start_s + (t->seconds < 0 ? 0 : t->seconds);
			spans[n++] = (struct span){ .row = row, .attempt = t, .start_s = t->start_s,
			                            .end_s = end < t->start_s ? t->start_s : end,
			                            .running = running };
		}
	}
	return n;
}

/* Give each span the first lane that is free when it starts. */
static void
find_lanes(struct pool_line *line, struct arena *a)
{
	double *free_at = arena_array(a, line->n, sizeof(*free_at));
	double covered = 0;

	for (size_t i = 0; i < line->n; i++) {
		struct span *span = &line->spans[i];
		unsigned lane = 0;
		while (lane < line->lanes && free_at[lane] > span->start_s)
			lane++;
		if (lane == line->lanes)
			line->lanes++;
		free_at[lane] = span->end_s;
		span->lane = lane;

		double from = span->start_s > covered ? span->start_s : covered;
		if (span->end_s > from)
			line->busy_s += span->end_s - from;
		covered = span->end_s > covered ? span->end_s : covered;
	}
}

static void
share_out(struct timeline *out, const struct span *spans, size_t n, struct arena *a)
{
	for (unsigned p = 0; p < POOLS; p++)
		out->pools[p].spans = arena_array(a, n, sizeof(*spans));
	for (size_t i = 0; i < n; i++) {
		struct pool_line *line = &out->pools[pool_of_step(spans[i].row, spans[i].attempt->step)];
		line->spans[line->n++] = spans[i];
		if (spans[i].end_s > out->end_s)
			out->end_s = spans[i].end_s;
	}
	for (unsigned p = 0; p < POOLS; p++)
		find_lanes(&out->pools[p], a);
}

void
timeline_make(struct timeline *out, const struct status *s, struct arena *a)
{
	size_t most = 0;

	*out = (struct timeline){ 0 };
	for (size_t i = 0; i < s->n_rows; i++)
		most += s->rows[i].n_attempts;
	struct span *spans = arena_array(a, most, sizeof(*spans));
	size_t n = list_spans(spans, s);
	if (!n)
		return;
	qsort(spans, n, sizeof(*spans), by_start);
	out->shown = n < TIMELINE_SPANS ? n : TIMELINE_SPANS;
	out->left_out = n - out->shown;
	spans += out->left_out;
	out->start_s = spans[0].start_s;
	share_out(out, spans, out->shown, a);
}
