/* cmd_generate.h - plan the fleet, for commands that write nothing.  */
#ifndef GEN_CMD_GENERATE_H
#define GEN_CMD_GENERATE_H

struct error;
struct options;
struct plan;
struct surroundings;

typedef int generate_visit(void *context, const struct plan *plan, const struct surroundings *s,
                           struct error *err);

/*
 * Plan as cmd_generate does, write nothing, and show the plan to visit.
 *
 * Errors:    -1 and err set; what visit returned, else.
 * Ownership: plan and s are borrowed until visit returns.
 */
int generate_plan(struct options *options, generate_visit *visit, void *context,
                  struct error *err);

#endif
