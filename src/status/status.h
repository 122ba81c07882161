/* status.h - how far the fleet is: one model, from which all reports are rendered.  Pure.
 *
 * Each parent commit is in exactly one state, and every total is a sum over rows.
 */
#ifndef GEN_STATUS_H
#define GEN_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"
#include "record/native_way.h"
#include "record/steps.h"

struct arena;
struct commit_setting;
struct entries;
struct entry;
struct error;
struct failure;
struct fleet;
struct journal_attempt;
struct journal_attempts;
struct ledger;
struct planned;
struct planned_image;
struct str;

enum state {
	STATE_PRESENT,		/* in the registry, made elsewhere or by an earlier folder */
	STATE_BUILT,		/* pushed by this folder, from what it is made of now */
	STATE_VERIFIED,		/* built and verified here, not pushed */
	STATE_RUNNING,		/* one of its steps is at work */
	STATE_FAILED,		/* a step failed, and nothing has changed since; kind: its class */
	STATE_HELD,		/* cannot or must not be built; kind: of the reason */
	STATE_TO_BUILD,
	STATE_UNKNOWN,		/* the registry did not say, or gen does not know the entry yet */
	STATES			/* how many there are */
};

/* "present", "built", ..., "to_build": names in JSON. */
const char *state_name(enum state s);

/* The same for a person: "built now", "to build". */
const char *state_title(enum state s);

/* What the stamps of one target say.  Texts are NULL where there is no stamp. */
struct made {
	const char *target;
	unsigned steps;			/* bit 1 << step: its stamp is there */
	const char *pushed_input, *pushed_digest;
	const char *image_input, *image_id;
	const char *verified_id;
	enum native native;		/* how the compiled objects came about */
	long cache_hits, cache_misses;	/* of the compiler cache, when it was compiled */
};

/* A step that is at work, or waits for what it needs. */
struct running {
	const char *target;
	enum step step;
	int64_t since_s;		/* when that began, seconds since 1970 */
	const char *waiting;		/* for what; NULL: it is at work */
	long attempt, jobs;		/* 0: none yet; they don't matter */
	const char *log;		/* of the attempt, NULL: none yet */
	long done, total;		/* of the compile, as its log says; 0: it does not */
};

/* What a status is made from. */
struct status_input {
	const struct fleet *fleet;
	const struct entries *entries;	/* of all mappings, in the order of their files */
	const struct entries *dataset;
	const struct planned *planned;
	const struct made *made;	/* sorted by target */
	size_t n_made;
	const struct running *running;	/* sorted by target */
	size_t n_running;
	const struct ledger *ledger;	/* NULL: none */
	const struct journal_attempts *attempts;	/* NULL: none */
	int64_t now_s;
};

/* One parent commit. */
struct status_row {
	const char *target;
	const char *id;				/* 12 hex digits */
	const char *parent;			/* 40 of them, or as many as an unplanned entry has */
	const struct entry *const *entries;	/* in the order of the mappings */
	size_t n_entries;
	unsigned mapping;			/* of the first entry: the row counts there */
	const char *model;			/* NULL: none */
	const struct planned_image *planned;	/* NULL: gen does not know it yet */
	const struct commit_setting *setting;	/* of its own; NULL: none */
	enum state state;
	const char *kind;			/* class, kind of hold or step; NULL: none */
	const char *reason;			/* one line, why */
	enum verdict verdict;			/* present also when pushed since gen asked */
	const char *digest;			/* in the registry; NULL: not known */
	enum native native;			/* how its objects come, or came, about */
	bool stale;				/* made here once, of other inputs */
	const struct made *made;		/* NULL: nothing was made here */
	const struct running *running;		/* NULL: none */
	const struct failure *failure;		/* of STATE_FAILED; NULL: none */
	const char **excerpt;			/* lines of the failure's log; NULL: none */
	size_t n_excerpt;
	long excerpt_line;			/* number of the first */
	const struct journal_attempt *attempts;	/* as they started */
	size_t n_attempts;
};

/* An image step that ended well. */
struct status_build {
	const struct status_row *row;
	const struct journal_attempt *attempt;
};

/* What image steps took, in seconds. */
struct status_time {
	double good_s;			/* attempts that ended well */
	double lost_s;			/* all others that ended */
	size_t good, lost;		/* how many */
	double compile_s;		/* median of one that compiled; below 0: none yet */
	double saved_s;			/* by all that did not compile; below 0: not known */
	long cache_hits, cache_misses;	/* of the compiler cache, in all that were compiled */
};

/* Rows that count for one mapping; the last of them is for extra commits. */
struct status_group {
	const char *name, *title;
	const char *file;		/* NULL: extra commits */
	size_t entries;			/* in it, also of parents that count elsewhere */
	size_t first, rows;		/* its rows, which follow each other */
	size_t by_state[STATES];
};

/* How many rows of a state have a kind. */
struct status_kind {
	enum state state;
	const char *kind;
	size_t rows;
};

struct status {
	const struct fleet *fleet;
	const struct planned *planned;
	size_t n_entries, n_dataset;
	struct status_row *rows;	/* by mapping, then place of the first entry */
	size_t n_rows;
	struct status_group *groups;
	size_t n_groups;
	struct status_kind *kinds;	/* by state, then most rows first */
	size_t n_kinds;
	size_t by_state[STATES];
	size_t by_verdict[VERDICTS];
	struct status_build *builds;	/* newest first */
	size_t n_builds;
	struct status_time time;
	const char **lost;		/* what fits nowhere, a message each */
	size_t n_lost;
	int64_t now_s;
};

/*
 * Ownership: out points into in and what it points to; all else lives as long as a.
 */
void status_make(struct status *out, const struct status_input *in, struct arena *a);

/*
 * Does every total equal the sum of its rows?
 *
 * Errors:    -1 and err set, naming the total that does not.
 */
int status_check(const struct status *s, struct error *err);

/* n of all parents in tenths of a percent. */
unsigned status_share(const struct status *s, size_t n);

struct status_found {
	const struct status_row *row;	/* NULL: none, or several */
	size_t n;			/* how many rows fit */
};

/*
 * The row that word names: a target (baseline-..., local-baseline-..., human-...), whole
 * or its first digits, or the first digits of a parent or human commit.
 */
struct status_found status_find(const struct status *s, const char *word);

#endif
