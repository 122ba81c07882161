#include "status/report_explain.h"

#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "logs/failure_class.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/report_text.h"
#include "status/status.h"

struct page {
	struct str *out;
	const struct explanation *e;
	const struct report_look *look;
	struct str line;
};

/* End the line that was gathered. */
static void
end_line(struct page *p)
{
	utf8_add_clean(p->out, str_text(&p->line));
	str_add(p->out, '\n');
	str_clear(&p->line);
}

static void PRINTF_LIKE(2, 3)
add_line(struct page *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&p->line, fmt, ap);
	va_end(ap);
	end_line(p);
}

/* "  name       value"; none, if there is no value. */
static void
add_fact(struct page *p, const char *name, const char *value)
{
	if (value && *value)
		add_line(p, "  %-10s %s", name, value);
}

static void
add_title(struct page *p, const char *title)
{
	str_addf(p->out, "\n%s%s%s\n", p->look->colour ? "\033[1m" : "", title, report_plain(p->look));
}

/* ---- sections ---- */

static void
add_head(struct page *p)
{
	const struct status_row *row = p->e->row;

	str_adds(p->out, report_colour(p->look, row->state));
	str_addf(&p->line, "%s: %s: %s", row->target, state_title(row->state), row->reason);
	utf8_add_clean(p->out, str_text(&p->line));
	str_clear(&p->line);
	str_addf(p->out, "%s\n", report_plain(p->look));
}

static void
add_origin(struct page *p)
{
	const struct status_row *row = p->e->row;
	const struct fleet *fleet = p->e->status->fleet;

	add_title(p, "where it comes from");
	for (size_t i = 0; i < row->n_entries; i++) {
		struct str place = { 0 };
		entry_place(&place, &fleet->mappings[row->entries[i]->mapping], row->entries[i]);
		add_fact(p, "mapping", str_text(&place));
		add_fact(p, "human", row->entries[i]->human);
		add_fact(p, "model", row->entries[i]->model);
		str_dispose(&place);
	}
	add_fact(p, "parent", row->parent);
	if (!row->planned)
		return;
	if (row->planned->time_s) {
		char time[UTC_SIZE];
		utc_text(time, row->planned->time_s);
		add_fact(p, "date", time);
	}
	add_fact(p, "subject", row->planned->subject);
}

static void
add_verdict(struct page *p, const char *name, const char *image, enum verdict verdict,
            const char *digest)
{
	struct str text = { 0 };

	str_addf(&text, "%s: %s", image, verdict_name(verdict));
	if (digest)
		str_addf(&text, ", %s", digest);
	add_fact(p, name, str_text(&text));
	str_dispose(&text);
}

static void
add_registry(struct page *p)
{
	const struct explanation *e = p->e;
	const struct planned_image *planned = e->row->planned;
	struct str age = { 0 };

	add_title(p, "in the registry");
	add_verdict(p, "image", planned->image, e->row->verdict, e->row->digest);
	if (planned->base.image)
		add_verdict(p, "base", planned->base.image, planned->base.verdict, planned->base.digest);
	if (e->asked_s >= 0) {
		char time[UTC_SIZE];
		utc_text(time, e->asked_s);
		utc_add_age(&age, e->status->now_s - e->asked_s);
		str_addf(&age, " ago (%s)", time);
	}
	add_fact(p, "asked", str_text(&age));
	str_dispose(&age);
}

static void
add_list(struct page *p, const char *name, const struct texts *list)
{
	for (size_t i = 0; i < list->n; i++)
		add_fact(p, name, list->list[i]);
}

static void
add_pairs(struct page *p, const char *name, const struct name_value *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str text = { 0 };
		str_addf(&text, "%s=%s", pairs[i].name, pairs[i].value);
		add_fact(p, name, str_text(&text));
		str_dispose(&text);
	}
}

static void
add_plan(struct page *p)
{
	const struct status_row *row = p->e->row;
	const struct planned_image *planned = row->planned;
	struct str text = { 0 };

	add_title(p, "what gen decided");
	str_addf(&text, "%s: %s", decision_name(planned->decision), planned->reason);
	add_fact(p, "decision", str_text(&text));
	if (planned->native) {
		str_clear(&text);
		str_adds(&text, native_name(planned->native));
		if (planned->native_reason)
			str_addf(&text, ": %s", planned->native_reason);
		add_fact(p, "native", str_text(&text));
	}
	add_fact(p, "objects", planned->objects);
	add_list(p, "patch", &planned->patches);
	add_list(p, "fault", &planned->preflight);
	str_clear(&text);
	str_addf(&text, "%ld", planned->max_jobs);
	add_fact(p, "jobs", str_text(&text));
	if (row->setting) {
		add_fact(p, "fix", row->setting->fix);
		add_pairs(p, "argument", row->setting->args, row->setting->n_args);
		add_pairs(p, "environ", row->setting->env, row->setting->n_env);
	}
	add_fact(p, "made of", planned->input);
	str_dispose(&text);
}

static void
add_changes(struct page *p)
{
	const struct explanation *e = p->e;

	if (!e->row->planned->input)
		return;
	add_title(p, "what would make it anew");
	add_line(p, "  A change of the tree, a patch, the Dockerfile, the files beside it, the base's digest,");
	add_line(p, "  a build argument or the environment.  Not one of jobs, deadline, pools or paths.");
	if (!e->was_built)
		return;
	add_title(p, "what changed since it was built here");
	for (size_t i = 0; i < e->changes.n; i++)
		add_line(p, "  %s", e->changes.list[i]);
	if (!e->changes.n)
		add_line(p, "  Its parts are the same; this gen makes something else of them.");
}

static void
add_steps(struct page *p)
{
	const struct made *made = p->e->row->made;

	if (!made)
		return;
	add_title(p, "what was made here");
	for (unsigned i = 0; i < STEPS; i++)
		if (made->steps & 1u << i)
			add_line(p, "  %-10s out/stamps/%s.%s", step_name((enum step)i), made->target,
			         step_name((enum step)i));
	add_fact(p, "image id", made->image_id);
	add_fact(p, "pushed", made->pushed_digest);
}

static void
add_running(struct page *p)
{
	const struct running *r = p->e->row->running;

	if (!r)
		return;
	add_title(p, "at work");
	str_addf(&p->line, "  %-10s for ", step_name(r->step));
	report_add_duration(&p->line, (double)(p->e->status->now_s - r->since_s));
	if (r->attempt)
		str_addf(&p->line, ", attempt %ld", r->attempt);
	if (r->jobs)
		str_addf(&p->line, ", %ld jobs", r->jobs);
	if (r->total)
		str_addf(&p->line, ", [%ld/%ld]", r->done, r->total);
	end_line(p);
	add_fact(p, "waits for", r->waiting);
	add_fact(p, "log", r->log);
}

static void
add_attempt(struct page *p, const struct journal_attempt *t)
{
	const struct journal_event *e = t->end ? t->end : t->start;
	char started[UTC_SIZE];

	utc_text(started, (int64_t)t->start_s);
	str_addf(&p->line, "  %-6s %3ld  %s  %-14s ", step_name(t->step), t->number, started,
	         t->end ? outcome_name(t->end->outcome, t->end->class) : "no end known");
	if (t->seconds >= 0)
		report_add_duration(&p->line, t->seconds);
	if (e->jobs)
		str_addf(&p->line, ", %ld jobs", e->jobs);
	if (e->peak_mb)
		str_addf(&p->line, ", %ld MB", e->peak_mb);
	if (e->next)
		str_addf(&p->line, ", then %s", e->next);
	end_line(p);
	if (t->start && t->start->log)
		add_line(p, "              %s", t->start->log);
}

static void
add_attempts(struct page *p)
{
	const struct status_row *row = p->e->row;

	if (!row->n_attempts)
		return;
	add_title(p, "attempts");
	for (size_t i = 0; i < row->n_attempts; i++)
		add_attempt(p, &row->attempts[i]);
}

static void
add_failure(struct page *p)
{
	const struct status_row *row = p->e->row;
	const struct failure *f = row->failure;

	if (!f)
		return;
	add_title(p, "why it failed");
	add_fact(p, "class", row->kind);
	add_fact(p, "cause", f->cause);
	add_fact(p, "line", f->line);
	add_fact(p, "log", f->log);
	add_fact(p, "to do", failure_class_advice(f->class));
	for (size_t i = 0; i < row->n_excerpt; i++) {
		long number = row->excerpt_line ? row->excerpt_line + (long)i : 0;
		if (number)
			str_addf(&p->line, "  %c%7ld  %s", number == f->line_number ? '>' : ' ', number,
			         row->excerpt[i]);
		else
			str_addf(&p->line, "           %s", row->excerpt[i]);
		end_line(p);
	}
}

static void
add_commands(struct page *p)
{
	const struct texts *commands = &p->e->commands;

	if (!commands->n)
		return;
	add_title(p, "by hand, in the fleet's folder");
	for (size_t i = 0; i < commands->n; i++)
		add_line(p, "  %s", commands->list[i]);
}

void
report_explain(struct str *out, const struct explanation *e, const struct report_look *look)
{
	struct page p = { .out = out, .e = e, .look = look };

	add_head(&p);
	add_running(&p);
	add_failure(&p);
	add_origin(&p);
	if (e->row->planned) {
		add_registry(&p);
		add_plan(&p);
		add_changes(&p);
	}
	add_steps(&p);
	add_attempts(&p);
	add_commands(&p);
	str_dispose(&p.line);
}
