#include "record/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/utc.h"
#include "base/words.h"
#include "json/scanner.h"

static const char *const event_names[EVENTS] = {
	[EVENT_STARTED] = "started",
	[EVENT_ENDED] = "ended",
	[EVENT_WAITING] = "waiting",
};

static const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_OK] = "ok",
	[OUTCOME_INTERRUPTED] = "interrupted",
	[OUTCOME_LOST] = "lost",
	[OUTCOME_NOT_STARTED] = "not-started",
};

const char *
event_name(enum event e)
{
	return event_names[e];
}

const char *
outcome_name(enum outcome o, enum failure_class class)
{
	return o == OUTCOME_FAILED ? failure_class_name(class) : outcome_names[o];
}

/* ---- lines ---- */

#define SHORT_TEXT 32		/* holds any time */

struct reading {
	struct scanner scan;
	struct arena *arena;
	struct journal_event event, before;
	char time[SHORT_TEXT];
};

#define AT(field) offsetof(struct journal_event, field)

static const struct { const char *key; size_t offset; } texts[] = {
	{ "target", AT(target) },
	{ "line", AT(line) },
	{ "cause", AT(cause) },
	{ "next", AT(next) },
	{ "digest", AT(digest) },
	{ "input", AT(input) },
	{ "log", AT(log) },
	{ "reason", AT(reason) },
};

static const struct { const char *key; size_t offset; } numbers[] = {
	{ "attempt", AT(attempt) },
	{ "jobs", AT(jobs) },
	{ "peak_mb", AT(peak_mb) },
	{ "line_number", AT(line_number) },
};

/* The start of a text of ours is enough to see that it is none of ours. */
static void
take_short(struct reading *r, char out[SHORT_TEXT])
{
	size_t len = r->scan.len < SHORT_TEXT - 1 ? r->scan.len : SHORT_TEXT - 1;
	memcpy(out, r->scan.text, len);
	out[len] = '\0';
}

/* Neighbours have much in common: what stands there already is not copied again. */
static const char *
keep_text(struct reading *r, const char *before)
{
	return before && strcmp(before, r->scan.text) == 0
	       ? before : arena_copy(r->arena, r->scan.text, r->scan.len);
}

static void
take_outcome(struct journal_event *e, const char *word)
{
	e->outcome = (enum outcome)WORDS_FIND(outcome_names, word);
	if (e->outcome == OUTCOMES) {
		e->outcome = OUTCOME_FAILED;
		failure_class_parse(&e->class, word);
	}
}

/* The members whose words are values of an enum.  Returns false if key is none of them. */
static bool
take_word(struct reading *r, const char *key)
{
	struct journal_event *e = &r->event;

	if (strcmp(key, "event") == 0)
		e->event = (enum event)WORDS_FIND(event_names, r->scan.text);
	else if (strcmp(key, "step") == 0)
		step_parse(&e->step, r->scan.text);
	else if (strcmp(key, "class") == 0)
		take_outcome(e, r->scan.text);
	else if (strcmp(key, "native") == 0)
		e->native = native_parse(r->scan.text);
	else
		return false;
	return true;
}

static void
take_text(struct reading *r, const char *key)
{
	if (take_word(r, key))
		return;
	if (strcmp(key, "time") == 0) {
		take_short(r, r->time);
		return;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (strcmp(key, texts[i].key) != 0)
			continue;
		const char **to = (void *)((char *)&r->event + texts[i].offset);
		*to = keep_text(r, *(const char **)(void *)((char *)&r->before + texts[i].offset));
		return;
	}
}

static void
take_number(struct reading *r, const char *key)
{
	double number = scanner_number(&r->scan);

	if (strcmp(key, "seconds") == 0)
		r->event.seconds = number;
	if (!(number > -1e15 && number < 1e15))
		return;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (strcmp(key, numbers[i].key) == 0)
			*(long *)(void *)((char *)&r->event + numbers[i].offset) = (long)number;
}

/* All members of a flat object; what is nested is left alone. */
static bool
take_members(struct reading *r)
{
	char key[16];
	enum piece piece;

	if (scanner_next(&r->scan) != PIECE_OBJECT)
		return false;
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY) {
		size_t len = r->scan.len < sizeof(key) - 1 ? r->scan.len : sizeof(key) - 1;
		memcpy(key, r->scan.text, len);
		key[len] = '\0';
		piece = scanner_next(&r->scan);
		if (piece == PIECE_STRING)
			take_text(r, key);
		else if (piece == PIECE_NUMBER)
			take_number(r, key);
		else if ((piece == PIECE_OBJECT || piece == PIECE_ARRAY) &&
		         !scanner_skip(&r->scan))
			return false;
	}
	return piece == PIECE_OBJECT_END && scanner_next(&r->scan) == PIECE_END;
}

/* Does the line say what every line says, in words that we know? */
static bool
is_whole(struct reading *r)
{
	const struct journal_event *e = &r->event;

	return e->event != EVENTS && e->target && e->step != STEPS &&
	       utc_parse(&r->event.time_s, r->time) &&
	       (e->event != EVENT_ENDED || e->outcome != OUTCOME_NONE);
}

static bool
read_line(struct reading *r, const char *line, size_t len)
{
	struct journal_event *e = &r->event;

	*e = (struct journal_event){ .event = EVENTS, .step = STEPS, .seconds = -1 };
	*r->time = '\0';
	scanner_start(&r->scan, line, len);
	if (!take_members(r) || !is_whole(r))
		return false;
	if (e->next && strcmp(e->next, JOURNAL_STOP) == 0)
		e->next = NULL;
	return true;
}

void
journal_read(struct journal *out, const char *text, size_t len, struct arena *a)
{
	struct reading r = { .arena = a };
	struct journal_event *events = NULL;
	size_t cap = 0;
	const char *end = text + len;

	*out = (struct journal){ 0 };
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((newline ? newline : end) - text);
		if (n && !read_line(&r, text, n)) {
			out->skipped++;
		} else if (n) {
			events = memory_grow(events, &cap, out->n, sizeof(*events));
			events[out->n++] = r.before = r.event;
		}
		text += n + (newline ? 1 : 0);
	}
	out->events = arena_array(a, out->n, sizeof(*out->events));
	if (out->n)
		memcpy(out->events, events, out->n * sizeof(*events));
	free(events);
}

/* ---- attempts ---- */

static int
compare(const struct journal_event *a, const struct journal_event *b)
{
	int order = strcmp(a->target, b->target);
	if (!order)
		order = a->step < b->step ? -1 : a->step > b->step;
	if (!order)
		order = a->attempt < b->attempt ? -1 : a->attempt > b->attempt;
	return order;
}

/* Events of one attempt side by side, as they happened. */
static int
by_attempt(const void *x, const void *y)
{
	const struct journal_event *a = *(const struct journal_event *const *)x;
	const struct journal_event *b = *(const struct journal_event *const *)y;
	int order = compare(a, b);
	return order ? order : a < b ? -1 : a > b;
}

static void
add_attempt(struct journal_attempts *out, const struct journal_event *start,
            const struct journal_event *end)
{
	const struct journal_event *e = start ? start : end;
	struct journal_attempt t = {
		.start = start, .end = end,
		.target = e->target, .step = e->step, .number = e->attempt,
		.seconds = -1,
	};

	if (start)
		t.start_s = (double)start->time_s;
	if (end)
		t.seconds = end->seconds >= 0 ? end->seconds
		            : start ? (double)(end->time_s - start->time_s) : 0;
	if (!start)
		t.start_s = (double)end->time_s - t.seconds;
	out->list[out->n++] = t;
}

/* For people: what a target went through, as it went. */
static int
by_time(const void *x, const void *y)
{
	const struct journal_attempt *a = x, *b = y;
	const struct journal_event *e = a->start ? a->start : a->end, *f = b->start ? b->start : b->end;
	int order = strcmp(a->target, b->target);

	if (order)
		return order;
	if (a->start_s != b->start_s)
		return a->start_s < b->start_s ? -1 : 1;
	return e < f ? -1 : e > f;
}

void
journal_attempts(struct journal_attempts *out, const struct journal *j, struct arena *a)
{
	const struct journal_event **order = arena_array(a, j->n, sizeof(*order));
	size_t n = 0;

	*out = (struct journal_attempts){ .list = arena_array(a, j->n, sizeof(*out->list)) };
	for (size_t i = 0; i < j->n; i++)
		if (j->events[i].event != EVENT_WAITING)
			order[n++] = &j->events[i];
	if (n)
		qsort(order, n, sizeof(*order), by_attempt);

	const struct journal_event *start = NULL;
	for (size_t i = 0; i < n; i++) {
		if (start && (order[i]->event == EVENT_STARTED || compare(start, order[i]) != 0)) {
			add_attempt(out, start, NULL);
			start = NULL;
		}
		if (order[i]->event == EVENT_STARTED) {
			start = order[i];
		} else {
			add_attempt(out, start, order[i]);
			start = NULL;
		}
	}
	if (start)
		add_attempt(out, start, NULL);
	if (out->n)
		qsort(out->list, out->n, sizeof(*out->list), by_time);
}

bool
journal_attempt_is_ok(const struct journal_attempt *t)
{
	return t->end && t->end->outcome == OUTCOME_OK;
}

const struct journal_attempt *
journal_attempts_of(size_t *n, const struct journal_attempts *all, const char *target)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(all->list[middle].target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*n = 0;
	while (low + *n < all->n && strcmp(all->list[low + *n].target, target) == 0)
		++*n;
	return *n ? &all->list[low] : NULL;
}
