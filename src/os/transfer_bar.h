/* transfer_bar.h - one line on stderr that shows how far a download is.  */
#ifndef GEN_TRANSFER_BAR_H
#define GEN_TRANSFER_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

struct transfer {
	const char *what;	/* "clone", "fetch" */
	size_t objects_done;
	size_t objects;		/* 0: not known yet */
	uint64_t bytes;
	size_t deltas_done;
	size_t deltas;		/* 0: they are not being worked on yet */
};

/* Start from = { .on = ... }; an on of false makes every call do nothing. */
struct transfer_bar {
	bool on;
	size_t width;		/* of the line that stands on the terminal */
	int64_t drawn_ms;
};

/* The line, without control characters and under 80 columns.  Pure. */
void transfer_bar_text(struct str *out, const struct transfer *t);

/* Draw the line over the last one, at most ten times a second. */
void transfer_bar_draw(struct transfer_bar *bar, const struct transfer *t);

/* Wipe the line away. */
void transfer_bar_clear(struct transfer_bar *bar);

#endif
