/* planned_write.h - write the plan as one JSON document.  Pure. */
#ifndef GEN_PLANNED_WRITE_H
#define GEN_PLANNED_WRITE_H

#include <stdbool.h>

struct error;
struct plan;
struct sink;
struct surroundings;

/*
 * As out/plan.json if it is ours (plan/planned.h describes it), else as gen --json prints it.
 * Errors: the sink's.
 */
int planned_write(struct sink *out, bool ours, const struct plan *plan,
                  const struct surroundings *s, struct error *err);

#endif
