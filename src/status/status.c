#include "status/status.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/target.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/page.h"

static const struct badge states[STATES] = {
	[STATE_PRESENT] = { "present", "present", "\033[32m" },	/* green */
	[STATE_BUILT] = { "built", "built now", "\033[1;32m" },
	[STATE_VERIFIED] = { "verified", "verified", "\033[36m" },	/* cyan */
	[STATE_RUNNING] = { "running", "running", "\033[1;34m" },	/* blue */
	[STATE_FAILED] = { "failed", "failed", "\033[1;31m" },	/* red */
	[STATE_HELD] = { "held", "held", "\033[33m" },		/* yellow */
	[STATE_TO_BUILD] = { "to_build", "to build", "" },
	[STATE_UNKNOWN] = { "unknown", "unknown", "\033[35m" },	/* magenta */
};

const char *
state_name(enum state s)
{
	return states[s].name;
}

const char *
state_title(enum state s)
{
	return states[s].title;
}

const struct badge *
state_badge(enum state s)
{
	return &states[s];
}

const char *
state_counts(const size_t by_state[STATES], struct arena *a)
{
	const char *text = "";

	for (unsigned i = 0; i < STATES; i++)
		if (by_state[i])
			text = arena_printf(a, "%s%s%zu %s", text, *text ? ", " : "", by_state[i], states[i].title);
	return text;
}

/* ---- rows: one for each parent ---- */

/* A row while it is being gathered, by the text of its parent. */
struct gathered {
	const char *parent;
	size_t row;
	UT_hash_handle hh;
};

struct making {
	struct status *out;
	const struct status_input *in;
	struct arena *arena;
	struct gathered *by_parent;
	size_t *row_of;		/* of each entry */
	size_t cap_lost;
};

static void PRINTF_LIKE(2, 3)
add_lost(struct making *m, const char *fmt, ...)
{
	struct status *out = m->out;
	struct str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	if (out->n_lost == m->cap_lost) {
		m->cap_lost = m->cap_lost ? 2 * m->cap_lost : 4;
		const char **longer = arena_array(m->arena, m->cap_lost, sizeof(*longer));
		if (out->n_lost)
			memcpy(longer, out->lost, out->n_lost * sizeof(*longer));
		out->lost = longer;
	}
	out->lost[out->n_lost++] = arena_copy(m->arena, str_text(&text), text.len);
	str_dispose(&text);
}

/* The row that an entry belongs to; a new row if the entry is the first with its parent. */
static size_t
row_for(struct making *m, const struct entry *e)
{
	bool more = false;
	const struct planned_image *planned = planned_find(m->in->planned, e->parent, &more);
	const char *parent = planned && !more ? planned->parent : e->parent;
	struct gathered *g;

	HASH_FIND_STR(m->by_parent, parent, g);
	if (g)
		return g->row;
	g = arena_alloc(m->arena, sizeof(*g));
	*g = (struct gathered){ .parent = parent, .row = m->out->n_rows };
	HASH_ADD_KEYPTR(hh, m->by_parent, g->parent, strlen(g->parent), g);

	struct status_row *row = &m->out->rows[m->out->n_rows++];
	*row = (struct status_row){
		.parent = parent,
		.planned = planned && !more ? planned : NULL,
		.mapping = e->mapping,
		.target = arena_printf(m->arena, TARGET_PREFIX "%.*s", COMMIT_ID_SHORT, parent),
	};
	row->id = target_digits(row->target);
	return g->row;
}

static void
say_unplanned(struct making *m, const struct entry *e)
{
	struct str place = { 0 };
	entry_place(&place, &m->in->fleet->mappings[e->mapping], e);
	add_lost(m, "%s: \"%s\": this parent commit is not in out/plan.json yet; run gen",
	         str_text(&place), e->parent);
	str_dispose(&place);
}

static void
gather_rows(struct making *m)
{
	const struct entries *e = m->in->entries;

	m->out->rows = arena_array(m->arena, e->n, sizeof(*m->out->rows));
	m->row_of = arena_array(m->arena, e->n, sizeof(*m->row_of));
	for (size_t i = 0; i < e->n; i++) {
		m->row_of[i] = row_for(m, &e->list[i]);
		struct status_row *row = &m->out->rows[m->row_of[i]];
		row->n_entries++;
		if (!row->planned && row->n_entries == 1)
			say_unplanned(m, &e->list[i]);
	}
	HASH_CLEAR(hh, m->by_parent);
}

/* Give each row its entries, which gather_rows has counted. */
static void
share_entries(struct making *m)
{
	const struct entries *e = m->in->entries;
	struct status *out = m->out;
	const struct entry **all = arena_array(m->arena, e->n, sizeof(*all));
	size_t *next = arena_array(m->arena, out->n_rows, sizeof(*next));
	size_t start = 0;

	for (size_t i = 0; i < out->n_rows; i++) {
		next[i] = start;
		out->rows[i].entries = all + start;
		start += out->rows[i].n_entries;
	}
	for (size_t i = 0; i < e->n; i++)
		all[next[m->row_of[i]]++] = &e->list[i];
}

static const struct commit_setting *
setting_of(const struct status_row *row, const struct fleet *fleet)
{
	struct commit_id id;
	return commit_id_parse(&id, row->parent, NULL) < 0 ? NULL : fleet_commit_setting(fleet, &id);
}

static const char *
model_of(const struct status_row *row)
{
	if (row->planned && row->planned->model)
		return row->planned->model;
	for (size_t i = 0; i < row->n_entries; i++)
		if (row->entries[i]->model)
			return row->entries[i]->model;
	return NULL;
}

/* Say which planned images no mapping names any more. */
static void
find_gone(struct making *m)
{
	const struct planned *p = m->in->planned;
	bool *seen = arena_array(m->arena, p->n_images, sizeof(*seen));

	for (size_t i = 0; i < m->out->n_rows; i++)
		if (m->out->rows[i].planned)
			seen[m->out->rows[i].planned - p->images] = true;
	for (size_t i = 0; i < p->n_images; i++)
		if (!seen[i])
			add_lost(m, "out/plan.json: \"%s\": no mapping names its parent commit any more; run gen",
			         p->images[i].target);
}

/* ---- the state of a row ---- */

/* struct made and struct running both start with their target. */
static int
compare_target(const void *target, const void *element)
{
	return strcmp(target, *(const char *const *)element);
}

static bool
is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* The failure that still counts, from the furthest step; NULL if there is none. */
static const struct failure *
standing_failure(const struct status_row *row, const struct ledger *ledger)
{
	const struct failure *found = NULL;
	size_t n;
	const struct failure *f = ledger ? ledger_of(&n, ledger, row->target) : NULL;

	for (size_t i = 0; f && i < n; i++) {
		/* It has other inputs now, so that the old failure says nothing. */
		if (row->planned->input && *f[i].input && !is_same(f[i].input, row->planned->input))
			continue;
		if (!found || f[i].step >= found->step)
			found = &f[i];
	}
	return found;
}

static void
set_state(struct status_row *row, enum state state, const char *kind, const char *reason)
{
	row->state = state;
	row->kind = kind;
	row->reason = reason;
}

static void
set_failed(struct status_row *row, struct arena *a)
{
	struct str text = { 0 };
	failure_describe(&text, row->failure);
	set_state(row, STATE_FAILED, failure_class_name(row->failure->class),
	          arena_copy(a, str_text(&text), text.len));
	str_dispose(&text);
}

/* Does gen hold the image back for a failure of a step, not for a reason that gen found itself? */
static bool
is_held_by_failure(const struct planned_image *p)
{
	return p->hold == HOLD_FAILURE || p->hold == HOLD_OTHER || p->hold == HOLD_NONE;
}

/* How far this folder has come with an image that is to be built. */
static void
decide_build(struct status_row *row, struct arena *a)
{
	const struct planned_image *p = row->planned;
	const struct made *made = row->made;
	bool image_is_current = made && is_same(made->image_input, p->input);

	if (made && is_same(made->pushed_input, p->input))
		set_state(row, STATE_BUILT, NULL, "built and pushed in this folder");
	else if (row->failure)
		set_failed(row, a);
	else if (image_is_current && is_same(made->verified_id, made->image_id))
		set_state(row, STATE_VERIFIED, NULL, "built and verified in this folder, not pushed");
	else
		set_state(row, STATE_TO_BUILD, NULL, p->reason);
	row->stale = made && row->state != STATE_BUILT &&
	             (made->pushed_input || (made->image_input && !image_is_current));
}

static void
decide_planned(struct status_row *row, struct arena *a)
{
	const struct planned_image *p = row->planned;

	switch (p->decision) {
	case DECISION_SKIP:
		if (row->made && row->made->pushed_input)
			set_state(row, STATE_BUILT, NULL, "built and pushed in this folder");
		else
			set_state(row, STATE_PRESENT, NULL, p->reason);
		return;
	case DECISION_HOLD:
		if (p->verdict == VERDICT_UNKNOWN)
			set_state(row, STATE_UNKNOWN, hold_name(HOLD_REGISTRY), p->reason);
		else if (row->failure && is_held_by_failure(p))
			set_failed(row, a);
		else
			set_state(row, STATE_HELD, p->hold_word ? p->hold_word : hold_name(HOLD_OTHER), p->reason);
		return;
	case DECISION_BUILD:
		decide_build(row, a);
		return;
	}
}

static void
decide_running(struct status_row *row)
{
	const struct running *r = row->running;
	set_state(row, STATE_RUNNING, r->waiting ? "waiting" : step_name(r->step),
	          r->waiting ? r->waiting : "at work");
}

static void
decide(struct status_row *row, const struct status_input *in, struct arena *a)
{
	if (in->n_made)
		row->made = bsearch(row->target, in->made, in->n_made, sizeof(*in->made), compare_target);
	if (in->n_running)
		row->running = bsearch(row->target, in->running, in->n_running, sizeof(*in->running),
		                       compare_target);
	if (!row->planned) {
		set_state(row, STATE_UNKNOWN, "not-planned", "gen has not seen this mapping entry yet; run gen");
		return;
	}
	row->failure = standing_failure(row, in->ledger);
	row->verdict = row->planned->verdict;
	row->digest = row->planned->digest;
	decide_planned(row, a);
	if (row->state == STATE_BUILT) {
		row->verdict = VERDICT_PRESENT;
		row->digest = row->made->pushed_digest ? row->made->pushed_digest : row->digest;
	}
	row->native = row->made && row->made->native && !row->stale ? row->made->native
	                                                             : row->planned->native;
	if (row->running)
		decide_running(row);
	if (row->state != STATE_FAILED)
		row->failure = NULL;
}

/* ---- what was done, and how long it took ---- */

static int
newest_first(const void *x, const void *y)
{
	const struct journal_attempt *a = ((const struct status_build *)x)->attempt;
	const struct journal_attempt *b = ((const struct status_build *)y)->attempt;
	double end_a = a->start_s + a->seconds, end_b = b->start_s + b->seconds;
	if (end_a != end_b)
		return end_a > end_b ? -1 : 1;
	return strcmp(a->target, b->target);
}

static int
by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return a < b ? -1 : a > b;
}

/* How long a compile takes, and so how much time was saved by images that needed none. */
static void
weigh_builds(struct status *s, struct arena *a)
{
	double *compiles = arena_array(a, s->n_builds, sizeof(*compiles));
	size_t n = 0;

	for (size_t i = 0; i < s->n_builds; i++)
		if (s->builds[i].row->native == NATIVE_COMPILE)
			compiles[n++] = s->builds[i].attempt->seconds;
	s->time.compile_s = s->time.saved_s = -1;
	if (!n)
		return;
	qsort(compiles, n, sizeof(*compiles), by_size);
	s->time.compile_s = compiles[n / 2];
	s->time.saved_s = 0;
	for (size_t i = 0; i < s->n_builds; i++) {
		double less = s->time.compile_s - s->builds[i].attempt->seconds;
		if (!native_may_compile(s->builds[i].row->native) && less > 0)
			s->time.saved_s += less;
	}
}

static void
add_image_attempt(struct status *s, const struct status_row *row, const struct journal_attempt *t)
{
	if (t->seconds < 0)
		return;
	if (!journal_attempt_is_ok(t)) {
		s->time.lost_s += t->seconds;
		s->time.lost++;
		return;
	}
	s->time.good_s += t->seconds;
	s->time.good++;
	s->builds[s->n_builds++] = (struct status_build){ row, t };
}

static void
collect_builds(struct making *m)
{
	struct status *s = m->out;

	if (!m->in->attempts)
		return;
	s->builds = arena_array(m->arena, m->in->attempts->n, sizeof(*s->builds));
	for (size_t i = 0; i < s->n_rows; i++) {
		struct status_row *row = &s->rows[i];
		row->attempts = journal_attempts_of(&row->n_attempts, m->in->attempts, row->target);
		for (size_t j = 0; j < row->n_attempts; j++)
			if (row->attempts[j].step == STEP_IMAGE)
				add_image_attempt(s, row, &row->attempts[j]);
	}
	if (s->n_builds)
		qsort(s->builds, s->n_builds, sizeof(*s->builds), newest_first);
	weigh_builds(s, m->arena);
	for (size_t i = 0; i < m->in->n_made; i++) {
		s->time.cache_hits += m->in->made[i].cache_hits;
		s->time.cache_misses += m->in->made[i].cache_misses;
	}
}

/* ---- totals ---- */

static void
add_kind(struct status *s, const struct status_row *row)
{
	size_t i = 0;
	while (i < s->n_kinds && (s->kinds[i].state != row->state || !is_same(s->kinds[i].kind, row->kind)))
		i++;
	if (i == s->n_kinds)
		s->kinds[s->n_kinds++] = (struct status_kind){ row->state, row->kind, 0 };
	s->kinds[i].rows++;
}

static int
compare_kinds(const void *x, const void *y)
{
	const struct status_kind *a = x, *b = y;
	if (a->state != b->state)
		return a->state < b->state ? -1 : 1;
	if (a->rows != b->rows)
		return a->rows > b->rows ? -1 : 1;
	return strcmp(a->kind, b->kind);
}

static void
count_rows(struct status *s)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		s->by_state[row->state]++;
		s->by_verdict[row->verdict]++;
		s->groups[row->mapping].by_state[row->state]++;
		if (row->kind)
			add_kind(s, row);
	}
	if (s->n_kinds)
		qsort(s->kinds, s->n_kinds, sizeof(*s->kinds), compare_kinds);
}

static void
make_groups(struct making *m)
{
	const struct fleet *fleet = m->in->fleet;
	struct status *s = m->out;

	s->n_groups = fleet->n_mappings + 1;
	s->groups = arena_array(m->arena, s->n_groups, sizeof(*s->groups));
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct mapping *mapping = &fleet->mappings[i];
		s->groups[i] = (struct status_group){
			.name = mapping->name,
			.title = mapping->title ? mapping->title : mapping->name,
			.file = i < fleet->n_mappings ? mapping->file : NULL,
		};
	}
	for (size_t i = 0; i < m->in->entries->n; i++)
		s->groups[m->in->entries->list[i].mapping].entries++;

	/* Entries come mapping by mapping, and so do the rows that they begin. */
	for (size_t i = 0; i < s->n_rows; i++)
		s->groups[s->rows[i].mapping].rows++;
	for (size_t i = 1; i < s->n_groups; i++)
		s->groups[i].first = s->groups[i - 1].first + s->groups[i - 1].rows;
	if (!s->groups[fleet->n_mappings].entries)
		s->n_groups--;
}

void
status_make(struct status *out, const struct status_input *in, struct arena *a)
{
	struct making m = { .out = out, .in = in, .arena = a };

	*out = (struct status){
		.fleet = in->fleet,
		.planned = in->planned,
		.n_entries = in->entries->n,
		.n_dataset = in->dataset ? in->dataset->n : 0,
		.now_s = in->now_s,
		.time = { .compile_s = -1, .saved_s = -1 },
	};
	gather_rows(&m);
	share_entries(&m);
	find_gone(&m);
	for (size_t i = 0; i < out->n_rows; i++) {
		out->rows[i].model = model_of(&out->rows[i]);
		out->rows[i].setting = setting_of(&out->rows[i], in->fleet);
		decide(&out->rows[i], in, a);
	}
	out->kinds = arena_array(a, out->n_rows, sizeof(*out->kinds));
	make_groups(&m);
	count_rows(out);
	collect_builds(&m);
}

static int
check_total(const char *what, size_t total, size_t sum, struct error *err)
{
	if (total == sum)
		return 0;
	return error_set(err, "status: %s: the total is %zu, but its rows are %zu", what, total, sum);
}

/* Each row is where its group says it is, in the state in which the group counted it. */
static int
check_group(const struct status *s, unsigned number, struct error *err)
{
	const struct status_group *g = &s->groups[number];
	size_t by_state[STATES] = { 0 };

	for (size_t i = g->first; i < g->first + g->rows; i++) {
		if (i >= s->n_rows || s->rows[i].mapping != number)
			return error_set(err, "status: %s: row %zu does not belong to it", g->name, i);
		by_state[s->rows[i].state]++;
	}
	for (size_t i = 0; i < STATES; i++)
		if (check_total(g->name, g->by_state[i], by_state[i], err) < 0)
			return -1;
	return 0;
}

int
status_check(const struct status *s, struct error *err)
{
	size_t rows = 0, entries = 0, in_rows = 0, states_sum = 0, verdicts = 0;

	for (unsigned i = 0; i < s->n_groups; i++) {
		if (check_group(s, i, err) < 0)
			return -1;
		rows += s->groups[i].rows;
		entries += s->groups[i].entries;
	}
	for (size_t i = 0; i < s->n_rows; i++)
		in_rows += s->rows[i].n_entries;
	for (size_t i = 0; i < STATES; i++) {
		size_t sum = 0;
		for (size_t g = 0; g < s->n_groups; g++)
			sum += s->groups[g].by_state[i];
		if (check_total(states[i].name, s->by_state[i], sum, err) < 0)
			return -1;
		states_sum += s->by_state[i];
	}
	for (size_t i = 0; i < VERDICTS; i++)
		verdicts += s->by_verdict[i];
	if (check_total("parents by mapping", s->n_rows, rows, err) < 0 ||
	    check_total("parents by state", s->n_rows, states_sum, err) < 0 ||
	    check_total("parents by verdict", s->n_rows, verdicts, err) < 0 ||
	    check_total("entries by mapping", s->n_entries, entries, err) < 0 ||
	    check_total("entries by parent", s->n_entries, in_rows, err) < 0)
		return -1;
	return 0;
}

unsigned
status_share(const struct status *s, size_t n)
{
	return s->n_rows ? (unsigned)((n * 1000 + s->n_rows / 2) / s->n_rows) : 0;
}

/* ---- finding a row ---- */

/* The human commit of the row that begins with digits, NULL if none does. */
static const char *
human_called(const struct status_row *row, const char *digits)
{
	for (size_t i = 0; i < row->n_entries; i++)
		if (strncmp(row->entries[i]->human, digits, strlen(digits)) == 0)
			return row->entries[i]->human;
	return NULL;
}

/* Skip the prefix of a target. */
static const char *
digits_of(const char *word, bool *human_only, bool *parent_only)
{
	static const struct { const char *prefix; bool human; } prefixes[] = {
		{ TARGET_LOCAL TARGET_PREFIX, false }, { TARGET_PREFIX, false }, { TARGET_HUMAN, true },
	};
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (target_has_prefix(word, prefixes[i].prefix)) {
			*human_only = prefixes[i].human;
			*parent_only = !prefixes[i].human;
			return word + strlen(prefixes[i].prefix);
		}
	}
	return word;
}

/*
 * A commit may be the parent in one entry and the human commit in another.  Then its digits
 * name its own image; human-DIGITS names the image of its parent.
 */
struct status_found
status_find(const struct status *s, const char *word)
{
	struct status_found parents = { 0 }, humans = { 0 };
	bool human_only = false, parent_only = false, all_same = true;
	const char *digits = digits_of(word, &human_only, &parent_only);

	if (!*digits)
		return parents;
	for (size_t i = 0; !human_only && i < s->n_rows; i++)
		if (strncmp(s->rows[i].parent, digits, strlen(digits)) == 0) {
			parents.row = parents.n ? NULL : &s->rows[i];
			parents.n++;
		}
	for (size_t i = 0; !parent_only && i < s->n_rows; i++) {
		const char *human = human_called(&s->rows[i], digits);
		if (!human)
			continue;
		all_same = all_same && parents.row && strcmp(human, parents.row->parent) == 0;
		if (parents.row == &s->rows[i])
			continue;
		humans.row = humans.n ? NULL : &s->rows[i];
		humans.n++;
	}
	if (!parents.n)
		return humans;
	if (parents.row && all_same)
		return parents;
	return (struct status_found){ humans.n ? NULL : parents.row, parents.n + humans.n };
}
