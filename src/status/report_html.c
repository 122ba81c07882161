#include "status/report_html.h"

#include <stdarg.h>
#include <string.h>

#include <nettle/base64.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/str.h"
#include "base/utc.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "logs/failure_class.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/html_text.h"
#include "status/image_graph.h"
#include "status/report_html_page.h"
#include "status/report_text.h"
#include "status/status.h"
#include "status/timeline.h"

#define RECENT 25
#define OPEN_FAILURES 5	/* are shown without a click */

struct page {
	struct str *out;
	const struct status *status;
	struct arena *arena;
	bool *detailed;		/* of each row: does it have a picture? */
};

/* ---- pieces ---- */

/*
 * Add fmt with its arguments in place of: %s a text, escaped (NULL: nothing), %z a size_t,
 * %l a long, %n the same but 0 nothing, %d seconds as a duration (below 0: nothing), %% a percent sign.  Markup comes
 * from fmt alone.
 */
static void
add(struct page *p, const char *fmt, ...)
{
	va_list ap;
	const char *text;
	long number;
	double seconds;

	va_start(ap, fmt);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			str_add(p->out, *fmt);
			continue;
		}
		switch (*++fmt) {
		case 's':
			text = va_arg(ap, const char *);
			html_add(p->out, text ? text : "");
			break;
		case 'z':
			str_addf(p->out, "%zu", va_arg(ap, size_t));
			break;
		case 'l':
			str_addf(p->out, "%ld", va_arg(ap, long));
			break;
		case 'n':
			number = va_arg(ap, long);
			if (number)
				str_addf(p->out, "%ld", number);
			break;
		case 'd':
			seconds = va_arg(ap, double);
			if (seconds >= 0)
				report_add_duration(p->out, seconds);
			break;
		default:
			str_add(p->out, '%');
		}
	}
	va_end(ap);
}

static const char *
short_id(struct page *p, const char *hex, size_t digits)
{
	return arena_copy(p->arena, hex, strnlen(hex, digits));
}

/* A row of a list of facts; none, if there is nothing to say. */
static void
add_fact(struct page *p, const char *name, const char *value)
{
	if (value && *value)
		add(p, "<dt>%s</dt><dd>%s</dd>\n", name, value);
}

static void
add_moment(struct page *p, const char *name, int64_t at_s)
{
	char text[UTC_SIZE];

	utc_text(text, at_s);
	add_fact(p, name, at_s > 0 ? text : NULL);
}

/* ---- head and totals ---- */

static void
add_head(struct page *p)
{
	unsigned char digest[DIGEST_BYTES];
	char encoded[BASE64_ENCODE_RAW_LENGTH(DIGEST_BYTES) + 1] = "";

	digest_raw(digest, report_html_script, strlen(report_html_script));
	base64_encode_raw(encoded, sizeof(digest), digest);
	add(p, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	       "style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	       "<meta name=\"color-scheme\" content=\"light dark\">\n"
	       "<title>%s: baseline images</title>\n<style>\n", encoded, p->status->fleet->name);
	str_adds(p->out, report_html_style);
	str_adds(p->out, "</style>\n</head>\n<body>\n");
}

static void
add_totals(struct page *p)
{
	const struct status *s = p->status;
	char now[UTC_SIZE];

	utc_text(now, s->now_s);
	add(p, "<h1>%s: baseline images</h1>\n<p>%z parent commits of %z entries in mappings; "
	       "%z pairs in the data set; in the registry: %z present, %z absent, %z unknown. "
	       "<span class=\"faint\">As of %s.</span></p>\n<div class=\"bar\">",
	    s->fleet->name, s->n_rows, s->n_entries, s->n_dataset, s->by_verdict[VERDICT_PRESENT],
	    s->by_verdict[VERDICT_ABSENT], s->by_verdict[VERDICT_UNKNOWN], now);
	for (unsigned i = 0; i < STATES; i++)
		if (s->by_state[i])
			add(p, "<span class=\"%s\" style=\"flex:%z\" title=\"%s %z\"></span>",
			    state_name((enum state)i), s->by_state[i], state_title((enum state)i), s->by_state[i]);
	str_adds(p->out, "</div>\n<ul class=\"chips\">\n");
	for (unsigned i = 0; i < STATES; i++) {
		unsigned share = status_share(s, s->by_state[i]);
		add(p, "<li><button type=\"button\" class=\"%s\" data-state=\"%s\" aria-pressed=\"false\">"
		       "<b>%z</b> %s <span class=\"faint\">%l.%l %%</span></button></li>\n",
		    state_name((enum state)i), state_name((enum state)i), s->by_state[i],
		    state_title((enum state)i), (long)share / 10, (long)share % 10);
	}
	str_adds(p->out, "</ul>\n");
}

static void
add_kinds(struct page *p)
{
	const struct status *s = p->status;

	str_adds(p->out, "<p>");
	for (size_t i = 0; i < s->n_kinds; i++) {
		const struct status_kind *k = &s->kinds[i];
		if (!i || k[-1].state != k->state)
			add(p, "%s%s: ", i ? "; " : "", state_title(k->state));
		else
			str_adds(p->out, ", ");
		add(p, "%s %z", k->kind, k->rows);
	}
	str_adds(p->out, "</p>\n");
}

static void
add_mappings(struct page *p)
{
	const struct status *s = p->status;

	str_adds(p->out, "<h2>By mapping</h2>\n<div class=\"wide\"><table id=\"mappings\"><thead><tr>"
	         "<th>mapping</th><th class=\"n\">entries</th><th class=\"n\">parents</th>");
	for (unsigned i = 0; i < STATES; i++)
		add(p, "<th class=\"n\">%s</th>", state_title((enum state)i));
	str_adds(p->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct status_group *g = &s->groups[i];
		add(p, "<tr><td>%s <span class=\"faint\">%s</span></td><td class=\"n\">%z</td>"
		       "<td class=\"n\">%z</td>", g->title, g->file, g->entries, g->rows);
		for (unsigned j = 0; j < STATES; j++)
			add(p, "<td class=\"n\">%z</td>", g->by_state[j]);
		str_adds(p->out, "</tr>\n");
	}
	add(p, "<tr><th>all</th><th class=\"n\">%z</th><th class=\"n\">%z</th>", s->n_entries, s->n_rows);
	for (unsigned j = 0; j < STATES; j++)
		add(p, "<th class=\"n\">%z</th>", s->by_state[j]);
	str_adds(p->out, "</tr></tbody></table></div>\n");
}

/* ---- timeline ---- */

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
add_span(struct page *p, const struct timeline *t, const struct span *span, int top)
{
	double from = place_of(t, span->start_s), to = place_of(t, span->end_s);
	const struct journal_event *end = span->attempt->end;

	str_addf(p->out, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\">",
	         class_of(span), from, top + (int)span->lane * LANE + 2, to - from < 1.5 ? 1.5 : to - from,
	         LANE - 4);
	add(p, "<title>%s %s, attempt %l: %s, %d</title></rect>\n", span->row->target,
	    step_name(span->attempt->step), span->attempt->number,
	    span->running ? "at work" : end ? outcome_name(end->outcome, end->class) : "no end is known",
	    span->end_s - span->start_s);
}

static void
add_ticks(struct page *p, const struct timeline *t, int height)
{
	for (int i = 0; i <= TICKS; i++) {
		double at = t->start_s + (t->end_s - t->start_s) * i / TICKS;
		char text[UTC_SIZE];
		utc_text(text, (int64_t)at);
		str_addf(p->out, "<path class=\"grid\" d=\"M%.1f 0V%d\"/><text class=\"faint\" x=\"%.1f\" y=\"%d\" "
		         "text-anchor=\"%s\">", place_of(t, at), height, place_of(t, at), height + 14,
		         i == 0 ? "start" : i == TICKS ? "end" : "middle");
		if (t->end_s - t->start_s < TICKS * 120)
			str_addf(p->out, "%.8s</text>\n", text + 11);
		else
			str_addf(p->out, "%.5s %.5s</text>\n", text + 5, text + 11);
	}
}

static void
add_pool(struct page *p, const struct timeline *t, enum pool pool, int top)
{
	const struct pool_line *line = &t->pools[pool];
	double all = t->end_s - t->start_s;

	str_addf(p->out, "<rect class=\"lane\" x=\"%.0f\" y=\"%d\" width=\"%.0f\" height=\"%u\"/>\n"
	         "<text x=\"0\" y=\"%d\">%s</text><text class=\"faint\" x=\"0\" y=\"%d\">%.0f %% busy</text>\n",
	         TIME_LEFT, top, TIME_WIDTH, line->lanes * LANE, top + 12, pool_name(pool), top + 26,
	         all > 0 ? 100 * line->busy_s / all : 100);
	for (size_t i = 0; i < line->n; i++)
		add_span(p, t, &line->spans[i], top);
}

static int
height_of(const struct pool_line *line)
{
	return line->n ? 14 + LANE * (int)(line->lanes > 2 ? line->lanes : 2) : 0;	/* two lines of words */
}

static void
add_timeline(struct page *p)
{
	struct timeline t;
	int height = 4, top = 4;

	timeline_make(&t, p->status, p->arena);
	str_adds(p->out, "<h2>Timeline</h2>\n");
	if (!t.shown) {
		str_adds(p->out, "<p>Nothing has run in this folder yet.</p>\n");
		return;
	}
	for (unsigned i = 0; i < POOLS; i++)
		height += height_of(&t.pools[i]);
	add(p, "<p class=\"faint\">Each bar is one attempt of a step, on the line of its pool; where a line "
	       "is empty, the pool was idle. Times are UTC.");
	if (t.left_out)
		add(p, " The newest %z attempts; %z older ones are not shown.", t.shown, t.left_out);
	str_addf(p->out, "</p>\n<div class=\"wide\"><svg class=\"time\" id=\"timeline\" viewBox=\"0 0 1000 %d\" "
	         "role=\"img\"><title>Attempts by pool</title>\n", height + 20);
	add_ticks(p, &t, height);
	for (unsigned i = 0; i < POOLS; i++) {
		if (t.pools[i].n)
			add_pool(p, &t, (enum pool)i, top);
		top += height_of(&t.pools[i]);
	}
	str_adds(p->out, "</svg></div>\n");
}

/* ---- the table of images ---- */

/* In all attempts, the one at work included; below 0: there were none. */
static double
seconds_spent(const struct status_row *row, int64_t now_s)
{
	double sum = 0;
	for (size_t i = 0; i < row->n_attempts; i++)
		if (row->attempts[i].seconds > 0)
			sum += row->attempts[i].seconds;
	if (row->running && !row->running->waiting)
		sum += (double)(now_s - row->running->since_s);
	return row->n_attempts ? sum : -1;
}

static void
add_image_row(struct page *p, const struct status_row *row, size_t number)
{
	double spent = seconds_spent(row, p->status->now_s);

	add(p, "<tr class=\"%s\"><td class=\"n\">%z</td><td class=\"state\">%s</td><td class=\"id\">",
	    state_name(row->state), number, state_title(row->state));
	if (p->detailed[number - 1])
		add(p, "<a href=\"#%s\">%s</a>", row->target, row->target);
	else
		add(p, "%s", row->target);
	add(p, "</td><td class=\"id\">%s</td><td class=\"text\">%s</td><td class=\"minor\">%s</td>"
	       "<td class=\"minor\">%s</td><td class=\"n minor\" data-n=\"%l\">%d</td><td class=\"text\">%s</td></tr>\n",
	    short_id(p, row->entries[0]->human, 8), row->model, p->status->groups[row->mapping].name,
	    native_name(row->native), (long)spent, spent, row->reason);
}

static void
add_images(struct page *p)
{
	static const struct { const char *name, *class; } columns[] = {
		{ "#", "n" }, { "state", "" }, { "image", "" }, { "human", "" }, { "model", "" },
		{ "mapping", "minor" }, { "native", "minor" }, { "time", "n minor" }, { "why", "" },
	};
	const struct status *s = p->status;

	add(p, "<h2>Images (%z)</h2>\n<input type=\"search\" id=\"filter\" hidden "
	       "placeholder=\"filter: words, digits, a state, a model\" aria-label=\"filter\">\n"
	       "<p class=\"faint\" id=\"shown\"></p>\n<div class=\"wide\"><table id=\"images\"><thead><tr>", s->n_rows);
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		add(p, "<th class=\"%s\"><button type=\"button\">%s</button></th>", columns[i].class, columns[i].name);
	str_adds(p->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < s->n_rows; i++)
		add_image_row(p, &s->rows[i], i + 1);
	str_adds(p->out, "</tbody></table></div>\n");
}

/* ---- one image ---- */

static void
add_attempts(struct page *p, const struct status_row *row)
{
	if (!row->n_attempts)
		return;
	str_adds(p->out, "<div class=\"wide\"><table><thead><tr><th>step</th><th class=\"n\">attempt</th>"
	         "<th>started</th><th class=\"n\">took</th><th>end</th><th class=\"n\">jobs</th>"
	         "<th class=\"n\">memory, MB</th><th>log</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < row->n_attempts; i++) {
		const struct journal_attempt *t = &row->attempts[i];
		const struct journal_event *e = t->end ? t->end : t->start;
		char started[UTC_SIZE];
		utc_text(started, (int64_t)t->start_s);
		add(p, "<tr><td>%s</td><td class=\"n\">%l</td><td>%s</td><td class=\"n\">%d</td><td>%s</td>"
		       "<td class=\"n\">%n</td><td class=\"n\">%n</td><td class=\"id\">%s</td></tr>\n",
		    step_name(t->step), t->number, started, t->seconds,
		    t->end ? outcome_name(t->end->outcome, t->end->class) : "", e->jobs, e->peak_mb,
		    t->start ? t->start->log : NULL);
	}
	str_adds(p->out, "</tbody></table></div>\n");
}

static void
add_failure(struct page *p, const struct status_row *row)
{
	const struct failure *f = row->failure;

	if (!f)
		return;
	add(p, "<p><b class=\"%s\">%s</b>: %s</p>\n<p>%s</p>\n", state_name(row->state), row->kind,
	    f->cause ? f->cause : f->line, failure_class_advice(f->class));
	if (!row->excerpt)
		return;
	str_adds(p->out, "<pre>");
	for (size_t i = 0; i < row->n_excerpt; i++) {
		long number = row->excerpt_line ? row->excerpt_line + (long)i : 0;
		if (!number)
			add(p, "%s\n", row->excerpt[i]);
		else if (number == f->line_number)
			add(p, "<span class=\"hit\">%l  %s</span>\n", number, row->excerpt[i]);
		else
			add(p, "%l  %s\n", number, row->excerpt[i]);
	}
	str_adds(p->out, "</pre>\n");
}

static void
add_entries(struct page *p, const struct status_row *row)
{
	for (size_t i = 0; i < row->n_entries; i++) {
		struct str place = { 0 };
		entry_place(&place, &p->status->fleet->mappings[row->entries[i]->mapping], row->entries[i]);
		add(p, "<dt>human</dt><dd><span class=\"id\">%s</span> (%s)</dd>\n", row->entries[i]->human,
		    str_text(&place));
		str_dispose(&place);
	}
}

static void
add_patches(struct page *p, const struct planned_image *planned)
{
	for (size_t i = 0; i < planned->patches.n; i++)
		add_fact(p, "patch", planned->patches.list[i]);
	for (size_t i = 0; i < planned->preflight.n; i++)
		add_fact(p, "known fault", planned->preflight.list[i]);
}

static void
add_facts(struct page *p, const struct status_row *row)
{
	const struct planned_image *planned = row->planned;

	str_adds(p->out, "<dl>\n");
	add_fact(p, "why", row->reason);
	add_fact(p, "parent", row->parent);
	if (planned) {
		add_fact(p, "subject", planned->subject);
		add_moment(p, "date", planned->time_s);
	}
	add_entries(p, row);
	add_fact(p, "model", row->model);
	if (planned) {
		add_fact(p, "image", planned->image);
		add_fact(p, "digest", row->digest);
		add_fact(p, "base", planned->base.image);
		add_fact(p, "base digest", planned->base.digest);
		add_fact(p, "native", planned->native_reason);
		add_patches(p, planned);
		add_fact(p, "made of", planned->input);
	}
	if (row->setting)
		add_fact(p, "fix", row->setting->fix);
	str_adds(p->out, "</dl>\n");
}

static void
add_detail(struct page *p, const struct status_row *row, bool open)
{
	add(p, open ? "<details id=\"%s\" open><summary>" : "<details id=\"%s\"><summary>", row->target);
	add(p, "<span class=\"id\">%s</span> %s <span class=\"faint\">%s</span>"
	       "</summary>\n", row->target, state_title(row->state), row->model);
	add_failure(p, row);
	str_adds(p->out, "<div class=\"wide\">");
	image_graph_svg(p->out, p->status, row);
	str_adds(p->out, "</div>\n");
	add_facts(p, row);
	add_attempts(p, row);
	str_adds(p->out, "</details>\n");
}

/* The states that people look for first. */
static const enum state by_interest[] = {
	STATE_FAILED, STATE_RUNNING, STATE_UNKNOWN, STATE_HELD, STATE_VERIFIED, STATE_TO_BUILD,
	STATE_BUILT, STATE_PRESENT,
};

#define INTERESTS (sizeof(by_interest) / sizeof(*by_interest))

static void
choose_details(struct page *p)
{
	const struct status *s = p->status;
	size_t left = REPORT_DETAILS;

	p->detailed = arena_array(p->arena, s->n_rows, sizeof(*p->detailed));
	for (size_t i = 0; i < INTERESTS; i++)
		for (size_t j = 0; j < s->n_rows && left; j++)
			if (s->rows[j].state == by_interest[i]) {
				p->detailed[j] = true;
				left--;
			}
}

static void
add_details(struct page *p)
{
	const struct status *s = p->status;

	str_adds(p->out, "<h2>One by one</h2>\n");
	if (s->n_rows > REPORT_DETAILS)
		add(p, "<p class=\"faint\">%z of %z, those first that are not done; of any other: "
		       "<code>gen explain</code>.</p>\n", (size_t)REPORT_DETAILS, s->n_rows);
	size_t open = OPEN_FAILURES;
	for (size_t i = 0; i < INTERESTS; i++)
		for (size_t j = 0; j < s->n_rows; j++) {
			const struct status_row *row = &s->rows[j];
			if (row->state != by_interest[i] || !p->detailed[j])
				continue;
			add_detail(p, row, row->failure && open);
			open -= row->failure && open;
		}
}

/* ---- the rest ---- */

static void
add_tags(struct page *p)
{
	const struct planned *planned = p->status->planned;

	add(p, "<h2>Images in no mapping (%z)</h2>\n", planned->n_tags);
	if (!planned->n_tags)
		return;
	str_adds(p->out, "<div class=\"wide\"><table id=\"tags\"><thead><tr><th>tag</th>"
	         "<th>parent of, says the data set</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < planned->n_tags; i++)
		add(p, "<tr><td class=\"id\">%s</td><td class=\"id\">%s</td></tr>\n", planned->tags[i].tag,
		    planned->tags[i].human);
	str_adds(p->out, "</tbody></table></div>\n");
}

static void
add_builds(struct page *p)
{
	const struct status *s = p->status;
	size_t shown = s->n_builds < RECENT ? s->n_builds : RECENT;

	add(p, "<h2>Recent builds (%z)</h2>\n", shown);
	if (!shown)
		return;
	str_adds(p->out, "<div class=\"wide\"><table id=\"builds\"><thead><tr><th>image</th><th>ended</th>"
	         "<th class=\"n\">took</th><th class=\"n\">attempt</th><th class=\"n\">jobs</th>"
	         "<th>fix applied</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < shown; i++) {
		const struct status_build *b = &s->builds[i];
		char ended[UTC_SIZE];
		utc_text(ended, (int64_t)(b->attempt->start_s + b->attempt->seconds));
		add(p, "<tr><td class=\"id\">%s</td><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%l</td>"
		       "<td class=\"n\">%n</td><td class=\"text\">%s</td></tr>\n", b->row->target, ended,
		    b->attempt->seconds, b->attempt->number, b->attempt->end->jobs,
		    b->row->setting && b->row->setting->fix ? b->row->setting->fix : "standard build");
	}
	str_adds(p->out, "</tbody></table></div>\n");
}

static void
add_commits(struct page *p)
{
	const struct fleet *fleet = p->status->fleet;

	add(p, "<h2>Settings of single commits (%z)</h2>\n", fleet->n_commits);
	if (!fleet->n_commits)
		return;
	str_adds(p->out, "<div class=\"wide\"><table id=\"commits\"><thead><tr><th>parent</th>"
	         "<th class=\"n\">max_jobs</th><th>fix</th><th>failed for good</th><th>reason</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < fleet->n_commits; i++) {
		const struct commit_setting *c = &fleet->commits[i];
		add(p, "<tr><td class=\"id\">%s</td><td class=\"n\">%n</td><td class=\"text\">%s</td>"
		       "<td class=\"text\">%s</td><td class=\"text\">%s</td></tr>\n",
		    short_id(p, c->prefix, COMMIT_ID_SHORT), c->max_jobs, c->fix, c->failed_error, c->failed_error ? c->failed_reason : NULL);
	}
	str_adds(p->out, "</tbody></table></div>\n");
}

static void
add_settings(struct page *p)
{
	const struct fleet *fleet = p->status->fleet;
	const struct status_time *t = &p->status->time;

	add(p, "<h2>Build settings and time</h2>\n<dl>\n<dt>Dockerfile</dt><dd>%s</dd>\n"
	       "<dt>max_jobs</dt><dd>%l</dd>\n<dt>nvcc_threads</dt><dd>%l</dd>\n<dt>deadline</dt><dd>%d</dd>\n"
	       "<dt>disk</dt><dd>%l GB</dd>\n", fleet->build.dockerfile, fleet->build.max_jobs,
	    fleet->build.nvcc_threads, (double)fleet->build.deadline_s, fleet->build.disk_gb);
	for (size_t i = 0; i < fleet->build.n_args; i++)
		add_fact(p, fleet->build.args[i].name, fleet->build.args[i].value);
	add(p, "<dt>image steps done</dt><dd>%z, %d</dd>\n<dt>failed or cut off</dt><dd>%z, %d</dd>\n",
	    t->good, t->good_s, t->lost, t->lost_s);
	if (t->saved_s >= 0)
		add(p, "<dt>saved</dt><dd>about %d, at %d a compile</dd>\n", t->saved_s, t->compile_s);
	if (t->cache_hits + t->cache_misses)
		add(p, "<dt>compiler cache</dt><dd>%l of %l found there</dd>\n", t->cache_hits,
		    t->cache_hits + t->cache_misses);
	add_fact(p, "baseline images", fleet->baseline_repository);
	add_fact(p, "human images", fleet->human_repository);
	add_fact(p, "logs", "out/logs/TARGET/STEP.N.log; of the last failure: out/build_errors/PARENT12.log");
	str_adds(p->out, "</dl>\n");
}

void
report_html(struct str *out, const struct status *s, struct arena *a)
{
	struct page p = { .out = out, .status = s, .arena = a };

	choose_details(&p);
	add_head(&p);
	add_totals(&p);
	add_kinds(&p);
	add_mappings(&p);
	add_timeline(&p);
	add_images(&p);
	add_details(&p);
	add_tags(&p);
	add_builds(&p);
	add_commits(&p);
	add_settings(&p);
	/* The digest is of all that stands between the tags. */
	str_adds(out, "<script>");
	str_adds(out, report_html_script);
	str_adds(out, "</script>\n</body>\n</html>\n");
}
