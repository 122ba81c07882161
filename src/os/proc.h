/* proc.h - other processes, as /proc shows them.  */
#ifndef GEN_PROC_H
#define GEN_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * One process for good: ids are used again, an id together with the moment of the
 * start (clock ticks since boot) is not.
 */
struct proc_id {
	pid_t pid;		/* 0: none */
	unsigned long long start;
};

struct proc_id proc_self(void);

/* Is that very process there (a zombie is not)? */
bool proc_is_alive(struct proc_id id);

/* The nearest ancestor that is a ninja, by any of its names; pid 0 if there is none. */
struct proc_id proc_ninja(void);

/* From now on the orphans among our descendants become our children. */
void proc_adopt_orphans(void);

/*
 * Send signal to each child, adopted ones too, and to all of the process group if
 * some child is in it: only then is the group's number surely still that group's.
 * Returns how many children there are.
 */
unsigned proc_signal_children(int signal, pid_t group);

/*
 * End, with KILL, all processes whose environment holds the line mark (NAME=VALUE),
 * until there is none or limit_s is over.  Returns how many were sent a signal.
 */
unsigned proc_kill_marked(const char *mark, double limit_s);

#endif
