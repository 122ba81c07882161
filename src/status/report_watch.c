#include "status/report_watch.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "fleet/fleet.h"
#include "record/journal.h"
#include "status/eta.h"
#include "status/report_text.h"
#include "status/status.h"
#include "status/timeline.h"

#define BAR 24			/* columns of the bar of a compile */
#define EVENTS 12		/* when the terminal has no height */
#define LEAST_RUNNING 7		/* rows, with those above, that are for steps at work */

struct page {
	struct str *out;
	const struct watching *w;
	const struct report_look *look;
	struct arena *arena;
	struct str line;
	size_t rows;		/* written so far */
};

static bool
has_room(const struct page *p)
{
	return !p->w->rows || p->rows < p->w->rows;
}

/* Steps at work have half of the page: what waits and what happened is news, too. */
static bool
has_room_for_running(const struct page *p)
{
	size_t most = p->w->rows / 2 > LEAST_RUNNING ? p->w->rows / 2 : LEAST_RUNNING;
	return !p->w->rows || p->rows + 1 < most;
}

/* End the line that was gathered, painted; a page that is full takes no more. */
static void
end_line(struct page *p, const char *colour)
{
	if (has_room(p)) {
		str_adds(p->out, colour);
		report_add_line(p->out, p->look, str_text(&p->line));
		if (*colour) {
			p->out->len--;	/* the colour ends before the newline */
			str_addf(p->out, "%s\n", report_plain(p->look));
		}
		p->rows++;
	}
	str_clear(&p->line);
}

static void
add_title(struct page *p, const char *title)
{
	end_line(p, "");
	str_adds(&p->line, title);
	end_line(p, p->look->colour ? "\033[1m" : "");
}

/* ---- head ---- */

static void
add_head(struct page *p)
{
	const struct status *s = p->w->status;
	char now[UTC_SIZE];

	utc_text(now, s->now_s);
	str_addf(&p->line, "%s  %.8s UTC  ", s->fleet->name, now + 11);
	if (p->w->ninja_pid)
		str_addf(&p->line, "ninja is at work (process %ld)", p->w->ninja_pid);
	else
		str_adds(&p->line, "no ninja is at work here");
	end_line(p, p->look->colour ? "\033[1m" : "");
	for (unsigned i = 0, first = 1; i < STATES; i++)
		if (s->by_state[i]) {
			str_addf(&p->line, "%s%zu %s", first ? "" : ", ", s->by_state[i],
			         state_title((enum state)i));
			first = 0;
		}
	str_addf(&p->line, " of %zu", s->n_rows);
	end_line(p, "");
}

static void
add_eta(struct page *p)
{
	const struct eta *e = p->w->eta;

	if (!e->images) {
		str_adds(&p->line, "nothing is left to do");
		end_line(p, "");
		return;
	}
	str_addf(&p->line, "%zu image%s left: ", e->images, e->images == 1 ? "" : "s");
	if (e->left_s < 0) {
		str_adds(&p->line, "how long is known when the first image is done");
	} else {
		str_adds(&p->line, "about ");
		report_add_duration(&p->line, e->left_s);
		str_adds(&p->line, " (");
		report_add_duration(&p->line, e->least_s);
		str_adds(&p->line, " to ");
		report_add_duration(&p->line, e->most_s);
		if (e->samples)
			str_addf(&p->line, ", from %zu image step%s)", e->samples, e->samples == 1 ? "" : "s");
		else
			str_adds(&p->line, ", from the fleet's estimate)");
	}
	if (e->left_s >= 0 && e->unknown)
		str_addf(&p->line, "; not counted: %zu steps of kinds of which none has ended yet", e->unknown);
	end_line(p, "");
}

/* ---- what is at work ---- */

static void
add_bar(struct str *line, const struct running *r)
{
	long full = r->done * BAR / r->total;

	str_adds(line, "  [");
	for (long i = 0; i < BAR; i++)
		str_add(line, i < full ? '#' : '.');
	str_addf(line, "] %ld/%ld", r->done, r->total);
}

static void
add_running(struct page *p, const struct status_row *row)
{
	const struct status *s = p->w->status;
	const struct running *r = row->running;

	str_addf(&p->line, "  %s  %-6s ", row->target, step_name(r->step));
	report_add_duration(&p->line, (double)(s->now_s - r->since_s));
	if (r->jobs)
		str_addf(&p->line, "  %ld jobs", r->jobs);
	if (r->attempt > 1)
		str_addf(&p->line, "  attempt %ld", r->attempt);
	if (r->total && !r->waiting)
		add_bar(&p->line, r);
	double left = r->waiting ? -1 : eta_of_running(s, row, p->arena);
	if (left >= 0) {
		str_adds(&p->line, "  about ");
		report_add_duration(&p->line, left);
		str_adds(&p->line, " left");
	}
	if (r->waiting)
		str_addf(&p->line, "  waits: %s", r->waiting);
	end_line(p, report_colour(p->look, r->waiting ? STATE_HELD : STATE_RUNNING));
}

static void
add_all_running(struct page *p)
{
	const struct status *s = p->w->status;
	size_t left = s->by_state[STATE_RUNNING];

	if (!left)
		return;
	add_title(p, "at work");
	for (size_t i = 0; i < s->n_rows; i++) {
		if (!s->rows[i].running)
			continue;
		if (left > 1 && !has_room_for_running(p)) {
			str_addf(&p->line, "  ... and %zu more", left);
			end_line(p, "");
			return;
		}
		add_running(p, &s->rows[i]);
		left--;
	}
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
add_pools(struct page *p)
{
	const struct status *s = p->w->status;
	struct pool_use use[POOLS] = { 0 };

	count_pools(use, s);
	add_title(p, "pools");
	for (unsigned i = 0; i < POOLS; i++) {
		str_addf(&p->line, "  %-7s %zu of %ld", pool_name((enum pool)i), use[i].at_work,
		         pool_depth_of(s, (enum pool)i));
		if (use[i].waiting)
			str_addf(&p->line, ", %zu wait, first %s", use[i].waiting, use[i].next->target);
		end_line(p, "");
	}
}

/* ---- events ---- */

static const char *
colour_of(const struct page *p, const struct journal_event *e)
{
	if (e->event == EVENT_STARTED)
		return "";
	if (e->event == EVENT_WAITING)
		return report_colour(p->look, STATE_HELD);
	return report_colour(p->look, e->outcome == OUTCOME_OK ? STATE_PRESENT : STATE_FAILED);
}

static void
add_event(struct page *p, const struct journal_event *e)
{
	static const char *const words[] = { "started", "", "waits" };
	char time[UTC_SIZE];

	utc_text(time, e->time_s);
	str_addf(&p->line, "  %.8s  %s  %-6s %s", time + 11, e->target, step_name(e->step),
	         e->event == EVENT_ENDED ? outcome_name(e->outcome, e->class) : words[e->event]);
	if (e->event == EVENT_ENDED && e->seconds >= 0) {
		str_adds(&p->line, " after ");
		report_add_duration(&p->line, e->seconds);
	}
	if (e->event == EVENT_WAITING && e->reason)
		str_addf(&p->line, ": %s", e->reason);
	if (e->event == EVENT_ENDED && (e->cause || e->line))
		str_addf(&p->line, ": %s", e->cause ? e->cause : e->line);
	if (e->next)
		str_addf(&p->line, "; %s", e->next);
	end_line(p, colour_of(p, e));
}

/* The newest, in the order in which they happened, as many as fit. */
static void
add_events(struct page *p)
{
	const struct journal *j = p->w->journal;
	size_t room = !p->w->rows ? EVENTS : p->rows + 2 < p->w->rows ? p->w->rows - p->rows - 2 : 0;
	size_t shown = j->n < room ? j->n : room;

	if (!shown)
		return;
	add_title(p, "last events");
	for (size_t i = j->n - shown; i < j->n; i++)
		add_event(p, &j->events[i]);
}

void
report_watch(struct str *out, const struct watching *w, const struct report_look *look,
             struct arena *a)
{
	struct page p = { .out = out, .w = w, .look = look, .arena = a };

	add_head(&p);
	add_eta(&p);
	add_all_running(&p);
	add_pools(&p);
	add_events(&p);
	str_dispose(&p.line);
}
