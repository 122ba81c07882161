#include "status/explain_page.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utc.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "logs/failure_class.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/image_graph.h"
#include "status/page.h"
#include "status/status.h"
#include "status/timeline.h"

#define BAR 10			/* columns of the bar of a compile */

/* ---- cells ---- */

void
add_running_cells(struct row *r, const struct running *running, int64_t now_s)
{
	char bar[BAR + 1] = "";
	const char *progress = NULL;

	for (long i = 0; i < BAR && running->total; i++)
		bar[i] = i < running->done * BAR / running->total ? '#' : '.';
	if (running->waiting)
		progress = arena_printf(r->arena, "waits: %s", running->waiting);
	else if (running->total)
		progress = arena_printf(r->arena, "[%s] %ld/%ld", bar, running->done, running->total);
	row_add(r, "step", cell_word(step_name(running->step)));
	row_add(r, "for", cell_duration((double)(now_s - running->since_s)));
	row_add(r, "progress", cell_text(progress));
	row_add(r, "attempt", cell_number(running->attempt));
	row_add(r, "jobs", cell_number(running->jobs));
}

void
add_failure_cells(struct row *r, const struct failure *f)
{
	const char *place = f->line && f->line_number
		? arena_printf(r->arena, "%s:%ld", f->log, f->line_number) : f->log;

	row_add(r, "class", cell_word(failure_class_name(f->class)));
	row_add(r, "step", cell_word(step_name(f->step)));
	row_add(r, "attempts", cell_number(f->attempts));
	row_add(r, "jobs", cell_number(f->jobs));
	row_add(r, "cause", cell_text(f->cause ? f->cause : f->line));
	row_add(r, "log", cell_id(place));
	row_add(r, "what to do", cell_text(failure_class_advice(f->class)));
}

void
add_pairs_cell(struct row *r, const char *name, const struct name_value *pairs, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = arena_printf(r->arena, "%s%s%s=%s", text, i ? " " : "", pairs[i].name,
		                    pairs[i].value);
	row_add(r, name, cell_text(text));
}

static void
add_texts(struct row *facts, const char *name, const struct texts *list)
{
	for (size_t i = 0; i < list->n; i++)
		row_add(facts, name, cell_text(list->list[i]));
}

/* ---- sections ---- */

static void
add_state(struct page *p, const struct explanation *e)
{
	const struct running *running = e->row->running;
	const struct failure *f = e->row->failure;

	if (running) {
		struct row *facts = page_add_facts(p, 0, "At work");
		add_running_cells(facts, running, e->status->now_s);
		row_add(facts, "log", cell_id(running->log));
	}
	if (f) {
		add_failure_cells(page_add_facts(p, 0, "Why it failed"), f);
		if (e->row->n_excerpt)
			page_add(p, (struct block){ BLOCK_LINES, .lines = {
				e->row->excerpt, e->row->n_excerpt, e->row->excerpt_line, f->line_number } });
	}
}

static void
add_lines(struct page *p, const char *const *list, size_t n)
{
	page_add(p, (struct block){ BLOCK_LINES, .lines = { .list = list, .n = n } });
}

static void
add_picture(struct page *p, const struct explanation *e)
{
	struct str svg = { 0 };

	if (!page_add_section(p, (struct section){ .title = "Picture", .in = IN_HTML }))
		return;
	image_graph_svg(&svg, e->status, e->row);
	page_add(p, (struct block){ BLOCK_DRAWING, .text = arena_copy(p->arena, svg.data, svg.len) });
	str_dispose(&svg);
}

static void
add_origin(struct page *p, const struct explanation *e)
{
	const struct status_row *row = e->row;

	struct row *facts = page_add_facts(p, 0, "Where it comes from");
	for (size_t i = 0; i < row->n_entries; i++) {
		const struct entry *entry = row->entries[i];
		struct str place = { 0 };
		entry_place(&place, &e->status->fleet->mappings[entry->mapping], entry);
		row_add(facts, "mapping", cell_id(arena_copy(p->arena, str_text(&place), place.len)));
		row_add(facts, "human", cell_id(entry->human));
		row_add(facts, "model", cell_text(entry->model));
		str_dispose(&place);
	}
	row_add(facts, "parent", cell_id(row->parent));
	if (row->planned) {
		row_add(facts, "date", cell_time(row->planned->time_s));
		row_add(facts, "subject", cell_text(row->planned->subject));
	}
}

static void
add_registry(struct page *p, const struct explanation *e)
{
	const struct planned_image *planned = e->row->planned;
	struct row *facts = page_add_facts(p, 0, "In the registry");
	struct str age = { 0 };

	row_add(facts, "image", cell_noted(cell_id(planned->image), verdict_name(e->row->verdict)));
	row_add(facts, "digest", cell_id(e->row->digest));
	row_add(facts, "base", cell_noted(cell_id(planned->base.image), verdict_name(planned->base.verdict)));
	row_add(facts, "base digest", cell_id(planned->base.digest));
	if (e->asked_s < 0)
		return;
	utc_add_age(&age, e->status->now_s - e->asked_s);
	row_add(facts, "asked",
	        cell_noted(cell_time(e->asked_s), arena_printf(p->arena, "%s ago", str_text(&age))));
	str_dispose(&age);
}

static void
add_plan(struct page *p, const struct explanation *e)
{
	const struct planned_image *planned = e->row->planned;
	const struct commit_setting *setting = e->row->setting;
	struct row *facts = page_add_facts(p, 0, "In the plan");

	row_add(facts, "decision", cell_noted(cell_word(decision_name(planned->decision)), planned->reason));
	row_add(facts, "native",
	        cell_noted(cell_word(native_name(planned->native)), planned->native_reason));
	row_add(facts, "objects from", cell_id(planned->objects));
	add_texts(facts, "patch", &planned->patches);
	add_texts(facts, "known fault", &planned->preflight);
	row_add(facts, "jobs", cell_number(planned->max_jobs));
	if (setting) {
		row_add(facts, "fix", cell_text(setting->fix));
		add_pairs_cell(facts, "build arguments", setting->args, setting->n_args);
		add_pairs_cell(facts, "environment", setting->env, setting->n_env);
	}
	row_add(facts, "input digest", cell_id(planned->input));
}

static void
add_changes(struct page *p, const struct explanation *e)
{
	static const char *const causes[] = {
		"gen builds the image again when its tree, a patch, the Dockerfile, a file",
		"beside the Dockerfile, the digest of its base, a build argument or the",
		"environment changes.  Jobs, deadline, pools and paths do not cause a rebuild.",
	};
	struct section head = { .title = "What causes a rebuild", .in = IN_TEXT };

	if (e->row->planned->input && page_add_section(p, head))
		add_lines(p, causes, sizeof(causes) / sizeof(*causes));
	if (!e->was_built)
		return;
	page_add_section(p, (struct section){ .title = "What changed since it was built here" });
	if (e->changes.n)
		add_lines(p, e->changes.list, e->changes.n);
	else
		page_add_note(p, "Its parts are the same, but this version of gen makes something else "
		                 "from them.");
}

static void
add_made(struct page *p, const struct made *made)
{
	struct row *facts = page_add_facts(p, 0, "Made in this folder");

	for (enum step i = 0; i < STEPS; i++) {
		const char *step = step_name(i);
		if (made->steps & 1u << i)
			row_add(facts, step, cell_id(arena_printf(p->arena, "out/stamps/%s.%s", made->target,
			                                          step)));
	}
	row_add(facts, "image id", cell_id(made->image_id));
	row_add(facts, "pushed digest", cell_id(made->pushed_digest));
}

static void
fill_attempt(struct row *r, const void *item)
{
	const struct journal_attempt *t = item;
	const struct journal_event *e = t->end ? t->end : t->start;

	row_add(r, "step", cell_word(step_name(t->step)));
	row_add(r, "attempt", cell_number(t->number));
	row_add(r, "started", cell_time(t->start_s));
	row_add(r, "took", cell_duration(t->seconds));
	row_add(r, "result", cell_word(attempt_result(r->about, t)));
	row_add(r, "jobs", cell_number(e->jobs));
	row_add(r, "memory", cell_megabytes(e->peak_mb));
	row_add(r, "next", cell_word(e->next));
	row_add(r, "log", cell_id(t->start ? t->start->log : NULL));
}

void
explain_page(struct page *p, const struct explanation *e, const struct section *head)
{
	const struct status_row *row = e->row;
	struct section first = *head;

	first.title = row->target;
	first.badge = state_badge(row->state);
	first.note = row->reason;
	page_add_section(p, first);
	add_state(p, e);
	add_picture(p, e);
	add_origin(p, e);
	if (row->planned) {
		add_registry(p, e);
		add_plan(p, e);
		add_changes(p, e);
	}
	if (row->made)
		add_made(p, row->made);
	page_add_table(p, (struct section){ .title = "Attempts", .counted = true }, (struct table){
		.fill = fill_attempt, .about = row, TABLE_ITEMS(row->attempts, row->n_attempts) });
	if (!e->commands.n)
		return;
	page_add_section(p, (struct section){ .title = "Commands to run by hand, in the fleet's folder" });
	add_lines(p, e->commands.list, e->commands.n);
}
