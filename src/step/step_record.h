/* step_record.h - what a step writes down: journal, progress, failures, rungs.
 *
 * out/journal.jsonl: one flat JSON object a line, appended whole.  Members of all: time
 * (UTC), event, target, step, attempt (the number in its log's name), and jobs where they
 * matter.  Of the events
 *
 *	started	input, log
 *	ended	class ("ok", "interrupted", "lost", "not-started" when what an attempt needs
 *		did not come in time, or a failure_class_name), seconds, peak_mb (largest
 *		resident size of any one process), status or signal, line and line_number,
 *		cause (a fact that outranks them), next (what was decided), digest or image_id,
 *		and what the step reports as journal.KEY: native (how an image's objects came
 *		about), ccache_hits, ccache_misses, and those of the whole cache before and after
 *	waiting	reason; seconds where they are known
 *
 * What cannot be written is said on stderr and does not fail the step: the disk may be
 * full, and that is what the step has to say.
 */
#ifndef GEN_STEP_RECORD_H
#define GEN_STEP_RECORD_H

struct next_attempt;
struct pairs;
struct edge_run;
struct step_failure;

void record_started(struct edge_run *s);

/* seconds below 0: not known. */
void record_waiting(struct edge_run *s, const char *reason, double seconds);
void record_succeeded(struct edge_run *s, const struct pairs *result);
void record_failed(struct edge_run *s, const struct step_failure *f, const struct next_attempt *next,
                   const struct pairs *result);
void record_not_started(struct edge_run *s, const char *reason);
void record_interrupted(struct edge_run *s);
void record_lost(struct edge_run *s);

/*
 * The step has failed: into out/failures.jsonl, and the last attempt's log whole into
 * out/build_errors/ID.log.
 */
void record_failure(struct edge_run *s, const struct step_failure *f);

/* The step has succeeded: what out/failures.jsonl says of it is over. */
void record_cleared(struct edge_run *s);

/*
 * out/rungs/TARGET and, where settings name a native_key, out/rungs/native-KEY: jobs,
 * the number to start with, and from, the number that was wanted when that was learned;
 * a change of that makes it void.
 *
 * Returns:   the number of jobs to start with.
 */
long record_rung_read(struct edge_run *s);

/* Memory ran out above this rung: a run that is killed now starts from it, too. */
void record_rung_failed(struct edge_run *s);
void record_rung_worked(struct edge_run *s);

#endif
