/* step_report.h - what ninja shows of an edge: the step's own words on stderr.  */
#ifndef GEN_STEP_REPORT_H
#define GEN_STEP_REPORT_H

struct next_attempt;
struct edge_run;
struct step_failure;

/* One line for an attempt that failed; nothing for the last one, report_failure has it. */
void report_attempt(const struct edge_run *s, const struct step_failure *f,
                    const struct next_attempt *next);

/* The step has failed: class, first fatal line and its place, attempts, what to do. */
void report_failure(const struct edge_run *s, const struct step_failure *f);

/* An input was lost; the next run makes it again. */
void report_lost(const struct edge_run *s);

#endif
