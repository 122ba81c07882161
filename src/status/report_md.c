#include "status/report_md.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "base/utc.h"
#include "base/utf8.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "logs/failure_class.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/report_text.h"
#include "status/status.h"

#define RECENT 25		/* builds in that table */

/* ---- cells ---- */

/* Would Markdown take the character at p, in text, for its own? */
static int
is_special(const char *p, const char *text)
{
	unsigned char before = p > text ? (unsigned char)p[-1] : ' ', after = (unsigned char)p[1];

	switch (*p) {
	case '\\':
		return ispunct(after) != 0;
	case '|': case '`': case '*': case '[': case ']': case '~':
		return 1;
	case '_':	/* inside a word it is text */
		return !isalnum(before) || !isalnum(after);
	case '<':
		return isalpha(after) || after == '/' || after == '!' || after == '?';
	case '&':
		return isalpha(after) || after == '#';
	default:
		return 0;
	}
}

void
report_md_cell(struct str *out, const char *text)
{
	struct str clean = { 0 };

	utf8_add_clean(&clean, text);
	const char *start = str_text(&clean);
	for (const char *p = start; *p; p++) {
		if (is_special(p, start))
			str_add(out, '\\');
		str_add(out, *p);
	}
	str_dispose(&clean);
}

/*
 * One row of a table.  In cells: s a text (NULL: nothing), h the first 8 and H the first
 * 12 digits of an id, n a size_t, l a long (0: nothing), d seconds (below 0: nothing).
 */
static void
add_row(struct str *out, const char *cells, ...)
{
	va_list ap;
	const char *text;
	long number;
	double seconds;

	va_start(ap, cells);
	str_add(out, '|');
	for (; *cells; cells++) {
		str_add(out, ' ');
		switch (*cells) {
		case 's':
			text = va_arg(ap, const char *);
			report_md_cell(out, text ? text : "");
			break;
		case 'h':
			str_addf(out, "%.8s", va_arg(ap, const char *));
			break;
		case 'H':
			str_addf(out, "%.12s", va_arg(ap, const char *));
			break;
		case 'n':
			str_addf(out, "%zu", va_arg(ap, size_t));
			break;
		case 'l':
			number = va_arg(ap, long);
			if (number)
				str_addf(out, "%ld", number);
			break;
		case 'd':
			seconds = va_arg(ap, double);
			if (seconds >= 0)
				report_add_duration(out, seconds);
			break;
		}
		str_adds(out, " |");
	}
	str_add(out, '\n');
	va_end(ap);
}

/* The head of a table: names, separated by '|'; one that starts with '>' stands right. */
static void
add_table(struct str *out, const char *names)
{
	struct str rule = { 0 };

	str_adds(out, "| ");
	for (const char *p = names; *p; p++) {
		bool first = p == names || p[-1] == '|';
		if (first)
			str_adds(&rule, *p == '>' ? "| ---: " : "| --- ");
		if (*p == '|')
			str_adds(out, " | ");
		else if (!first || *p != '>')
			str_add(out, *p);
	}
	str_addf(out, " |\n%s|\n", str_text(&rule));
	str_dispose(&rule);
}

static void
add_heading(struct str *out, const char *level, const char *title, size_t n)
{
	str_addf(out, "%s%s ", str_text(out)[out->len - 2] == '\n' ? "" : "\n", level);
	report_md_cell(out, title);
	str_addf(out, " (%zu)\n\n", n);
}

/* ---- summary ---- */

static void
add_share(struct str *out, const struct status *s, const char *what, size_t n)
{
	unsigned share = status_share(s, n);
	str_addf(out, "| %s | %zu | %u.%u %% |\n", what, n, share / 10, share % 10);
}

static void
add_kinds(struct str *out, const struct status *s, enum state state)
{
	for (size_t i = 0; i < s->n_kinds; i++) {
		if (s->kinds[i].state != state)
			continue;
		struct str title = { 0 };
		str_addf(&title, "&nbsp;&nbsp;%s: ", state_title(state));
		report_md_cell(&title, s->kinds[i].kind);
		add_share(out, s, str_text(&title), s->kinds[i].rows);
		str_dispose(&title);
	}
}

static void
add_summary(struct str *out, const struct status *s)
{
	char time[UTC_SIZE];

	utc_text(time, s->now_s);
	str_adds(out, "# Baseline images: ");
	report_md_cell(out, s->fleet->name);
	str_addf(out, "\n\nAs of %s, by `gen status`.\n\n## Summary\n\n", time);
	add_table(out, "what|>number|>share");
	add_row(out, "sns", "pairs in the data set", s->n_dataset, "");
	add_row(out, "sns", "entries in mappings", s->n_entries, "");
	add_share(out, s, "**parent commits**", s->n_rows);
	for (unsigned i = 0; i < STATES; i++) {
		add_share(out, s, state_title((enum state)i), s->by_state[i]);
		add_kinds(out, s, (enum state)i);
	}
	add_share(out, s, "in the registry: present", s->by_verdict[VERDICT_PRESENT]);
	add_share(out, s, "in the registry: absent", s->by_verdict[VERDICT_ABSENT]);
	add_share(out, s, "in the registry: unknown", s->by_verdict[VERDICT_UNKNOWN]);
	add_row(out, "sns", "tags in no mapping", s->planned->n_tags, "");
}

static void
add_mappings(struct str *out, const struct status *s)
{
	str_adds(out, "\n### By mapping\n\n| mapping | entries | parents |");
	for (unsigned i = 0; i < STATES; i++)
		str_addf(out, " %s |", state_title((enum state)i));
	str_adds(out, "\n| --- | ---: | ---: |");
	for (unsigned i = 0; i < STATES; i++)
		str_adds(out, " ---: |");
	str_add(out, '\n');
	for (size_t i = 0; i < s->n_groups; i++) {
		const struct status_group *g = &s->groups[i];
		str_adds(out, "| ");
		report_md_cell(out, g->name);
		str_addf(out, " | %zu | %zu |", g->entries, g->rows);
		for (unsigned j = 0; j < STATES; j++)
			str_addf(out, " %zu |", g->by_state[j]);
		str_add(out, '\n');
	}
	str_addf(out, "| all | %zu | %zu |", s->n_entries, s->n_rows);
	for (unsigned j = 0; j < STATES; j++)
		str_addf(out, " %zu |", s->by_state[j]);
	str_add(out, '\n');
}

/* ---- images ---- */

static const char *
human_of(const struct status_row *row)
{
	return row->entries[0]->human;
}

static void
add_existing(struct str *out, const struct status *s)
{
	size_t number = 0;

	add_heading(out, "##", "Existing images",
	            s->by_state[STATE_PRESENT] + s->by_state[STATE_BUILT]);
	add_table(out, ">number|tag|human|digest|made");
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		if (row->state == STATE_PRESENT || row->state == STATE_BUILT)
			add_row(out, "nshss", ++number, row->target, human_of(row), row->digest,
			        row->state == STATE_BUILT ? "NEW, by this folder" : "");
	}
}

static bool
is_failed_for_good(const struct status_row *row)
{
	return row->state == STATE_HELD && row->planned->hold == HOLD_FAILED;
}

static size_t
count_failed_for_good(const struct status *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n_rows; i++)
		n += is_failed_for_good(&s->rows[i]);
	return n;
}

static void
add_failed_for_good(struct str *out, const struct status *s)
{
	add_heading(out, "##", "Failed for good", count_failed_for_good(s));
	add_table(out, "parent|error|reason|human|model");
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		if (!is_failed_for_good(row))
			continue;
		/* The plan may be older than the fleet. */
		const struct commit_setting *c = row->setting;
		add_row(out, "Hsshs", row->id, c && c->failed_error ? c->failed_error : row->reason,
		        c && c->failed_error ? c->failed_reason : "", human_of(row), row->model);
	}
}

static void
add_failed(struct str *out, const struct status *s)
{
	if (!s->by_state[STATE_FAILED])
		return;
	add_heading(out, "##", "Failed", s->by_state[STATE_FAILED]);
	add_table(out, "parent|human|class|step|>attempts|>jobs|first fatal line|log|what to do");
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		const struct failure *f = row->failure;
		if (row->state != STATE_FAILED)
			continue;
		struct str place = { 0 };
		str_adds(&place, f->log);
		if (f->line && f->line_number)
			str_addf(&place, ":%ld", f->line_number);
		add_row(out, "Hhssllsss", row->id, human_of(row), row->kind, step_name(f->step), f->attempts,
		        f->jobs, f->cause ? f->cause : f->line, str_text(&place), failure_class_advice(f->class));
		str_dispose(&place);
	}
}

/* A table of the rows of one state, but for those that failed for good; none, no table. */
static void
add_reasons(struct str *out, const struct status *s, enum state state, const char *title)
{
	size_t n = s->by_state[state] - (state == STATE_HELD ? count_failed_for_good(s) : 0);

	if (!n)
		return;
	add_heading(out, "##", title, n);
	add_table(out, "parent|human|model|kind|reason");
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		if (row->state == state && !is_failed_for_good(row))
			add_row(out, "Hhsss", row->id, human_of(row), row->model, row->kind, row->reason);
	}
}

static void
add_running(struct str *out, const struct status *s)
{
	if (!s->by_state[STATE_RUNNING])
		return;
	add_heading(out, "##", "Running", s->by_state[STATE_RUNNING]);
	add_table(out, "parent|human|step|>for|>attempt|>jobs|>compiled|waits for");
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct status_row *row = &s->rows[i];
		const struct running *r = row->running;
		if (row->state != STATE_RUNNING)
			continue;
		struct str compiled = { 0 };
		if (r->total)
			str_addf(&compiled, "%ld/%ld", r->done, r->total);
		add_row(out, "Hhsdllss", row->id, human_of(row), step_name(r->step),
		        (double)(s->now_s - r->since_s), r->attempt, r->jobs, str_text(&compiled),
		        r->waiting);
		str_dispose(&compiled);
	}
}

static bool
is_left(const struct status_row *row)
{
	return row->state == STATE_TO_BUILD || row->state == STATE_VERIFIED;
}

/* What is left, under the title of each mapping: titles say how much it matters. */
static void
add_left(struct str *out, const struct status *s)
{
	size_t number = 0;

	add_heading(out, "##", "Left to build",
	            s->by_state[STATE_TO_BUILD] + s->by_state[STATE_VERIFIED]);
	for (size_t g = 0; g < s->n_groups; g++) {
		const struct status_group *group = &s->groups[g];
		size_t n = group->by_state[STATE_TO_BUILD] + group->by_state[STATE_VERIFIED];
		if (!n)
			continue;
		add_heading(out, "###", group->title, n);
		add_table(out, ">number|parent|human|model|jobs|native|state");
		for (size_t i = group->first; i < group->first + group->rows; i++) {
			const struct status_row *row = &s->rows[i];
			if (is_left(row))
				add_row(out, "nHhslss", ++number, row->id, human_of(row), row->model,
				        row->planned->max_jobs, native_name(row->native),
				        row->state == STATE_VERIFIED ? "verified, not pushed"
				        : row->stale ? "made once, of other inputs" : "");
		}
	}
}

static void
add_tags(struct str *out, const struct planned *p)
{
	add_heading(out, "##", "Images in no mapping", p->n_tags);
	if (!p->n_tags)
		return;
	add_table(out, "tag|parent of, says the data set");
	for (size_t i = 0; i < p->n_tags; i++)
		add_row(out, "ss", p->tags[i].tag, p->tags[i].human);
}

/* ---- what was done ---- */

static void
add_builds(struct str *out, const struct status *s)
{
	size_t shown = s->n_builds < RECENT ? s->n_builds : RECENT;

	add_heading(out, "##", "Recent builds", shown);
	if (!shown) {
		str_adds(out, "No image was built in this folder.\n");
		return;
	}
	add_table(out, "parent|human|ended|>took|>attempt|>jobs|native|fix applied");
	for (size_t i = 0; i < shown; i++) {
		const struct status_build *b = &s->builds[i];
		const struct status_row *row = b->row;
		char ended[UTC_SIZE];
		utc_text(ended, (int64_t)(b->attempt->start_s + b->attempt->seconds));
		add_row(out, "Hhsdllss", row->id, human_of(row), ended, b->attempt->seconds,
		        b->attempt->number, b->attempt->end->jobs,
		        native_name(row->native), row->setting && row->setting->fix ? row->setting->fix : "standard build");
	}
}

static void
add_times(struct str *out, const struct status *s)
{
	const struct status_time *t = &s->time;

	str_adds(out, "\n## Time in image steps\n\n");
	add_table(out, "what|>number|>time");
	add_row(out, "snd", "done", t->good, t->good_s);
	add_row(out, "snd", "failed, interrupted or lost", t->lost, t->lost_s);
	add_row(out, "ssd", "a compile (median)", "", t->compile_s);
	add_row(out, "ssd", "saved where none was needed", "", t->saved_s);
	if (t->cache_hits + t->cache_misses) {
		add_row(out, "sns", "found in the compiler cache", (size_t)t->cache_hits, "");
		add_row(out, "sns", "not found there, compiled", (size_t)t->cache_misses, "");
	}
}

/* ---- settings ---- */

static void
add_pairs(struct str *out, const struct name_value *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str pair = { 0 };
		str_addf(&pair, "%s%s=%s", i ? " " : "", pairs[i].name, pairs[i].value);
		report_md_cell(out, str_text(&pair));
		str_dispose(&pair);
	}
}

/* Does it say how to build, not only that it failed for good? */
static bool
is_configuration(const struct commit_setting *c)
{
	return c->max_jobs || c->n_args || c->n_env || c->fix;
}

static void
add_commits(struct str *out, const struct fleet *fleet)
{
	size_t n = 0;

	for (size_t i = 0; i < fleet->n_commits; i++)
		n += is_configuration(&fleet->commits[i]);
	add_heading(out, "##", "Configurations of single commits", n);
	if (!n)
		return;
	add_table(out, "parent|>max_jobs|fix|environment|build arguments");
	for (size_t i = 0; i < fleet->n_commits; i++) {
		const struct commit_setting *c = &fleet->commits[i];
		if (!is_configuration(c))
			continue;
		str_addf(out, "| %.12s | ", c->prefix);
		if (c->max_jobs)
			str_addf(out, "%ld", c->max_jobs);
		str_adds(out, " | ");
		report_md_cell(out, c->fix ? c->fix : "");
		str_adds(out, " | ");
		add_pairs(out, c->env, c->n_env);
		str_adds(out, " | ");
		add_pairs(out, c->args, c->n_args);
		str_adds(out, " |\n");
	}
}

static void
add_settings(struct str *out, const struct fleet *fleet)
{
	str_adds(out, "\n## Build settings\n\n");
	add_table(out, "setting|value");
	add_row(out, "ss", "Dockerfile", fleet->build.dockerfile);
	add_row(out, "sl", "max_jobs", fleet->build.max_jobs);
	add_row(out, "sl", "nvcc_threads", fleet->build.nvcc_threads);
	add_row(out, "sl", "deadline_s", fleet->build.deadline_s);
	add_row(out, "sl", "disk_gb", fleet->build.disk_gb);
	for (size_t i = 0; i < fleet->build.n_args; i++)
		add_row(out, "ss", fleet->build.args[i].name, fleet->build.args[i].value);
	for (size_t i = 0; i < fleet->build.n_env; i++)
		add_row(out, "ss", fleet->build.env[i].name, fleet->build.env[i].value);
}

static void
add_places(struct str *out, const struct status *s)
{
	const struct fleet *fleet = s->fleet;

	str_adds(out, "\n## Where everything is\n\n");
	add_table(out, "what|where");
	add_row(out, "ss", "source", fleet->source_url);
	for (size_t i = 0; i < s->n_groups; i++)
		if (s->groups[i].file) {
			struct str title = { 0 };
			str_addf(&title, "mapping %s", s->groups[i].name);
			add_row(out, "ss", str_text(&title), s->groups[i].file);
			str_dispose(&title);
		}
	if (fleet->dataset)
		add_row(out, "ss", "data set", fleet->dataset);
	add_row(out, "ss", "registry", fleet->registry);
	add_row(out, "ss", "baseline images", fleet->baseline_repository);
	add_row(out, "ss", "human images", fleet->human_repository);
	add_row(out, "ss", "patches of a commit", "patches/PARENT12/");
	add_row(out, "ss", "the plan", "out/plan.json");
	add_row(out, "ss", "what is to be built, as a list", "out/baseline_build_list.json");
	add_row(out, "ss", "logs, one an attempt", "out/logs/TARGET/STEP.N.log");
	add_row(out, "ss", "the log of the last failure", "out/build_errors/PARENT12.log");
	add_row(out, "ss", "failures", "out/failures.jsonl");
	add_row(out, "ss", "what happened", "out/journal.jsonl");
	add_row(out, "ss", "what is happening", "out/build_progress.json");
	add_row(out, "ss", "what was made", "out/stamps/TARGET.STEP");
	add_row(out, "ss", "this report", "out/status.md, out/status.html, out/status.json");
}

void
report_md(struct str *out, const struct status *s)
{
	add_summary(out, s);
	add_mappings(out, s);
	add_running(out, s);
	add_failed(out, s);
	add_reasons(out, s, STATE_UNKNOWN, "Unknown");
	add_left(out, s);
	add_failed_for_good(out, s);
	add_reasons(out, s, STATE_HELD, "Held");
	add_existing(out, s);
	add_tags(out, s->planned);
	add_builds(out, s);
	add_commits(out, s->fleet);
	add_settings(out, s->fleet);
	add_times(out, s);
	add_places(out, s);
}
