/* report_watch.h - what is happening now, as a page that is drawn again and again.  Pure. */
#ifndef GEN_REPORT_WATCH_H
#define GEN_REPORT_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct eta;
struct journal;
struct report_look;
struct status;
struct str;

struct watching {
	const struct status *status;
	const struct journal *journal;
	const struct eta *eta;
	long ninja_pid;		/* 0: none is at work in the folder */
	size_t rows;		/* of the terminal; 0: as many as it takes */
};

/* At most rows lines: totals, running steps, what waits for which pool, last events. */
void report_watch(struct str *out, const struct watching *w, const struct report_look *look,
                  struct arena *a);

#endif
