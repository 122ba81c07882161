#include "status/timeline_svg.h"

#include "base/str.h"
#include "base/utc.h"
#include "record/journal.h"
#include "status/html_text.h"
#include "status/page.h"
#include "status/timeline.h"

#define TIME_LEFT 64.0
#define TIME_WIDTH 936.0
#define LANE 16
#define TICKS 6

static double
place_of(const struct timeline *t, double at_s)
{
	double all = t->end_s - t->start_s;
	return TIME_LEFT + (all > 0 ? (at_s - t->start_s) / all * TIME_WIDTH : 0);
}

static const char *
class_of(const struct span *span)
{
	const struct journal_event *end = span->attempt->end;

	if (span->running)
		return "now";
	if (!end || end->outcome == OUTCOME_INTERRUPTED || end->outcome == OUTCOME_LOST)
		return "cut";
	return journal_attempt_is_ok(span->attempt) ? "ok" : "bad";
}

static void
add_span(struct str *out, const struct timeline *t, const struct span *span, int top)
{
	double from = place_of(t, span->start_s), to = place_of(t, span->end_s);

	str_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"><title>",
	         class_of(span), from, top + (int)span->lane * LANE + 2, to - from < 1.5 ? 1.5 : to - from,
	         LANE - 4);
	html_add(out, span->row->target);
	str_addf(out, " %s, attempt %ld: ", step_name(span->attempt->step), span->attempt->number);
	html_add(out, attempt_result(span->row, span->attempt));
	str_adds(out, ", ");
	page_add_duration(out, span->end_s - span->start_s);
	str_adds(out, "</title></rect>\n");
}

static void
add_ticks(struct str *out, const struct timeline *t, int height)
{
	for (int i = 0; i <= TICKS; i++) {
		double at = t->start_s + (t->end_s - t->start_s) * i / TICKS;
		char text[UTC_SIZE];
		utc_text(text, (int64_t)at);
		str_addf(out, "<path class=\"grid\" d=\"M%.1f 0V%d\"/><text class=\"faint\" x=\"%.1f\" y=\"%d\" "
		         "text-anchor=\"%s\">", place_of(t, at), height, place_of(t, at), height + 14,
		         i == 0 ? "start" : i == TICKS ? "end" : "middle");
		if (t->end_s - t->start_s < TICKS * 120)
			str_addf(out, "%.8s</text>\n", text + 11);
		else
			str_addf(out, "%.5s %.5s</text>\n", text + 5, text + 11);
	}
}

static void
add_pool(struct str *out, const struct timeline *t, enum pool pool, int top)
{
	const struct pool_line *line = &t->pools[pool];
	double all = t->end_s - t->start_s;

	str_addf(out, "<rect class=\"lane\" x=\"%.0f\" y=\"%d\" width=\"%.0f\" height=\"%u\"/>\n"
	         "<text x=\"0\" y=\"%d\">%s</text><text class=\"faint\" x=\"0\" y=\"%d\">%.0f %% busy</text>\n",
	         TIME_LEFT, top, TIME_WIDTH, line->lanes * LANE, top + 12, pool_name(pool), top + 26,
	         all > 0 ? 100 * line->busy_s / all : 100);
	for (size_t i = 0; i < line->n; i++)
		add_span(out, t, &line->spans[i], top);
}

static int
height_of(const struct pool_line *line)
{
	return line->n ? 14 + LANE * (int)(line->lanes > 2 ? line->lanes : 2) : 0;	/* two lines of words */
}

void
timeline_svg(struct str *out, const struct timeline *t)
{
	int height = 4, top = 4;

	for (unsigned i = 0; i < POOLS; i++)
		height += height_of(&t->pools[i]);
	str_addf(out, "<svg class=\"time\" id=\"timeline\" viewBox=\"0 0 1000 %d\" role=\"img\">"
	         "<title>Attempts by pool</title>\n", height + 20);
	add_ticks(out, t, height);
	for (unsigned i = 0; i < POOLS; i++) {
		if (t->pools[i].n)
			add_pool(out, t, (enum pool)i, top);
		top += height_of(&t->pools[i]);
	}
	str_adds(out, "</svg>\n");
}
