#include "cmd/status_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "base/utc.h"
#include "cmd/options.h"
#include "fleet/target.h"
#include "json/flat_object.h"
#include "json/pairs.h"
#include "logs/compile_progress.h"
#include "logs/log_lines.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/lock.h"
#include "plan/plan_file.h"
#include "record/progress.h"
#include "record/stamp.h"

#define LOG_END ((size_t)64 * 1024)	/* holds some lines of a compile, however long */

struct reading {
	struct status_files *out;
	struct arena *arena;
	struct error *err;
};

static int
read_plan(struct reading *r)
{
	int got = plan_file_read(&r->out->planned, r->arena, r->err);

	if (got == 0)
		error_set(r->err, PLAN_FILE_MISSING);
	return got > 0 ? 0 : -1;
}

/* ---- what was made ---- */

/* "TARGET.STEP" in two; false for any other name. */
static bool
split_name(const char **target, enum step *step, const char *name, struct arena *a)
{
	const char *dot = strrchr(name, '.');
	if (!dot || !step_parse(step, dot + 1))
		return false;
	*target = arena_copy(a, name, (size_t)(dot - name));
	return true;
}

/* The lines of a stamp; none if it is not there (any more). */
static int
read_stamp(struct pairs *s, struct reading *r, const char *target, enum step step)
{
	const char *path = step_stamp_path(target, step, r->arena), *text;
	size_t len;

	int got = file_read_if_there(&text, &len, path, 0, r->arena, r->err);
	if (got > 0)
		got = stamp_parse(s, text, len, step, target, path, r->arena, r->err);
	return got < 0 ? -1 : 0;
}

/* Which lines of which stamps count. */
static const struct { enum step step; const char *key; size_t offset; } wanted[] = {
	{ STEP_PUSH, "input", offsetof(struct made, pushed_input) },
	{ STEP_PUSH, "digest", offsetof(struct made, pushed_digest) },
	{ STEP_IMAGE, "input", offsetof(struct made, image_input) },
	{ STEP_IMAGE, "image_id", offsetof(struct made, image_id) },
	{ STEP_VERIFY, "image_id", offsetof(struct made, verified_id) },
};

static int
read_made_step(struct made *made, struct reading *r, enum step step)
{
	struct pairs stamp = { 0 };
	int ret = 0;

	if (made->steps & 1u << step)
		ret = read_stamp(&stamp, r, made->target, step);
	for (size_t i = 0; ret == 0 && i < sizeof(wanted) / sizeof(*wanted); i++)
		if (wanted[i].step == step)
			*(const char **)(void *)((char *)made + wanted[i].offset) =
				pairs_get(&stamp, wanted[i].key);
	if (step == STEP_IMAGE)
		made->native = native_parse(pairs_get(&stamp, "native"));
	pairs_dispose(&stamp);
	return ret;
}

/* What was pushed, and is what is planned, was verified. */
static bool
is_known_good(const struct made *made, const struct planned *planned)
{
	bool more;
	const char *digits = target_digits(made->target);
	const struct planned_image *image = planned_find(planned, digits ? digits : "", &more);
	return made->pushed_input && image &&
	       (!image->input || strcmp(image->input, made->pushed_input) == 0);
}

static int
read_made(struct reading *r)
{
	const char **names, *target;
	size_t n;
	enum step step;
	struct status_files *out = r->out;

	if (file_list(&names, &n, "out/stamps", r->arena, r->err) < 0)
		return -1;
	out->made = arena_array(r->arena, n, sizeof(*out->made));
	for (size_t i = 0; i < n; i++) {
		if (!split_name(&target, &step, names[i], r->arena))
			continue;
		struct made *last = out->n_made ? &out->made[out->n_made - 1] : NULL;
		if (!last || strcmp(last->target, target) != 0) {
			last = &out->made[out->n_made++];
			last->target = target;
		}
		last->steps |= 1u << step;
	}
	for (size_t i = 0; i < out->n_made; i++) {
		struct made *made = &out->made[i];
		if (read_made_step(made, r, STEP_PUSH) < 0 || read_made_step(made, r, STEP_IMAGE) < 0)
			return -1;
		if (!is_known_good(made, &out->planned) && read_made_step(made, r, STEP_VERIFY) < 0)
			return -1;
	}
	return 0;
}

static int
compare_made(const void *target, const void *made)
{
	return strcmp(target, ((const struct made *)made)->target);
}

#define STATS ".stats"

static int
read_cache_counts(struct made *made, const char *path, struct reading *r)
{
	struct pairs s = { 0 };
	const char *text;
	size_t len;
	int ret = -1;

	int got = file_read_if_there(&text, &len, path, 0, r->arena, r->err);
	if (got < 0 || (got && pairs_parse(&s, text, len, path, r->arena, r->err) < 0) ||
	    pairs_number(&made->cache_hits, &s, "ccache_hits", 0, r->err) < 0 ||
	    pairs_number(&made->cache_misses, &s, "ccache_misses", 0, r->err) < 0)
		goto out;
	ret = 0;
out:
	pairs_dispose(&s);
	return ret;
}

/* out/native/TARGET.stats: what the compiler cache did in a compile (rules/native.sh). */
static int
read_cache(struct reading *r)
{
	struct status_files *out = r->out;
	const char **names;
	size_t n;

	if (file_list(&names, &n, "out/native", r->arena, r->err) < 0)
		return -1;
	for (size_t i = 0; i < n && out->n_made; i++) {
		const char *dot = strrchr(names[i], '.');
		if (!dot || strcmp(dot, STATS) != 0)
			continue;
		const char *target = arena_copy(r->arena, names[i], (size_t)(dot - names[i]));
		struct made *made = bsearch(target, out->made, out->n_made, sizeof(*made), compare_made);
		if (made && read_cache_counts(made, arena_printf(r->arena, "out/native/%s", names[i]), r) < 0)
			return -1;
	}
	return 0;
}

/* ---- what is at work ---- */

static int
read_log_end(struct running *run, struct reading *r)
{
	struct arena scratch = { 0 };
	const char *text;
	size_t len;

	int got = run->log ? file_read_end(&text, &len, run->log, LOG_END, &scratch, r->err) : 0;
	if (got > 0)
		compile_progress_parse(&run->done, &run->total, text, len);
	arena_dispose(&scratch);
	return got < 0 ? -1 : 0;
}

/* What the step wrote of itself; what is of another step, or not there, says nothing. */
static void
read_members(struct running *run, const struct progress *p, struct arena *a)
{
	struct pairs s = { 0 };
	enum progress_state state = PROGRESS_STATES;
	enum step step = STEPS;

	for (size_t i = 0; i < p->n; i++) {
		const struct progress_image *image = &p->images[i];
		if (strcmp(image->target, run->target) != 0)
			continue;
		flat_object_read(&s, image->members, strlen(image->members), a);
		state = progress_state_of(image);
	}
	const char *since = pairs_get(&s, "since");
	step_parse(&step, pairs_get(&s, "step"));
	if (step == run->step) {
		pairs_number(&run->attempt, &s, "attempt", 0, NULL);
		pairs_number(&run->jobs, &s, "jobs", 0, NULL);
		run->log = pairs_get(&s, "log");
		if (state == PROGRESS_WAITING)
			run->waiting = pairs_get(&s, "reason");
		if (since)
			utc_parse(&run->since_s, since);
	}
	pairs_dispose(&s);
}

static int
add_running(struct reading *r, const char *name, const struct progress *p, int64_t now_s)
{
	struct status_files *out = r->out;
	const char *path = arena_printf(r->arena, "out/run/%s", name), *note;
	struct running run = { .since_s = now_s };

	if (!split_name(&run.target, &run.step, name, r->arena) ||
	    !lock_is_held(path, &note, r->arena))
		return 0;
	read_members(&run, p, r->arena);
	if (read_log_end(&run, r) < 0)
		return -1;
	/* One step of a target at a time; should there be two, the later one counts. */
	if (out->n_running && strcmp(out->running[out->n_running - 1].target, run.target) == 0)
		out->n_running--;
	out->running[out->n_running++] = run;
	return 0;
}

static int
read_running(struct reading *r, int64_t now_s)
{
	struct progress p = { 0 };
	const char **names, *text;
	size_t n, len;

	if (file_list(&names, &n, "out/run", r->arena, r->err) < 0)
		return -1;
	int ret = file_read_if_there(&text, &len, "out/build_progress.json", 0, r->arena, r->err);
	if (ret > 0)
		progress_read(&p, text, len, r->arena);
	r->out->running = arena_array(r->arena, n, sizeof(*r->out->running));
	for (size_t i = 0; ret >= 0 && i < n; i++)
		ret = add_running(r, names[i], &p, now_s);
	progress_dispose(&p);
	return ret < 0 ? -1 : 0;
}

/* ---- what happened ---- */

static int
read_history(struct reading *r)
{
	struct status_files *out = r->out;
	const char *text;
	size_t len;

	int got = file_read_if_there(&text, &len, "out/failures.jsonl", 0, r->arena, r->err);
	if (got > 0)
		ledger_read(&out->ledger, text, len, r->arena);
	if (got >= 0)
		got = file_read_if_there(&text, &len, "out/journal.jsonl", 0, r->arena, r->err);
	if (got > 0)
		journal_read(&out->journal, text, len, r->arena);
	journal_attempts(&out->attempts, &out->journal, r->arena);
	return got < 0 ? -1 : 0;
}

/* Source: https://reproducible-builds.org/specs/source-date-epoch/ */
static int
read_now(int64_t *now_s, struct error *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	char *end;

	if (!text) {
		*now_s = clock_epoch_s();
		return 0;
	}
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || !*text || *end || n < 0)
		return error_set(err, "SOURCE_DATE_EPOCH: \"%.40s\": not seconds since 1970", text);
	*now_s = n;
	return 0;
}

int
status_files_read(struct status_files *out, struct options *options, struct arena *a,
                  struct error *err)
{
	struct reading r = { out, a, err };
	int64_t now_s = 0;

	*out = (struct status_files){ 0 };
	if (read_now(&now_s, err) < 0 || read_plan(&r) < 0 ||
	    options_load_if_any(options, a, err) < 0 ||
	    loaded_read(&out->loaded, options->fleet_file, a, err) < 0 ||
	    read_made(&r) < 0 || read_cache(&r) < 0 || read_running(&r, now_s) < 0 || read_history(&r) < 0)
		return -1;
	out->push = !options->no_push;
	struct status_input in = {
		.fleet = &out->loaded.fleet,
		.entries = &out->loaded.entries,
		.dataset = &out->loaded.dataset,
		.planned = &out->planned,
		.made = out->made, .n_made = out->n_made,
		.running = out->running, .n_running = out->n_running,
		.ledger = &out->ledger,
		.attempts = &out->attempts,
		.now_s = now_s,
	};
	status_make(&out->status, &in, a);
	return status_check(&out->status, err);
}

void
status_files_dispose(struct status_files *f)
{
	loaded_dispose(&f->loaded);
}

#define LINES_BEFORE 6
#define LINES_AFTER 3
#define LINES_AT_END 8

static int
read_excerpt(struct status_row *row, struct arena *a, struct error *err)
{
	const struct failure *f = row->failure;
	struct log_lines lines = { 0 };
	int ret = 0;

	if (!*f->log)
		return 0;
	if (f->line && f->line_number > LINES_BEFORE)
		ret = log_lines_read(&lines, f->log, f->line_number - LINES_BEFORE,
		                     f->line_number + LINES_AFTER, a, err);
	else if (f->line)
		ret = log_lines_read(&lines, f->log, 1, f->line_number + LINES_AFTER, a, err);
	else
		ret = log_lines_read_end(&lines, f->log, LINES_AT_END, a, err);
	row->excerpt = lines.n ? lines.list : NULL;
	row->n_excerpt = lines.n;
	row->excerpt_line = lines.first;
	return ret;
}

int
status_files_read_excerpts(struct status_files *f, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < f->status.n_rows; i++)
		if (f->status.rows[i].failure && read_excerpt(&f->status.rows[i], a, err) < 0)
			return -1;
	return 0;
}

int
status_files_find(const struct status_row **out, const struct status_files *f, const char *word,
                  struct error *err)
{
	struct status_found found = status_find(&f->status, word);

	*out = found.row;
	if (found.row)
		return 0;
	if (found.n)
		return error_set(err, "\"%.60s\": %zu images are called so; give more digits, or write "
		                 TARGET_PREFIX "... or " TARGET_HUMAN "...", word, found.n);
	return error_set(err, "\"%.60s\": no image is called so: not a target, nor the first digits of "
	                 "a parent or human commit in the mappings", word);
}
