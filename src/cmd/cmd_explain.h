/* explain.h - gen explain: all that is known of one image.  */
#ifndef GEN_CMD_EXPLAIN_H
#define GEN_CMD_EXPLAIN_H

struct options;

/*
 * Print what is known of the image that word names: a target, or the first digits of a
 * parent or human commit.  With --json, as in gen status --json.
 *
 * Returns:   the exit status; prints its own errors.
 */
int cmd_explain(struct options *options, const char *word);

#endif
