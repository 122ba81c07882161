#include "status/report_json.h"

#include <string.h>

#include "base/str.h"
#include "base/utc.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "json/doc.h"
#include "logs/failure_class.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/status.h"

static void
add_time(struct doc *d, const char *key, int64_t at_s)
{
	char text[UTC_SIZE];
	utc_text(text, at_s);
	doc_string(d, key, at_s ? text : NULL);
}

static void
add_size(struct doc *d, const char *key, size_t n)
{
	doc_long(d, key, (long)n);
}

static void
add_states(struct doc *d, const char *key, const size_t by_state[STATES])
{
	doc_open(d, key, '{');
	for (unsigned i = 0; i < STATES; i++)
		add_size(d, state_name((enum state)i), by_state[i]);
	doc_close(d, '}');
}

static void
add_kinds(struct doc *d, const struct status *s, enum state state)
{
	doc_open(d, state_name(state), '{');
	for (size_t i = 0; i < s->n_kinds; i++)
		if (s->kinds[i].state == state)
			add_size(d, s->kinds[i].kind, s->kinds[i].rows);
	doc_close(d, '}');
}

static void
add_totals(struct doc *d, const struct status *s)
{
	static const enum state with_kinds[] = {
		STATE_RUNNING, STATE_FAILED, STATE_HELD, STATE_UNKNOWN,
	};

	doc_open(d, "totals", '{');
	add_size(d, "dataset", s->n_dataset);
	add_size(d, "entries", s->n_entries);
	add_size(d, "parents", s->n_rows);
	add_size(d, "present", s->by_verdict[VERDICT_PRESENT]);
	add_size(d, "absent", s->by_verdict[VERDICT_ABSENT]);
	add_size(d, "unknown", s->by_verdict[VERDICT_UNKNOWN]);
	add_size(d, "unmapped_tags", s->planned->n_tags);
	add_states(d, "states", s->by_state);
	doc_open(d, "kinds", '{');
	for (size_t i = 0; i < sizeof(with_kinds) / sizeof(*with_kinds); i++)
		add_kinds(d, s, with_kinds[i]);
	doc_close(d, '}');
	doc_close(d, '}');
}

static void
add_mappings(struct doc *d, const struct status *s)
{
	doc_open(d, "mappings", '[');
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct status_group *g = &s->groups[i];
		doc_open(d, NULL, '{');
		doc_string(d, "name", g->name);
		doc_string(d, "title", g->title);
		doc_string(d, "file", g->file);
		add_size(d, "entries", g->entries);
		add_size(d, "parents", g->rows);
		add_states(d, "states", g->by_state);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

/* ---- images ---- */

static void
add_entries(struct doc *d, const struct status_row *row, const struct status *s)
{
	doc_open(d, "entries", '[');
	for (size_t i = 0; i < row->n_entries; i++) {
		const struct entry *e = row->entries[i];
		struct str place = { 0 };
		entry_place(&place, &s->fleet->mappings[e->mapping], e);
		doc_open(d, NULL, '{');
		doc_string(d, "human", e->human);
		doc_string(d, "mapping", s->fleet->mappings[e->mapping].name);
		doc_string(d, "place", str_text(&place));
		doc_string(d, "model", e->model);
		doc_close(d, '}');
		str_dispose(&place);
	}
	doc_close(d, ']');
}

static void
add_running(struct doc *d, const struct running *r)
{
	if (!r)
		return;
	doc_open(d, "running", '{');
	doc_string(d, "step", step_name(r->step));
	add_time(d, "since", r->since_s);
	doc_string(d, "waiting", r->waiting);
	doc_long(d, "attempt", r->attempt);
	doc_long(d, "jobs", r->jobs);
	doc_string(d, "log", r->log);
	doc_long(d, "done", r->done);
	doc_long(d, "total", r->total);
	doc_close(d, '}');
}

static void
add_failure(struct doc *d, const struct failure *f)
{
	if (!f)
		return;
	doc_open(d, "failure", '{');
	doc_string(d, "time", f->time);
	doc_string(d, "step", step_name(f->step));
	doc_string(d, "class", failure_class_name(f->class));
	doc_string(d, "cause", f->cause);
	doc_string(d, "line", f->line);
	doc_long(d, "line_number", f->line_number);
	doc_string(d, "log", f->log);
	doc_long(d, "attempts", f->attempts);
	doc_long(d, "jobs", f->jobs);
	doc_string(d, "until", until_name(f->until));
	doc_string(d, "advice", failure_class_advice(f->class));
	doc_close(d, '}');
}

static void
add_attempts(struct doc *d, const struct status_row *row)
{
	doc_open(d, "attempts", '[');
	for (size_t i = 0; i < row->n_attempts; i++) {
		const struct journal_attempt *t = &row->attempts[i];
		const struct journal_event *e = t->end ? t->end : t->start;
		doc_open(d, NULL, '{');
		doc_string(d, "step", step_name(t->step));
		doc_long(d, "number", t->number);
		add_time(d, "started", (int64_t)t->start_s);
		doc_string(d, "class", t->end ? outcome_name(t->end->outcome, t->end->class) : NULL);
		doc_long(d, "seconds", t->seconds < 0 ? -1 : (long)(t->seconds + 0.5));
		doc_long(d, "jobs", e->jobs);
		doc_long(d, "peak_mb", e->peak_mb);
		doc_string(d, "log", t->start ? t->start->log : NULL);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

/* What gen planned; nulls for an entry that it does not know. */
static void
add_planned(struct doc *d, const struct status_row *row)
{
	static const struct planned_image none = { 0 };
	const struct planned_image *p = row->planned ? row->planned : &none;

	doc_string(d, "subject", p->subject);
	add_time(d, "time", p->time_s);
	doc_string(d, "image", p->image);
	doc_string(d, "verdict", verdict_name(row->verdict));
	doc_string(d, "digest", row->digest);
	doc_string(d, "decision", row->planned ? decision_name(p->decision) : NULL);
	doc_string(d, "input", p->input);
	doc_string(d, "base", p->base.image);
	doc_string(d, "base_digest", p->base.digest);
	doc_string(d, "native", native_name(row->native));
	doc_string(d, "native_reason", p->native_reason);
	doc_strings(d, "patches", p->patches.list, p->patches.n);
	doc_strings(d, "preflight", p->preflight.list, p->preflight.n);
	doc_long(d, "max_jobs", p->max_jobs);
}

static void
add_image(struct doc *d, const struct status_row *row, const struct status *s)
{
	doc_open(d, NULL, '{');
	doc_string(d, "target", row->target);
	doc_string(d, "parent", row->parent);
	doc_string(d, "mapping", s->groups[row->mapping].name);
	doc_string(d, "model", row->model);
	doc_string(d, "state", state_name(row->state));
	doc_string(d, "kind", row->kind);
	doc_string(d, "reason", row->reason);
	doc_bool(d, "stale", row->stale);
	add_planned(d, row);
	doc_string(d, "fix", row->setting ? row->setting->fix : NULL);
	add_entries(d, row, s);
	add_running(d, row->running);
	add_failure(d, row->failure);
	add_attempts(d, row);
	doc_close(d, '}');
}

void
report_json_image(struct str *out, const struct status *s, const struct status_row *row)
{
	struct doc d = { .out = out };
	add_image(&d, row, s);
}

/* ---- the rest ---- */

static void
add_tags(struct doc *d, const struct planned *p)
{
	doc_open(d, "unmapped_tags", '[');
	for (size_t i = 0; i < p->n_tags; i++) {
		doc_open(d, NULL, '{');
		doc_string(d, "tag", p->tags[i].tag);
		doc_string(d, "human", p->tags[i].human);
		doc_string(d, "parent", p->tags[i].parent);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

static void
add_pairs(struct doc *d, const char *key, const struct name_value *pairs, size_t n)
{
	doc_open(d, key, '{');
	for (size_t i = 0; i < n; i++)
		doc_string(d, pairs[i].name, pairs[i].value);
	doc_close(d, '}');
}

static void
add_commits(struct doc *d, const struct fleet *fleet)
{
	doc_open(d, "commits", '[');
	for (size_t i = 0; i < fleet->n_commits; i++) {
		const struct commit_setting *c = &fleet->commits[i];
		doc_open(d, NULL, '{');
		doc_string(d, "commit", c->prefix);
		doc_long(d, "max_jobs", c->max_jobs);
		add_pairs(d, "args", c->args, c->n_args);
		add_pairs(d, "env", c->env, c->n_env);
		doc_string(d, "fix", c->fix);
		doc_string(d, "failed_error", c->failed_error);
		doc_string(d, "failed_reason", c->failed_error ? c->failed_reason : NULL);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

static void
add_build(struct doc *d, const struct fleet *fleet)
{
	doc_open(d, "build", '{');
	doc_string(d, "dockerfile", fleet->build.dockerfile);
	doc_long(d, "max_jobs", fleet->build.max_jobs);
	doc_long(d, "nvcc_threads", fleet->build.nvcc_threads);
	doc_long(d, "deadline_s", fleet->build.deadline_s);
	doc_long(d, "disk_gb", fleet->build.disk_gb);
	add_pairs(d, "args", fleet->build.args, fleet->build.n_args);
	add_pairs(d, "env", fleet->build.env, fleet->build.n_env);
	doc_close(d, '}');
}

static void
add_hours(struct doc *d, const struct status_time *t)
{
	doc_open(d, "image_steps", '{');
	add_size(d, "done", t->good);
	doc_long(d, "done_s", (long)(t->good_s + 0.5));
	add_size(d, "failed", t->lost);
	doc_long(d, "failed_s", (long)(t->lost_s + 0.5));
	doc_long(d, "compile_s", t->compile_s < 0 ? -1 : (long)(t->compile_s + 0.5));
	doc_long(d, "saved_s", t->saved_s < 0 ? -1 : (long)(t->saved_s + 0.5));
	doc_long(d, "cache_hits", t->cache_hits);
	doc_long(d, "cache_misses", t->cache_misses);
	doc_close(d, '}');
}

void
report_json(struct str *out, const struct status *s)
{
	struct doc d = { .out = out };

	doc_open(&d, NULL, '{');
	doc_long(&d, "version", STATUS_VERSION);
	doc_string(&d, "fleet", s->fleet->name);
	add_time(&d, "time", s->now_s);
	add_totals(&d, s);
	add_mappings(&d, s);
	doc_open(&d, "images", '[');
	for (size_t i = 0; i < s->n_rows; i++)
		add_image(&d, &s->rows[i], s);
	doc_close(&d, ']');
	add_tags(&d, s->planned);
	add_commits(&d, s->fleet);
	add_build(&d, s->fleet);
	add_hours(&d, &s->time);
	doc_strings(&d, "lost", s->lost, s->n_lost);
	doc_close(&d, '}');
}
