/* journal.h - out/journal.jsonl, read back: what happened here.  Pure.
 *
 * step/step_record.h says what its lines hold.  Two lines make an attempt, "started" and
 * "ended"; an attempt whose end is missing is at work, or was killed.
 */
#ifndef GEN_JOURNAL_H
#define GEN_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logs/failure_class.h"
#include "record/native_way.h"
#include "record/steps.h"

struct arena;

enum event { EVENT_STARTED, EVENT_ENDED, EVENT_WAITING, EVENTS };

/* "started", "ended", "waiting". */
const char *event_name(enum event e);

/* How an attempt ended. */
enum outcome {
	OUTCOME_NONE,		/* it has not */
	OUTCOME_OK,
	OUTCOME_INTERRUPTED,	/* by a signal */
	OUTCOME_LOST,		/* an input was gone: the step that makes it runs again */
	OUTCOME_NOT_STARTED,	/* what it needs did not come in time */
	OUTCOME_FAILED,		/* for the reason that its class tells */
	OUTCOMES
};

/* "ok", "interrupted", "lost", "not-started"; of a failure, its class. */
const char *outcome_name(enum outcome o, enum failure_class class);

#define JOURNAL_STOP "stop"	/* what "next" says where no other attempt follows */

/* One line.  Texts are NULL, numbers 0, where it does not say. */
struct journal_event {
	enum event event;
	int64_t time_s;			/* seconds since 1970 */
	const char *target;
	enum step step;
	long attempt;
	long jobs;
	enum outcome outcome;		/* ended: how; else OUTCOME_NONE */
	enum failure_class class;	/* of OUTCOME_FAILED; unknown if this program has no such class */
	double seconds;			/* ended: how long; waiting: until when; below 0: not said */
	long peak_mb;
	const char *line;
	long line_number;
	const char *cause;
	const char *next;		/* "again with 48 jobs"; NULL: it stops there */
	const char *digest;
	const char *input;
	const char *log;
	const char *reason;
	enum native native;		/* of an image that was made: how its objects came about */
};

struct journal {
	struct journal_event *events;	/* in the order of the file */
	size_t n;
	size_t skipped;			/* lines that a crash tore, or of another kind */
};

/* One try of a step. */
struct journal_attempt {
	const struct journal_event *start;	/* NULL: its line is missing */
	const struct journal_event *end;	/* NULL: not ended, as far as is known */
	const char *target;
	enum step step;
	long number;
	double start_s;				/* seconds since 1970 */
	double seconds;				/* below 0: not ended */
};

struct journal_attempts {
	struct journal_attempt *list;		/* by target, then by when they started */
	size_t n;
};

/* Ownership: what is filled in lives as long as a. */
void journal_read(struct journal *out, const char *text, size_t len, struct arena *a);

/*
 * Pair the events.  A number that is used again, as after out/logs was removed, is an
 * attempt of its own.
 *
 * Ownership: the list lives as long as a, and points into j.
 */
void journal_attempts(struct journal_attempts *out, const struct journal *j, struct arena *a);

/* Did it end well? */
bool journal_attempt_is_ok(const struct journal_attempt *t);

/* The attempts of a target, *n of them; NULL if there are none. */
const struct journal_attempt *journal_attempts_of(size_t *n, const struct journal_attempts *all,
                                                  const char *target);

#endif
