/* ledger.h - out/failures.jsonl: the failures of steps, until somebody clears them.  Pure.
 *
 * One flat JSON object a line, appended whole.  A failure has
 *
 *	time		when, UTC
 *	target, step	whose
 *	class		failure_class_name
 *	line, line_number, log	the first fatal line and its place; not there when facts
 *			tell the class
 *	cause		what tells it then: "deadline of 5400 s"
 *	attempts, jobs	of the last run of the step; jobs only where they matter
 *	input		digest of what the image is made of
 *	until		what has to change: "input", "deadline" (that, or a longer one), "jobs"
 *			(that, or fewer), "world" (nothing that the fleet knows: the next run tries again)
 *	deadline_s	that it had, for "deadline"
 *
 * A line with target, step ("*" for all) and cleared ("succeeded" or "forgotten")
 * clears what came before.  A line that is not a JSON object is skipped: a crash tore it.  So
 * is a line with a word that this program does not know.
 */
#ifndef GEN_LEDGER_H
#define GEN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "logs/failure_class.h"
#include "record/steps.h"

struct arena;
struct str;

struct failure {
	const char *time;
	const char *target;
	enum step step;
	enum failure_class class;
	enum until until;
	const char *line;	/* NULL: facts tell the class */
	long line_number;
	const char *log;
	const char *cause;	/* NULL: the line tells it */
	long attempts;
	long jobs;		/* 0: they don't matter */
	const char *input;
	long deadline_s;
};

struct ledger {
	struct failure *failures;	/* not cleared, one a target and step, by target */
	size_t n;
	size_t skipped;			/* torn lines */
};

/* Ownership: what is filled in lives as long as a. */
void ledger_read(struct ledger *out, const char *text, size_t len, struct arena *a);

/* The failures of a target, *n of them; NULL if there are none. */
const struct failure *ledger_of(size_t *n, const struct ledger *l, const char *target);

/*
 * Does the failure hold its image back, now that it is made of input, and has that deadline
 * and so many jobs?  No: trying again is worth it.
 */
bool failure_holds(const struct failure *f, const char *input, long deadline_s, long jobs);

/* "image failed: oom: nvcc error ... (out/logs/...:471)": one line for a person. */
void failure_describe(struct str *out, const struct failure *f);

/* One line, with its newline, for the file. */
void ledger_add_failure(struct str *out, const struct failure *f);

/* Clear one step of the target; STEPS: all of them. */
void ledger_add_cleared(struct str *out, const char *time, const char *target, enum step step,
                        const char *why);

#endif
