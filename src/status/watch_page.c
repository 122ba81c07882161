#include "status/watch_page.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utc.h"
#include "fleet/fleet.h"
#include "record/journal.h"
#include "status/eta.h"
#include "status/explain_page.h"
#include "status/page.h"
#include "status/status.h"
#include "status/timeline.h"

#define EVENTS 12		/* when the terminal has no height */
#define HEAD_ROWS 3		/* at the top */
#define TABLE_ROWS 3		/* above a table: an empty one, its title, names of columns */
#define LEAST_RUNNING 2		/* rows that are for steps at work */

static const char *
duration(double seconds, struct arena *a)
{
	struct str text = { 0 };

	page_add_duration(&text, seconds);
	const char *copy = arena_copy(a, text.data, text.len);
	str_dispose(&text);
	return copy;
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- head ---- */

static const char *
eta_text(const struct eta *e, struct arena *a)
{
	if (!e->images)
		return "nothing is left to do";
	const char *images = arena_printf(a, "%zu image%s left", e->images, plural(e->images));
	const char *from = "the fleet's estimate", *rest = "";
	if (e->left_s < 0)
		return arena_printf(a, "%s; how long that takes is known once the first image is done",
		                    images);
	if (e->samples)
		from = arena_printf(a, "%zu image step%s", e->samples, plural(e->samples));
	if (e->unknown)
		rest = arena_printf(a, "; not counted: %zu step%s of a kind that has not ended here yet",
		                    e->unknown, plural(e->unknown));
	return arena_printf(a, "%s: about %s (%s to %s, from %s)%s", images, duration(e->left_s, a),
	                    duration(e->least_s, a), duration(e->most_s, a), from, rest);
}

static void
add_head(struct page *p, const struct watching *w)
{
	const struct status *s = w->status;
	struct arena *a = p->arena;
	const char *ninja = "no ninja is at work here";
	char now[UTC_SIZE];

	utc_text(now, s->now_s);
	if (w->ninja_pid)
		ninja = arena_printf(a, "ninja is at work (process %ld)", w->ninja_pid);
	page_add_section(p, (struct section){
		.title = arena_printf(a, "%s  %.8s UTC  %s", s->fleet->name, now + 11, ninja), .level = 1 });
	page_add_note(p, arena_printf(a, "%s of %zu", state_counts(s->by_state, a), s->n_rows));
	page_add_note(p, eta_text(w->eta, a));
}

/* ---- what is at work ---- */

struct at_work {
	const struct status_row *row;
	double left_s;			/* below 0: not known */
};

static void
fill_running(struct row *r, const void *item)
{
	const struct at_work *w = item;
	const struct status *s = r->about;

	r->badge = state_badge(w->row->running->waiting ? STATE_HELD : STATE_RUNNING);
	row_add(r, "image", cell_id(w->row->target));
	row_add(r, "left, about", cell_duration(w->left_s));
	add_running_cells(r, w->row->running, s->now_s);
}

/*
 * Steps at work have half of the page, since events are news, too.
 *
 * Returns:   how many rows they take.
 */
static size_t
add_running(struct page *p, const struct watching *w)
{
	const struct status *s = w->status;
	size_t n = 0, most = SIZE_MAX, total = s->by_state[STATE_RUNNING];
	struct at_work *list = arena_array(p->arena, total, sizeof(*list));

	if (w->rows)
		most = w->rows / 2 > HEAD_ROWS + TABLE_ROWS + LEAST_RUNNING
			? w->rows / 2 - HEAD_ROWS - TABLE_ROWS : LEAST_RUNNING;
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->rows[i].state == STATE_RUNNING) {
			bool estimated = n < most && !s->rows[i].running->waiting;
			list[n].row = &s->rows[i];
			list[n++].left_s = estimated ? eta_of_running(s, &s->rows[i], p->arena) : -1;
		}
	page_add_table(p, (struct section){ .title = "At work", .counted = true }, (struct table){
		.fill = fill_running, .about = s, TABLE_ITEMS(list, n), .most = n > most ? most - 1 : n });
	return !n ? 0 : TABLE_ROWS + (n > most ? most : n);
}

/* ---- pools ---- */

struct pool_use {
	size_t at_work, waiting;
	const struct status_row *next;	/* the first that waits */
};

/* Which pool is an image's next step in; POOLS if it has none. */
static enum pool
next_pool(const struct status_row *row)
{
	unsigned made = row->made && !row->stale ? row->made->steps : 0;
	unsigned step = 0;

	if (row->state != STATE_TO_BUILD && row->state != STATE_VERIFIED)
		return POOLS;
	if (row->state == STATE_VERIFIED)
		return POOL_PUSH;
	while (step < STEP_VERIFY && made & 1u << step)
		step++;
	return pool_of_step(row, (enum step)step);
}

static void
count_pools(struct pool_use use[POOLS], const struct status *s)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		if (row->running) {
			use[pool_of_step(row, row->running->step)].at_work++;
			continue;
		}
		enum pool pool = next_pool(row);
		if (pool == POOLS)
			continue;
		if (!use[pool].next)
			use[pool].next = row;
		use[pool].waiting++;
	}
}

static void
fill_pool(struct row *r, const void *item)
{
	const struct pool_use *use = item;
	enum pool pool = (enum pool)(r->number - 1);
	long depth = pool_depth_of(r->about, pool);

	row_add(r, "pool", cell_word(pool_name(pool)));
	row_add(r, "at work", cell_word(arena_printf(r->arena, "%zu of %ld", use->at_work, depth)));
	row_add(r, "waiting", cell_count(use->waiting));
	row_add(r, "first in line", cell_id(use->next ? use->next->target : NULL));
}

static void
add_pools(struct page *p, const struct status *s)
{
	struct pool_use *use = arena_array(p->arena, POOLS, sizeof(*use));

	count_pools(use, s);
	page_add_table(p, (struct section){ .title = "Pools" }, (struct table){
		.fill = fill_pool, .about = s, TABLE_ITEMS(use, POOLS) });
}

/* ---- events ---- */

static const char *
event_text(const struct journal_event *e, struct arena *a)
{
	const char *why = e->cause ? e->cause : e->line;

	if (e->event == EVENT_STARTED)
		return "started";
	if (e->event == EVENT_WAITING)
		return e->reason ? arena_printf(a, "waits: %s", e->reason) : "waits";
	const char *text = outcome_name(e->outcome, e->class);
	if (e->seconds >= 0)
		text = arena_printf(a, "%s after %s", text, duration(e->seconds, a));
	if (why)
		text = arena_printf(a, "%s: %s", text, why);
	return e->next ? arena_printf(a, "%s; %s", text, e->next) : text;
}

static void
fill_event(struct row *r, const void *item)
{
	const struct journal_event *e = item;
	char time[UTC_SIZE];

	utc_text(time, e->time_s);
	if (e->event != EVENT_STARTED)
		r->badge = state_badge(e->event == EVENT_WAITING ? STATE_HELD
		                       : e->outcome == OUTCOME_OK ? STATE_PRESENT : STATE_FAILED);
	row_add(r, "", cell_word(arena_printf(r->arena, "%.8s", time + 11)));
	row_add(r, "", cell_word(e->target));
	row_add(r, "", cell_word(step_name(e->step)));
	row_add(r, "", cell_text(event_text(e, r->arena)));
}

void
watch_page(struct page *p, const struct watching *w)
{
	const struct journal *j = w->journal;

	add_head(p, w);
	size_t used = HEAD_ROWS + add_running(p, w) + TABLE_ROWS + POOLS + TABLE_ROWS - 1;
	size_t room = !w->rows ? EVENTS : w->rows > used ? w->rows - used : 0;
	size_t shown = j->n < room ? j->n : room;
	add_pools(p, w->status);
	page_add_table(p, (struct section){ .title = "Last events" }, (struct table){
		.fill = fill_event, TABLE_ITEMS(j->events + (j->n - shown), shown), .look = TABLE_BARE });
}
