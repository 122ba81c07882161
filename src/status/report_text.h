/* report_text.h - the status as a page for a terminal.  Pure. */
#ifndef GEN_REPORT_TEXT_H
#define GEN_REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct status;
struct str;

struct report_look {
	size_t columns;		/* of the terminal; 0: it is none, cut nothing */
	bool colour;
};

/* A section shows REPORT_ROWS rows and counts the rest. */
#define REPORT_ROWS 40

void report_text(struct str *out, const struct status *s, const struct report_look *look);

/* For pages of the same kind. */

/* The escape sequences that paint in a state's colour, and end it; "" without colour. */
const char *report_colour(const struct report_look *look, unsigned state);
const char *report_plain(const struct report_look *look);

/* "53 s", "12 min", "1 h 05 min", "3 days 2 h". */
void report_add_duration(struct str *out, double seconds);

/* One line, cleaned and cut to the columns of the terminal, and a newline. */
void report_add_line(struct str *out, const struct report_look *look, const char *line);

#endif
