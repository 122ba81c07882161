/* process.h - run one command to its end, and all that it started.
 *
 * Between us and the command stands a keeper, a fork of ours.  The command leads a
 * process group of its own; whatever it leaves behind becomes the keeper's child, so
 * nothing gets away by a group or session of its own.  If we are killed, the keeper is
 * told by the kernel and ends the command; if the keeper is killed, we do.
 */
#ifndef GEN_PROCESS_H
#define GEN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct error;

struct process_plan {
	char *const *argv;	/* argv[0] is looked up in PATH; NULL behind the last */
	int output;		/* stdout and stderr; stdin is /dev/null */
	double deadline_s;	/* 0: none */
	double grace_s;		/* between TERM and KILL */
};

/* How it ended. */
struct process_end {
	int status;		/* exit status; 127 if it could not be started */
	int signal;		/* that ended the command, 0 if it exited */
	bool deadline_hit;	/* ended by us because its time was over */
	int interrupt;		/* ended by us because this signal came, else 0 */
	bool keeper_lost;	/* the keeper was killed; status and signal tell nothing */
	double seconds;
	long peak_kb;		/* largest resident size of any one of its processes */
};

/*
 * Run the command and wait until it and all its descendants are gone.
 *
 * Deadline: TERM to the group, grace, KILL to all.  INT, TERM and HUP (signals_watch
 * must have been called) are passed on, with at most PROCESS_INTERRUPT_GRACE_S until
 * KILL.  What is left when the command has ended gets TERM and a moment, then KILL.
 *
 * Errors:    -1 and err set only if no process could be made.
 */
int process_run(struct process_end *end, const struct process_plan *plan, struct error *err);

#define PROCESS_INTERRUPT_GRACE_S 3.0

#endif
