#include "status/status_page.h"

#include <string.h>

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/str.h"
#include "base/utc.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "status/explain_page.h"
#include "status/page.h"
#include "status/status.h"
#include "status/timeline.h"
#include "status/timeline_svg.h"

#define ROWS 40			/* of a list in the text */
#define RECENT 25		/* builds in that table */
#define OPEN_FAILURES 5		/* are shown without a click */

/* What tables are filled from. */
struct fleet_page {
	const struct status *status;
	bool *detailed;		/* of each row: is it shown by itself? */
};

static const struct status *
status_of(const struct row *r)
{
	return ((const struct fleet_page *)r->about)->status;
}

/* ---- totals ---- */

static void
fill_state(struct row *r, const void *item)
{
	const struct status *s = status_of(r);
	enum state state = (enum state)(r->number - 1);
	size_t n = item ? s->by_state[state] : s->n_rows;
	const char *kinds = "";

	for (size_t i = 0; i < s->n_kinds; i++)
		if (s->kinds[i].state == state)
			kinds = arena_printf(r->arena, "%s%s%s %zu", kinds, *kinds ? ", " : "",
			                     s->kinds[i].kind, s->kinds[i].rows);
	r->badge = item && n ? state_badge(state) : NULL;
	row_add(r, "state", item ? cell_badge(state_badge(state)) : cell_word("all"));
	row_add(r, "images", cell_count(n));
	row_add(r, "share", cell_share(status_share(s, n)));
	row_add(r, "of which", cell_text(kinds));
}

static void
fill_mapping(struct row *r, const void *item)
{
	const struct status *s = status_of(r);
	const struct status_group *g = item;
	const size_t *by_state = g ? g->by_state : s->by_state;
	const char *title = g && strcmp(g->name, g->title) != 0 ? g->title : NULL;

	row_add(r, "mapping", cell_noted(cell_word(g ? g->name : "all"), title));
	row_add(r, "entries", cell_count(g ? g->entries : s->n_entries));
	row_add(r, "images", cell_count(g ? g->rows : s->n_rows));
	row_add_in(r, IN_TEXT, "of which", cell_text(g ? state_counts(by_state, r->arena) : NULL));
	for (enum state i = 0; i < STATES; i++)
		row_add_in(r, IN_MARKDOWN | IN_HTML, state_title(i), cell_count(by_state[i]));
}

static struct cell
verdict_count(const struct status *s, enum verdict verdict, struct arena *a)
{
	size_t n = s->by_verdict[verdict];
	unsigned share = status_share(s, n);
	return cell_noted(cell_count(n), arena_printf(a, "%u.%u %%", share / 10, share % 10));
}

static void
add_totals(struct page *p, const struct fleet_page *f)
{
	const struct status *s = f->status;
	struct arena *a = p->arena;
	char now[UTC_SIZE];

	utc_text(now, s->now_s);
	page_add_section(p, (struct section){
		.title = arena_printf(a, "%s: baseline images", s->fleet->name), .level = 1 });
	page_add_note(p, arena_printf(a, "As of %s.", now));
	page_add_table(p, (struct section){ .title = "Summary" }, (struct table){
		.fill = fill_state, .about = f, TABLE_ITEMS(s->by_state, STATES), .total = true,
		.look = TABLE_CHIPS });
	struct row *facts = page_add_facts(p, 0, NULL);
	row_add(facts, "present in the registry", verdict_count(s, VERDICT_PRESENT, a));
	row_add(facts, "absent from the registry", verdict_count(s, VERDICT_ABSENT, a));
	row_add(facts, "presence unknown", verdict_count(s, VERDICT_UNKNOWN, a));
	row_add(facts, "entries in mappings", cell_count(s->n_entries));
	row_add(facts, "pairs in the data set", cell_count(s->n_dataset));
	row_add(facts, "tags in no mapping", cell_count(s->planned->n_tags));
	page_add_table(p, (struct section){ .title = "By mapping" }, (struct table){
		.fill = fill_mapping, .about = f, TABLE_ITEMS(s->groups, s->n_groups), .total = true,
		.id = "mappings" });
}

/* ---- images, a list for each state ---- */

static void
fill_listed(struct row *r, const void *item)
{
	const struct status_row *row = *(const struct status_row *const *)item;

	row_add_in(r, IN_MARKDOWN, "#", cell_count(r->number));
	row_add(r, "image", cell_id(row->target));
	row_add(r, "human", cell_short_id(row->entries[0]->human, 8));
	switch (row->state) {
	case STATE_RUNNING:
		add_running_cells(r, row->running, status_of(r)->now_s);
		return;
	case STATE_FAILED:
		if (r->form == IN_TEXT)
			row_add(r, "reason", cell_text(row->reason));
		else
			add_failure_cells(r, row->failure);
		return;
	case STATE_HELD:
	case STATE_UNKNOWN:
		row_add_in(r, IN_MARKDOWN, "model", cell_text(row->model));
		row_add_in(r, IN_MARKDOWN, "kind", cell_word(row->kind));
		row_add(r, "reason", cell_text(row->reason));
		return;
	case STATE_VERIFIED:
	case STATE_TO_BUILD:
		row_add(r, "model", cell_text(row->model));
		row_add_in(r, IN_MARKDOWN, "jobs", cell_number(row->planned->max_jobs));
		row_add_in(r, IN_MARKDOWN, "native", cell_word(native_name(row->native)));
		row_add(r, "note", cell_text(row->stale ? "built before, from other inputs" : NULL));
		return;
	default:
		row_add(r, "digest", cell_id(row->digest));
	}
}

/* In the order in which people look for them. */
static const struct list {
	enum state state;
	const char *title;
	unsigned in;
	bool by_mapping;	/* a table for each: their titles say how much they matter */
} lists[STATES] = {
	{ STATE_FAILED, "Failed", IN_TEXT | IN_MARKDOWN, false },
	{ STATE_RUNNING, "Running", IN_TEXT | IN_MARKDOWN, false },
	{ STATE_UNKNOWN, "Unknown", IN_TEXT | IN_MARKDOWN, false },
	{ STATE_HELD, "Held", IN_TEXT | IN_MARKDOWN, false },
	{ STATE_VERIFIED, "Verified, not pushed", IN_TEXT | IN_MARKDOWN, false },
	{ STATE_TO_BUILD, "To build", IN_TEXT | IN_MARKDOWN, true },
	{ STATE_BUILT, "Built now", IN_TEXT | IN_MARKDOWN, false },
	{ STATE_PRESENT, "Present", IN_MARKDOWN, false },
};

/* All rows, state by state in that order; within a state they stand by mapping. */
static const struct status_row **
order_rows(const struct status *s, struct arena *a)
{
	const struct status_row **rows = arena_array(a, s->n_rows, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; i < STATES; i++)
		for (size_t j = 0; j < s->n_rows && s->by_state[lists[i].state]; j++)
			if (s->rows[j].state == lists[i].state)
				rows[n++] = &s->rows[j];
	return rows;
}

static void
add_list(struct page *p, const struct fleet_page *f, const struct list *list,
         const struct status_row *const *rows)
{
	size_t n = f->status->by_state[list->state];
	struct section head = { .title = list->title, .in = list->in, .badge = state_badge(list->state),
	                        .counted = true, .count = n };
	struct table table = { .fill = fill_listed, .about = f, TABLE_ITEMS(rows, n), .most = ROWS };

	if (!list->by_mapping || !n) {
		page_add_table(p, head, table);
		return;
	}
	page_add_section(p, head);
	for (; table.before < n; table.before += table.n) {
		unsigned mapping = rows[table.before]->mapping;
		table.items = rows + table.before;
		for (table.n = 1; table.before + table.n < n; table.n++)
			if (rows[table.before + table.n]->mapping != mapping)
				break;
		page_add_table(p, (struct section){
			.title = f->status->groups[mapping].title, .level = 3, .in = list->in,
			.counted = true }, table);
	}
}

/* ---- images, all in one table, and one by one ---- */

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

static struct cell
linked_target(const struct row *r, const struct status_row *row)
{
	const struct fleet_page *f = r->about;
	struct cell c = cell_id(row->target);
	c.linked = f->detailed[row - f->status->rows];
	return c;
}

static void
fill_image(struct row *r, const void *item)
{
	const struct status *s = status_of(r);
	const struct status_row *row = item;

	r->badge = state_badge(row->state);
	row_add(r, "#", cell_count(r->number));
	row_add(r, "state", cell_badge(r->badge));
	row_add(r, "image", linked_target(r, row));
	row_add(r, "human", cell_short_id(row->entries[0]->human, 8));
	row_add(r, "model", cell_text(row->model));
	row_add_in(r, IN_WIDE_HTML, "mapping", cell_word(s->groups[row->mapping].name));
	row_add_in(r, IN_WIDE_HTML, "native", cell_word(native_name(row->native)));
	row_add_in(r, IN_WIDE_HTML, "time", cell_duration(seconds_spent(row, s->now_s)));
	row_add(r, "reason", cell_text(row->reason));
}

static void
add_details(struct page *p, const struct status *s, const struct status_row *const *rows, size_t n)
{
	size_t open = OPEN_FAILURES;

	if (!n || !page_add_section(p, (struct section){ .title = "One by one", .level = 2, .in = IN_HTML }))
		return;
	if (n < s->n_rows)
		page_add_note(p, arena_printf(
			p->arena, "%zu of %zu images, those first that are not done; \"gen explain\" says the "
			"same about each of the others.", n, s->n_rows));
	for (size_t i = 0; i < n; i++) {
		bool is_open = rows[i]->failure && open;
		explain_page(p, &(struct explanation){ .status = s, .row = rows[i], .asked_s = -1 },
		             &(struct section){ .level = 3, .id = rows[i]->target, .open = is_open });
		open -= is_open;
	}
	p->level = 2;
}

static void
add_timeline(struct page *p, const struct status *s)
{
	const char *note = "Nothing has run in this folder yet.";
	struct timeline t;
	struct str svg = { 0 };

	if (!page_add_section(p, (struct section){ .title = "Timeline", .in = IN_HTML }))
		return;
	timeline_make(&t, s, p->arena);
	if (t.shown)
		note = arena_printf(p->arena, "Each bar is one attempt of a step, on the line of its pool; "
		                    "where a line is empty, the pool was idle. Times are UTC. Shown: the last "
		                    "%zu attempts of %zu.", t.shown, t.shown + t.left_out);
	page_add_note(p, note);
	if (t.shown)
		timeline_svg(&svg, &t);
	page_add(p, (struct block){ BLOCK_DRAWING, .text = arena_copy(p->arena, str_text(&svg), svg.len) });
	str_dispose(&svg);
}

/* ---- the rest ---- */

static void
fill_tag(struct row *r, const void *item)
{
	const struct planned_tag *tag = item;

	row_add(r, "tag", cell_id(tag->tag));
	row_add(r, "human in the data set", cell_id(tag->human));
}

static void
fill_build(struct row *r, const void *item)
{
	const struct status_build *b = item;
	const struct commit_setting *c = b->row->setting;

	row_add(r, "image", linked_target(r, b->row));
	row_add(r, "human", cell_short_id(b->row->entries[0]->human, 8));
	row_add(r, "ended", cell_time(b->attempt->start_s + b->attempt->seconds));
	row_add(r, "took", cell_duration(b->attempt->seconds));
	row_add(r, "attempt", cell_number(b->attempt->number));
	row_add(r, "jobs", cell_number(b->attempt->end->jobs));
	row_add(r, "native", cell_word(native_name(b->row->native)));
	row_add(r, "fix", cell_text(c && c->fix ? c->fix : "standard build"));
}

static void
fill_commit(struct row *r, const void *item)
{
	const struct commit_setting *c = item;

	row_add(r, "parent", cell_short_id(c->prefix, COMMIT_ID_SHORT));
	row_add(r, "max_jobs", cell_number(c->max_jobs));
	row_add(r, "fix", cell_text(c->fix));
	add_pairs_cell(r, "build arguments", c->args, c->n_args);
	add_pairs_cell(r, "environment", c->env, c->n_env);
	row_add(r, "failed for good", cell_text(c->failed_error));
	row_add(r, "reason", cell_text(c->failed_error ? c->failed_reason : NULL));
}

static void
add_settings(struct page *p, const struct fleet *fleet)
{
	struct row *facts = page_add_facts(p, IN_MARKDOWN | IN_HTML, "Build settings");

	row_add(facts, "Dockerfile", cell_id(fleet->build.dockerfile));
	row_add(facts, "max_jobs", cell_number(fleet->build.max_jobs));
	row_add(facts, "nvcc_threads", cell_number(fleet->build.nvcc_threads));
	row_add(facts, "deadline", cell_duration((double)fleet->build.deadline_s));
	row_add(facts, "disk", cell_text(arena_printf(p->arena, "%ld GB", fleet->build.disk_gb)));
	add_pairs_cell(facts, "build arguments", fleet->build.args, fleet->build.n_args);
	add_pairs_cell(facts, "environment", fleet->build.env, fleet->build.n_env);
}

static void
add_times(struct page *p, const struct status_time *t)
{
	struct arena *a = p->arena;

	if (!t->good && !t->lost)
		return;
	struct row *facts = page_add_facts(p, 0, "Time in image steps");
	row_add(facts, "done", cell_noted(cell_duration(t->good_s), arena_printf(a, "%zu steps", t->good)));
	row_add(facts, "failed, interrupted or lost",
	        cell_noted(cell_duration(t->lost_s), arena_printf(a, "%zu steps", t->lost)));
	row_add(facts, "one compile (median)", cell_duration(t->compile_s));
	row_add(facts, "saved by not compiling", cell_duration(t->saved_s));
	if (t->cache_hits + t->cache_misses)
		row_add(facts, "found in the compiler cache", cell_text(arena_printf(
			a, "%ld of %ld objects", t->cache_hits, t->cache_hits + t->cache_misses)));
}

static void
add_places(struct page *p, const struct status *s)
{
	static const struct { const char *what, *where; } places[] = {
		{ "patches of a commit", "patches/PARENT12/" },
		{ "plan", "out/plan.json" },
		{ "list of what is to be built", "out/baseline_build_list.json" },
		{ "logs, one per attempt", "out/logs/TARGET/STEP.N.log" },
		{ "log of the last failure", "out/build_errors/PARENT12.log" },
		{ "failures", "out/failures.jsonl" },
		{ "what happened", "out/journal.jsonl" },
		{ "what is happening", "out/build_progress.json" },
		{ "what was made", "out/stamps/TARGET.STEP" },
		{ "this report", "out/status.md, out/status.html, out/status.json" },
	};
	struct row *facts = page_add_facts(p, IN_MARKDOWN | IN_HTML, "Where everything is");

	row_add(facts, "source", cell_id(s->fleet->source_url));
	for (size_t i = 0; i < s->n_groups; i++)
		row_add(facts, "mapping", cell_id(s->groups[i].file));
	row_add(facts, "data set", cell_id(s->fleet->dataset));
	row_add(facts, "registry", cell_id(s->fleet->registry));
	row_add(facts, "baseline images", cell_id(s->fleet->baseline_repository));
	row_add(facts, "human images", cell_id(s->fleet->human_repository));
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		row_add(facts, places[i].what, cell_id(places[i].where));
}

void
status_page(struct page *p, const struct status *s)
{
	const unsigned files = IN_MARKDOWN | IN_HTML;
	size_t recent = s->n_builds < RECENT ? s->n_builds : RECENT;
	struct fleet_page *f = arena_alloc(p->arena, sizeof(*f));
	const struct status_row **rows = order_rows(s, p->arena), **list = rows;
	size_t n_details = s->n_rows < STATUS_PAGE_DETAILS ? s->n_rows : STATUS_PAGE_DETAILS;

	*f = (struct fleet_page){ s, arena_array(p->arena, s->n_rows, sizeof(*f->detailed)) };
	for (size_t i = 0; i < n_details; i++)
		f->detailed[rows[i] - s->rows] = p->form == IN_HTML;
	p->more = ": \"gen status --md\" shows all";
	add_totals(p, f);
	add_timeline(p, s);
	for (size_t i = 0; i < STATES; list += s->by_state[lists[i++].state])
		add_list(p, f, &lists[i], list);
	page_add_table(p, (struct section){ .title = "Images", .in = IN_HTML, .counted = true }, (struct table){
		.fill = fill_image, .about = f, TABLE_ITEMS(s->rows, s->n_rows), .look = TABLE_FILTERED,
		.id = "images" });
	add_details(p, s, rows, n_details);
	page_add_table(p, (struct section){ .title = "Tags in no mapping", .counted = true }, (struct table){
		.fill = fill_tag, TABLE_ITEMS(s->planned->tags, s->planned->n_tags), .most = ROWS,
		.look = TABLE_SORTED, .id = "tags" });
	page_add_table(p, (struct section){ .title = "Recent builds", .in = files, .counted = true }, (struct table){
		.fill = fill_build, .about = f, TABLE_ITEMS(s->builds, recent), .look = TABLE_SORTED,
		.id = "builds" });
	page_add_table(p, (struct section){
		.title = "Settings of single commits", .in = files, .counted = true }, (struct table){
		.fill = fill_commit, TABLE_ITEMS(s->fleet->commits, s->fleet->n_commits), .look = TABLE_SORTED,
		.id = "commits" });
	add_settings(p, s->fleet);
	add_times(p, &s->time);
	add_places(p, s);
}
