/* watch.h - gen status --watch: the status, again and again.  */
#ifndef GEN_WATCH_H
#define GEN_WATCH_H

struct options;

/*
 * Draw what is happening on the terminal until a signal ends it.
 *
 * Returns:   the exit status: 2 if stdout is no terminal; prints its own errors.
 */
int cmd_watch(struct options *options);

#endif
