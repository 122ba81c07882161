/* hunk_place.h - where in a file a hunk of a patch fits.  Pure. */
#ifndef GEN_HUNK_PLACE_H
#define GEN_HUNK_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* A line with its newline, if it has one. */
struct text_line {
	const char *at;
	size_t len;
};

struct text_lines {
	struct text_line *line;
	size_t n;
	size_t cap;
};

void text_lines_add(struct text_lines *lines, const char *at, size_t len);

/* Ownership: the lines point into text. */
void text_lines_split(struct text_lines *lines, const char *text, size_t len);

void text_lines_dispose(struct text_lines *lines);

struct hunk_fit {
	const struct text_lines *want;	/* the hunk's lines before the change */
	size_t expected;		/* line it ought to start at, from 0 */
	size_t least;			/* no line before this one */
	bool at_start;			/* nothing stands before it in the file */
	bool at_end;			/* nothing stands behind it */
};

/*
 * The line nearest to the expected one at which all of the hunk's lines stand.
 * As git apply has it, not as patch(1): lines must be equal, however far away.
 */
bool hunk_place(size_t *line, const struct text_lines *file, const struct hunk_fit *hunk);

#endif
