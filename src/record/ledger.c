#include "record/ledger.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/str.h"
#include "json/flat_object.h"
#include "json/pairs.h"

/* What is known of one target. */
struct entry {
	const char *target;
	struct failure *list;	/* one a step */
	size_t n, cap;
	UT_hash_handle hh;
};

#define ALL_STEPS "*"

/* Clear a step (STEPS: all of them) of the target. */
static void
clear(struct entry *entries, const char *target, enum step step)
{
	struct entry *e;
	HASH_FIND_STR(entries, target, e);
	if (!e)
		return;
	size_t left = 0;
	for (size_t i = 0; i < e->n; i++)
		if (step != STEPS && e->list[i].step != step)
			e->list[left++] = e->list[i];
	e->n = left;
}

static void
put(struct entry **entries, const struct failure *f)
{
	struct entry *e;
	clear(*entries, f->target, f->step);
	HASH_FIND_STR(*entries, f->target, e);
	if (!e) {
		e = memory_resize(NULL, sizeof(*e));
		*e = (struct entry){ .target = f->target };
		HASH_ADD_KEYPTR(hh, *entries, e->target, strlen(e->target), e);
	}
	e->list = memory_grow(e->list, &e->cap, e->n, sizeof(*e->list));
	e->list[e->n++] = *f;
}

static const char *
text_or(const struct pairs *s, const char *key, const char *fallback)
{
	const char *text = pairs_get(s, key);
	return text ? text : fallback;
}

static long
number(const struct pairs *s, const char *key)
{
	long n = 0;
	pairs_number(&n, s, key, 0, NULL);
	return n;
}

static bool
read_failure(struct failure *out, const struct pairs *s)
{
	const char *class = pairs_get(s, "class"), *until = pairs_get(s, "until");
	*out = (struct failure){
		.time = text_or(s, "time", ""),
		.target = pairs_get(s, "target"),
		.line = pairs_get(s, "line"),
		.line_number = number(s, "line_number"),
		.log = text_or(s, "log", ""),
		.cause = pairs_get(s, "cause"),
		.attempts = number(s, "attempts"),
		.jobs = number(s, "jobs"),
		.input = text_or(s, "input", ""),
		.deadline_s = number(s, "deadline_s"),
	};
	return out->target && class && until && step_parse(&out->step, pairs_get(s, "step")) &&
	       failure_class_parse(&out->class, class) && until_parse(&out->until, until);
}

/* A line that clears a step, or all. */
static bool
read_cleared(struct entry *entries, const struct pairs *s)
{
	const char *target = pairs_get(s, "target"), *name = pairs_get(s, "step");
	enum step step = STEPS;

	if (!target || !name || (strcmp(name, ALL_STEPS) != 0 && !step_parse(&step, name)))
		return false;
	clear(entries, target, step);
	return true;
}

/* Returns false if the line is not one of ours. */
static bool
read_line(struct entry **entries, const char *line, size_t len, struct arena *a)
{
	struct pairs s = { 0 };
	struct failure f;
	bool ok = flat_object_read(&s, line, len, a) == 0;
	if (ok && pairs_get(&s, "cleared"))
		ok = read_cleared(*entries, &s);
	else if (ok && (ok = read_failure(&f, &s)))
		put(entries, &f);
	pairs_dispose(&s);
	return ok;
}

static int
by_target(const struct entry *a, const struct entry *b)
{
	return strcmp(a->target, b->target);
}

/* Move all to out, by target, and free the entries. */
static void
collect(struct ledger *out, struct entry *entries, struct arena *a)
{
	size_t n = 0;
	struct entry *e, *next;
	for (e = entries; e; e = e->hh.next)
		n += e->n;
	out->failures = arena_array(a, n, sizeof(*out->failures));
	HASH_SORT(entries, by_target);
	HASH_ITER(hh, entries, e, next) {
		for (size_t i = 0; i < e->n; i++)
			out->failures[out->n++] = e->list[i];
		HASH_DEL(entries, e);
		free(e->list);
		free(e);
	}
}

void
ledger_read(struct ledger *out, const char *text, size_t len, struct arena *a)
{
	struct entry *entries = NULL;
	*out = (struct ledger){ 0 };
	const char *end = text + len;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((newline ? newline : end) - text);
		if (n && !read_line(&entries, text, n, a))
			out->skipped++;
		text += n + (newline ? 1 : 0);
	}
	collect(out, entries, a);
}

static int
compare_target(const void *target, const void *failure)
{
	return strcmp(target, ((const struct failure *)failure)->target);
}

const struct failure *
ledger_of(size_t *n, const struct ledger *l, const char *target)
{
	*n = 0;
	if (!l->n)
		return NULL;
	const struct failure *f = bsearch(target, l->failures, l->n, sizeof(*f), compare_target);
	if (!f)
		return NULL;
	while (f > l->failures && strcmp(f[-1].target, target) == 0)
		f--;
	while (f + *n < l->failures + l->n && strcmp(f[*n].target, target) == 0)
		++*n;
	return f;
}

bool
failure_holds(const struct failure *f, const char *input, long deadline_s, long jobs)
{
	if (f->until == UNTIL_WORLD || strcmp(f->input, input) != 0)
		return false;
	if (f->until == UNTIL_JOBS)
		return jobs >= f->jobs;
	return f->until != UNTIL_DEADLINE || deadline_s <= f->deadline_s;
}

void
failure_describe(struct str *out, const struct failure *f)
{
	str_addf(out, "%s failed: %s: %s", step_name(f->step), failure_class_name(f->class),
	         f->cause ? f->cause : f->line ? f->line : "no line of the log says why");
	if (!f->cause && f->line)
		str_addf(out, " (%s:%ld)", f->log, f->line_number);
	else if (*f->log)
		str_addf(out, " (%s)", f->log);
}

void
ledger_add_failure(struct str *out, const struct failure *f)
{
	struct str line = { 0 };
	flat_object_start(&line);
	flat_object_text(&line, "time", f->time);
	flat_object_text(&line, "target", f->target);
	flat_object_text(&line, "step", step_name(f->step));
	flat_object_text(&line, "class", failure_class_name(f->class));
	flat_object_text(&line, "line", f->line);
	if (f->line)
		flat_object_long(&line, "line_number", f->line_number);
	flat_object_text(&line, "log", f->log);
	flat_object_text(&line, "cause", f->cause);
	flat_object_long(&line, "attempts", f->attempts);
	if (f->jobs)
		flat_object_long(&line, "jobs", f->jobs);
	flat_object_text(&line, "input", f->input);
	flat_object_text(&line, "until", until_name(f->until));
	if (f->until == UNTIL_DEADLINE)
		flat_object_long(&line, "deadline_s", f->deadline_s);
	flat_object_end(&line);
	str_addf(out, "%s\n", str_text(&line));
	str_dispose(&line);
}

void
ledger_add_cleared(struct str *out, const char *time, const char *target, enum step step,
                   const char *why)
{
	struct str line = { 0 };
	flat_object_start(&line);
	flat_object_text(&line, "time", time);
	flat_object_text(&line, "target", target);
	flat_object_text(&line, "step", step == STEPS ? ALL_STEPS : step_name(step));
	flat_object_text(&line, "cleared", why);
	flat_object_end(&line);
	str_addf(out, "%s\n", str_text(&line));
	str_dispose(&line);
}
