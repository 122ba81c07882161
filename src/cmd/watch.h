/* watch.h - gen status --watch: the status, again and again.  */
#ifndef GEN_WATCH_H
#define GEN_WATCH_H

struct error;
struct options;

/*
 * Draw what is happening on the terminal until a signal ends it.
 *
 * Returns:   the exit status 2, and says why, if stdout is not a terminal.
 * Errors:    -1 and err set.
 */
int cmd_watch(struct options *options, struct error *err);

#endif
