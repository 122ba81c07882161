/* status.h - how far the fleet is: the one model that all reports are made from.  Pure.
 *
 * Each parent commit is in exactly one state, and every total is the sum of its rows.
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
struct badge;
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
	STATE_PRESENT,		/* in the registry; made elsewhere, or in a folder before this one */
	STATE_BUILT,		/* built and pushed in this folder, from its current inputs */
	STATE_VERIFIED,		/* built and verified here, not pushed */
	STATE_RUNNING,		/* one of its steps is at work */
	STATE_FAILED,		/* a step failed, and nothing has changed since; kind: the class of the failure */
	STATE_HELD,		/* it cannot or must not be built; kind: the kind of reason */
	STATE_TO_BUILD,
	STATE_UNKNOWN,		/* the registry gave no answer, or gen has not seen the entry yet */
	STATES			/* how many there are */
};

/* The name in JSON: "present", "built", ..., "to_build". */
const char *state_name(enum state s);

/* The words for a person: "built now", "to build". */
const char *state_title(enum state s);

/* Both, with a colour. */
const struct badge *state_badge(enum state s);

/* "1 present, 2 built now": the counts that are not 0. */
const char *state_counts(const size_t by_state[STATES], struct arena *a);

/* What the stamps of one target say.  A text is NULL if there is no stamp with it. */
struct made {
	const char *target;
	unsigned steps;			/* the bit 1 << step is set if that step has a stamp */
	const char *pushed_input, *pushed_digest;
	const char *image_input, *image_id;
	const char *verified_id;
	enum native native;		/* how the compiled objects came about */
	long cache_hits, cache_misses;	/* of the compiler cache, while it was compiled */
};

/* A step that is at work, or that waits for something. */
struct running {
	const char *target;
	enum step step;
	int64_t since_s;		/* when it began to work or to wait, seconds since 1970 */
	const char *waiting;		/* what it waits for; NULL: it is at work */
	long attempt, jobs;		/* 0: no attempt yet; the number of jobs does not matter */
	const char *log;		/* of the attempt; NULL: there is none yet */
	long done, total;		/* files compiled, as the log says; 0: it does not say */
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
	const char *parent;			/* 40 hex digits; fewer, if the entry has fewer and is not planned yet */
	const struct entry *const *entries;	/* in the order of the mappings */
	size_t n_entries;
	unsigned mapping;			/* of the first entry: the row is counted there */
	const char *model;			/* NULL: none */
	const struct planned_image *planned;	/* NULL: gen has not seen it yet */
	const struct commit_setting *setting;	/* for this commit alone; NULL: there is none */
	enum state state;
	const char *kind;			/* class of failure, kind of reason, or step; NULL: none */
	const char *reason;			/* why it is in that state, in one line */
	enum verdict verdict;			/* also present if it was pushed after gen asked */
	const char *digest;			/* in the registry; NULL: not known */
	enum native native;			/* how its objects come, or came, about */
	bool stale;				/* built here before, from other inputs */
	const struct made *made;		/* NULL: nothing was made here */
	const struct running *running;		/* NULL: none */
	const struct failure *failure;		/* of STATE_FAILED; NULL: none */
	const char **excerpt;			/* lines from the log of the failure; NULL: none */
	size_t n_excerpt;
	long excerpt_line;			/* number of the first line; 0: not known */
	const struct journal_attempt *attempts;	/* in the order in which they started */
	size_t n_attempts;
};

/* An image step that ended well. */
struct status_build {
	const struct status_row *row;
	const struct journal_attempt *attempt;
};

/* What image steps took, in seconds. */
struct status_time {
	double good_s;			/* in attempts that ended well */
	double lost_s;			/* in all others that ended */
	size_t good, lost;		/* how many attempts */
	double compile_s;		/* median of those that compiled; below 0: there is none yet */
	double saved_s;			/* by those that compiled nothing; below 0: not known */
	long cache_hits, cache_misses;	/* of the compiler cache, in all compiles */
};

/* The rows that are counted for one mapping; the last group is for extra commits. */
struct status_group {
	const char *name, *title;
	const char *file;		/* NULL: extra commits */
	size_t entries;			/* in the file, also those whose parent is counted elsewhere */
	size_t first, rows;		/* its rows stand one after the other */
	size_t by_state[STATES];
};

/* How many rows of one state are of one kind. */
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
	const char **lost;		/* one message for each entry or image that fits nowhere */
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

/* n as a share of all parents, in tenths of a percent. */
unsigned status_share(const struct status *s, size_t n);

struct status_found {
	const struct status_row *row;	/* NULL: none, or several */
	size_t n;			/* how many rows the word fits */
};

/*
 * The row that word names: a target (baseline-..., local-baseline-..., human-...), whole
 * or its first digits, or the first digits of a parent or human commit.
 */
struct status_found status_find(const struct status *s, const char *word);

#endif
