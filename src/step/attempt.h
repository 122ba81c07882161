/* attempt.h - from how an attempt ended to what happens next.  Pure.  */
#ifndef GEN_ATTEMPT_H
#define GEN_ATTEMPT_H

#include <stdbool.h>

#include "fleet/ladder.h"
#include "logs/failure_class.h"

struct finding;
struct str;

/* Exit statuses that scripts and step agree on: docs/design.md, "step". */
enum { STATUS_AGAIN = 75, STATUS_LOST = 76 };

/* What step knows of an attempt without reading its log. */
struct attempt_facts {
	int status;
	int signal;
	bool deadline_hit;
	double deadline_s;
	bool keeper_lost;	/* somebody killed the process that watched over it */
	long oom_kills;		/* by the kernel, while it ran; below 0: not known */
	bool engine_gone;
	double disk_free_mb;	/* the least that is left where it writes; below 0: not known */
};

/* Why an attempt failed. */
struct judgement {
	enum failure_class class;
	bool by_fact;		/* a fact says so, the log may say something else */
};

/*
 * Facts outrank the log.  A weak fact (exit status 137) counts where the log is silent: it is
 * a want of memory, unless the kernel knows of none; then somebody killed it.
 */
void attempt_judge(struct judgement *out, const struct attempt_facts *facts,
                   const struct finding *finding);

/* The fact that told the class, for a person: "deadline of 5400 s". */
void attempt_describe_fact(struct str *out, const struct attempt_facts *facts,
                           enum failure_class class);

/* One run of a step, over all its attempts. */
struct attempt_run {
	struct ladder ladder;
	bool uses_jobs;		/* fewer jobs change something */
	bool again_helps;	/* the step reaches out: what is unknown may have been chance */
	long jobs;		/* of the attempt that just ended */
	long waits;		/* attempts so far that were made after a wait */
	long waits_most;
	double wait_s;		/* the first wait; each is twice the one before */
	double wait_most_s;
	bool went_down[FAILURE_CLASSES];	/* with fewer jobs, for that class */
};

enum sequel {
	SEQUEL_FEWER_JOBS,	/* at once */
	SEQUEL_WAIT,		/* then again as it is */
	SEQUEL_STOP,
};

struct next_attempt {
	enum sequel sequel;
	long jobs;
	double wait_s;
};

/*
 * What to do after a failure; counts in run.
 *
 * again: the script says that it is worth another try as it is.  retry_after_s: the
 * server's wish, 0 for none.  chance: from 0 to 1, spreads the waits.
 */
void attempt_decide(struct next_attempt *out, struct attempt_run *run, enum failure_class class,
                    bool again, long retry_after_s, double chance);

#endif
