/* utf8.h - text from outside, made fit for a page.  Pure.
 *
 * Subjects of commits, names of models and lines of logs hold any bytes.
 */
#ifndef GEN_UTF8_H
#define GEN_UTF8_H

#include <stddef.h>

struct str;

#define UTF8_REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

/*
 * How many bytes the character at the start of text has; 0 if it is none: what is
 * cut off, overlong, a surrogate, beyond U+10FFFF.  A NUL ends text.
 *
 * Source: RFC 3629, section 4.
 */
size_t utf8_len(const char *text);

/*
 * Does the character at the start of text, of len bytes, show nothing, or turn the
 * text around it: a control, C1 too, a direction mark, a line separator?
 */
int utf8_is_control(const char *text, size_t len);

/* Add text; every control becomes '?', every byte that is no character U+FFFD. */
void utf8_add_clean(struct str *out, const char *text);

/* How many columns text takes, one for each character. */
size_t utf8_columns(const char *text);

/*
 * As utf8_add_clean, in just columns columns (at least 1): filled up with blanks, or cut,
 * then ending in "…".
 */
void utf8_add_column(struct str *out, const char *text, size_t columns);

#endif
