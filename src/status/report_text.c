#include "status/report_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "plan/planned.h"
#include "record/ledger.h"
#include "status/status.h"

struct page {
	struct str *out;
	const struct status *status;
	const struct report_look *look;
	struct str line;
};

const char *
report_colour(const struct report_look *look, unsigned state)
{
	static const char *const colours[STATES] = {
		[STATE_PRESENT] = "\033[32m",	/* green */
		[STATE_BUILT] = "\033[1;32m",
		[STATE_VERIFIED] = "\033[36m",	/* cyan */
		[STATE_RUNNING] = "\033[1;34m",	/* blue */
		[STATE_FAILED] = "\033[1;31m",	/* red */
		[STATE_HELD] = "\033[33m",	/* yellow */
		[STATE_TO_BUILD] = "",
		[STATE_UNKNOWN] = "\033[35m",	/* magenta */
	};
	return look->colour ? colours[state] : "";
}

const char *
report_plain(const struct report_look *look)
{
	return look->colour ? "\033[0m" : "";
}

void
report_add_duration(struct str *out, double seconds)
{
	long s = seconds < 0 ? 0 : seconds > 1e9 ? 1000000000 : (long)(seconds + 0.5);

	if (s < 60)
		str_addf(out, "%ld s", s);
	else if (s < 3600)
		str_addf(out, "%ld min", (s + 30) / 60);
	else if (s < 48 * 3600)
		str_addf(out, "%ld h %02ld min", s / 3600, s % 3600 / 60);
	else
		str_addf(out, "%ld days %ld h", s / 86400, s % 86400 / 3600);
}

void
report_add_line(struct str *out, const struct report_look *look, const char *line)
{
	size_t columns = utf8_columns(line);

	if (!look->columns || columns <= look->columns)
		utf8_add_clean(out, line);
	else
		utf8_add_column(out, line, look->columns);
	str_add(out, '\n');
}

/* End the line that was gathered; colours go around it, so that they are not cut. */
static void
end_line(struct page *p, const char *colour)
{
	str_adds(p->out, colour);
	if (*colour) {
		struct str cut = { 0 };
		report_add_line(&cut, p->look, str_text(&p->line));
		str_add_bytes(p->out, cut.data, cut.len - 1);
		str_addf(p->out, "%s\n", report_plain(p->look));
		str_dispose(&cut);
	} else {
		report_add_line(p->out, p->look, str_text(&p->line));
	}
	str_clear(&p->line);
}

/* ---- totals ---- */

static void
add_head(struct page *p)
{
	const struct status *s = p->status;

	str_addf(&p->line, "%s: %zu parents of %zu entries (", s->fleet->name, s->n_rows, s->n_entries);
	for (size_t i = 0; i < s->n_groups; i++)
		str_addf(&p->line, "%s%s %zu", i ? ", " : "", s->groups[i].name, s->groups[i].entries);
	str_add(&p->line, ')');
	if (s->n_dataset)
		str_addf(&p->line, "; %zu pairs in the data set", s->n_dataset);
	end_line(p, "");
	str_add(p->out, '\n');
}

static void
add_kinds(struct page *p, enum state state)
{
	const struct status *s = p->status;
	bool first = true;

	for (size_t i = 0; i < s->n_kinds; i++) {
		if (s->kinds[i].state != state)
			continue;
		str_addf(&p->line, "%s%s %zu", first ? "   " : ", ", s->kinds[i].kind, s->kinds[i].rows);
		first = false;
	}
}

static void
add_share(struct page *p, const char *title, size_t n)
{
	unsigned share = status_share(p->status, n);
	str_addf(&p->line, "  %-10s %6zu  %3u.%u %%", title, n, share / 10, share % 10);
}

static void
add_totals(struct page *p)
{
	const struct status *s = p->status;

	for (unsigned i = 0; i < STATES; i++) {
		add_share(p, state_title((enum state)i), s->by_state[i]);
		add_kinds(p, (enum state)i);
		end_line(p, s->by_state[i] ? report_colour(p->look, i) : "");
	}
	add_share(p, "parents", s->n_rows);
	str_addf(&p->line, "   in the registry: %zu present, %zu absent, %zu unknown",
	         s->by_verdict[VERDICT_PRESENT], s->by_verdict[VERDICT_ABSENT],
	         s->by_verdict[VERDICT_UNKNOWN]);
	end_line(p, "");
}

static void
add_mappings(struct page *p)
{
	const struct status *s = p->status;

	str_add(p->out, '\n');
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct status_group *g = &s->groups[i];
		str_addf(&p->line, "  %s: %zu parents", g->title, g->rows);
		for (unsigned j = 0, first = 1; j < STATES; j++)
			if (g->by_state[j]) {
				str_addf(&p->line, "%s %zu %s", first ? ":" : ",", g->by_state[j],
				         state_title((enum state)j));
				first = 0;
			}
		end_line(p, "");
	}
}

/* ---- rows ---- */

static void
add_name(struct page *p, const struct status_row *row)
{
	str_addf(&p->line, "  %s  %.8s  ", row->target, row->entries[0]->human);
}

static void
add_running(struct page *p, const struct status_row *row)
{
	const struct running *r = row->running;

	add_name(p, row);
	str_addf(&p->line, "%-6s ", step_name(r->step));
	report_add_duration(&p->line, (double)(p->status->now_s - r->since_s));
	if (r->attempt > 1)
		str_addf(&p->line, ", attempt %ld", r->attempt);
	if (r->jobs)
		str_addf(&p->line, ", %ld jobs", r->jobs);
	if (r->total)
		str_addf(&p->line, ", [%ld/%ld]", r->done, r->total);
	if (r->waiting)
		str_addf(&p->line, ", waits: %s", r->waiting);
}

static void
add_reason(struct page *p, const struct status_row *row)
{
	add_name(p, row);
	str_adds(&p->line, row->reason);
}

static void
add_model(struct page *p, const struct status_row *row)
{
	add_name(p, row);
	str_adds(&p->line, row->model ? row->model : "-");
	if (row->stale)
		str_adds(&p->line, "  (made once, of other inputs)");
}

static void
add_digest(struct page *p, const struct status_row *row)
{
	add_name(p, row);
	str_adds(&p->line, row->digest ? row->digest : row->reason);
}

/* How the rows of a state are shown; those that are done are only counted. */
static const struct section {
	enum state state;
	void (*add)(struct page *p, const struct status_row *row);
} sections[] = {
	{ STATE_RUNNING, add_running },
	{ STATE_FAILED, add_reason },
	{ STATE_UNKNOWN, add_reason },
	{ STATE_HELD, add_reason },
	{ STATE_BUILT, add_digest },
	{ STATE_VERIFIED, add_model },
	{ STATE_TO_BUILD, add_model },
};

static void
add_section(struct page *p, const struct section *section)
{
	const struct status *s = p->status;
	size_t total = s->by_state[section->state], shown = 0;

	if (!total)
		return;
	str_addf(&p->line, "%s (%zu)", state_title(section->state), total);
	str_add(p->out, '\n');
	end_line(p, report_colour(p->look, section->state));
	for (size_t i = 0; i < s->n_rows && shown < REPORT_ROWS; i++) {
		if (s->rows[i].state != section->state)
			continue;
		section->add(p, &s->rows[i]);
		end_line(p, "");
		shown++;
	}
	if (total > shown) {
		str_addf(&p->line, "  ... and %zu more: gen status --md or --json shows all", total - shown);
		end_line(p, "");
	}
}

static void
add_tags(struct page *p)
{
	const struct planned *planned = p->status->planned;
	size_t shown = planned->n_tags < REPORT_ROWS ? planned->n_tags : REPORT_ROWS;

	if (!planned->n_tags)
		return;
	str_add(p->out, '\n');
	str_addf(&p->line, "tags in no mapping (%zu)", planned->n_tags);
	end_line(p, "");
	for (size_t i = 0; i < shown; i++) {
		const struct planned_tag *tag = &planned->tags[i];
		str_addf(&p->line, "  %s", tag->tag);
		if (tag->human)
			str_addf(&p->line, "  the data set knows it as the parent of %.12s", tag->human);
		end_line(p, "");
	}
	if (planned->n_tags > shown) {
		str_addf(&p->line, "  ... and %zu more: gen status --md or --json shows all",
		         planned->n_tags - shown);
		end_line(p, "");
	}
}

static void
add_time(struct page *p)
{
	const struct status_time *t = &p->status->time;

	if (!t->good && !t->lost)
		return;
	str_addf(&p->line, "time in image steps: %zu done in ", t->good);
	report_add_duration(&p->line, t->good_s);
	if (t->lost) {
		str_addf(&p->line, ", %zu failed or ended in ", t->lost);
		report_add_duration(&p->line, t->lost_s);
	}
	if (t->saved_s > 0) {
		str_adds(&p->line, "; about ");
		report_add_duration(&p->line, t->saved_s);
		str_adds(&p->line, " saved");
	}
	if (t->cache_hits + t->cache_misses)
		str_addf(&p->line, "; compiler cache: %ld of %ld compiled before", t->cache_hits,
		         t->cache_hits + t->cache_misses);
	str_add(p->out, '\n');
	end_line(p, "");
}

void
report_text(struct str *out, const struct status *s, const struct report_look *look)
{
	struct page p = { .out = out, .status = s, .look = look };

	add_head(&p);
	add_totals(&p);
	add_mappings(&p);
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		add_section(&p, &sections[i]);
	add_tags(&p);
	add_time(&p);
	str_dispose(&p.line);
}
