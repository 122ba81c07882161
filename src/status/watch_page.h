/* watch_page.h - what is happening now, as a page that is drawn again and again.  Pure. */
#ifndef GEN_WATCH_PAGE_H
#define GEN_WATCH_PAGE_H

#include <stddef.h>

struct eta;
struct journal;
struct page;
struct status;

struct watching {
	const struct status *status;
	const struct journal *journal;
	const struct eta *eta;
	long ninja_pid;		/* 0: none is at work in the folder */
	size_t rows;		/* of the terminal; 0: as many as it takes */
};

/*
 * Totals, running steps, what waits for which pool, last events: as many of these as fit in
 * rows.  On a terminal that is lower than all else, the end has to be cut off.
 *
 * Ownership: w must outlive the page, which is made for IN_TEXT.
 */
void watch_page(struct page *p, const struct watching *w);

#endif
