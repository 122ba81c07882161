/* log_line.h - what a line of a build log says, without what engines put before it.  Pure.  */
#ifndef GEN_LOG_LINE_H
#define GEN_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct log_line {
	const char *text;	/* without prefixes and indentation, nor blanks behind */
	size_t len;
	unsigned long vertex;	/* BuildKit's number of the step, 0 without one */
	bool timed;		/* that vertex's output; without a time BuildKit speaks itself */
	unsigned indent;	/* columns; a tab goes to the next multiple of eight */
	bool boxed;		/* pip or uv drew a box before it */
};

/*
 * Take off: BuildKit's "#15 1724.6 " (and "1724.6 " of its summary, and " => => # "),
 * times, "[2/3] " of a buildah stage before "STEP", pytest's "E   ", the boxes that
 * pip and uv draw.
 *
 * Ownership: out->text points into line.
 */
void log_line_parse(struct log_line *out, const char *line, size_t len);

/*
 * Copy line to out (of at least len bytes) without what moves cursors and makes
 * colours, and without NUL bytes.  Returns the length.
 */
size_t log_line_clean(char *out, const char *line, size_t len);

#endif
