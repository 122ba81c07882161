/* log_lines.h - some lines of a log that may be gigabytes.  */
#ifndef GEN_LOG_LINES_H
#define GEN_LOG_LINES_H

#include <stddef.h>

struct arena;
struct error;

struct log_lines {
	const char **list;	/* without colours and newlines, cut to LOG_LINE_MOST bytes */
	size_t n;		/* 0: there is no such file, or it has not so many lines */
	long first;		/* number of the first, from 1; 0: not known */
};

#define LOG_LINE_MOST 300
#define LOG_LINES_MOST 64

/*
 * Read lines first to last, of 1 to all; at most LOG_LINES_MOST.
 *
 * Ownership: the lines live as long as a.
 */
int log_lines_read(struct log_lines *out, const char *path, long first, long last,
                   struct arena *a, struct error *err);

/* The last n lines, whose numbers are not known. */
int log_lines_read_end(struct log_lines *out, const char *path, size_t n, struct arena *a,
                       struct error *err);

#endif
