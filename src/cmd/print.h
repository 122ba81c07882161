/* print.h - pages on stdout, notes on stderr.  */
#ifndef GEN_PRINT_H
#define GEN_PRINT_H

#include <stddef.h>

#include "status/page_text.h"

struct error;
struct str;

/*
 * How a page looks on stdout: on a terminal its width, and colours unless NO_COLOR is
 * set or it is a dumb one; elsewhere neither.
 *
 * Source: https://no-color.org
 */
struct look print_look(void);

/* Errors: -1 and err set if stdout takes no more. */
int print_page(const struct str *page, struct error *err);

/* The same for a long text, a piece at a time: print_piece is for a sink; then print_end. */
int print_piece(void *unused, const char *bytes, size_t len, struct error *err);
int print_end(struct error *err);

/* Say on stderr how many lines of a file were torn by a crash; nothing if none were. */
void print_skipped(const char *path, size_t lines);

#endif
