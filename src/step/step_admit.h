/* step_admit.h - wait until the machine has what an attempt needs.
 *
 * An engine that answers; for the step that builds also disk_gb on the disk of out/ and
 * on the engine's store, and memory for jobs times gb_per_job.  What other steps were
 * admitted with counts as used, by their notes in out/run/: a build takes its memory
 * and disk only in time.
 */
#ifndef GEN_STEP_ADMIT_H
#define GEN_STEP_ADMIT_H

struct error;
struct edge_run;

/*
 * Wait, saying so, at most s->wait_most_s.  Where the machine can never have the memory,
 * and where it has not got it in time, s->run.jobs goes down.
 *
 * Returns:   0 go on, a signal that came meanwhile, or -1 and err set.
 */
int step_admit(struct edge_run *s, struct error *err);

#endif
