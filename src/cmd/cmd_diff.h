/* diff.h - gen diff: what another run of gen would change.  */
#ifndef GEN_CMD_DIFF_H
#define GEN_CMD_DIFF_H

struct options;

/*
 * Plan as the last run did, with the options that are given over its own, write nothing,
 * and print what is different from out/plan.json.
 *
 * Returns:   the exit status: 0 also when something is different.
 */
int cmd_diff(struct options *options);

#endif
