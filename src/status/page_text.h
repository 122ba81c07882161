/* page_text.h - a page as text, for a terminal or a file.  Pure. */
#ifndef GEN_PAGE_TEXT_H
#define GEN_PAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct badge;
struct page;
struct str;

struct look {
	size_t columns;		/* of the terminal; 0: there is none */
	bool colour;
	bool whole;		/* lines are not cut: they are here to be copied */
};

/* The page was made for IN_TEXT. */
void page_print_text(struct str *out, const struct page *page, const struct look *look);

/* What begins the colour of a badge, or bold for NULL; "" if look has no colours. */
const char *look_paint(const struct look *look, const struct badge *badge);

/* Add one line, cleaned, cut to the columns of the terminal and painted; paint may be "". */
void look_add_line(struct str *out, const struct look *look, const char *paint, const char *line);

#endif
