/* str.h - a string that grows.  Pure. */
#ifndef GEN_STR_H
#define GEN_STR_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"

/*
 * Start from = {0}.  data is NULL while nothing was added, else it ends in a
 * NUL that len does not count.  uthash's utstring would do, but it grows by
 * just what is asked for: a build file of 50 MB, added to a few bytes at a
 * time, is moved a million times.
 *
 * Errors:    running out of memory exits.
 */
struct str {
	char *data;
	size_t len;
	size_t cap;
};

/* Make room for more bytes and the NUL behind them. */
void str_reserve(struct str *s, size_t more);

/*
 * Here, since a build file is millions of these: a compiler that sees them knows lengths.
 */

/* Add so many bytes, and return where they are to be written. */
static inline char *
str_extend(struct str *s, size_t len)
{
	if (len >= s->cap - s->len)
		str_reserve(s, len);
	s->len += len;
	s->data[s->len] = '\0';
	return s->data + s->len - len;
}

static inline void
str_add_bytes(struct str *s, const void *bytes, size_t len)
{
	char *to = str_extend(s, len);

	if (len)
		memcpy(to, bytes, len);
}

static inline void
str_adds(struct str *s, const char *text)
{
	str_add_bytes(s, text, strlen(text));
}

static inline void
str_add(struct str *s, char c)
{
	str_add_bytes(s, &c, 1);
}

/* A number, in decimal digits. */
void str_add_number(struct str *s, long long number);

void str_addf(struct str *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void str_vaddf(struct str *s, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* The text so far, "" if there is none.  Borrowed until the next call. */
const char *str_text(const struct str *s);

/* Forget the text, keep the memory. */
void str_clear(struct str *s);

void str_dispose(struct str *s);

#endif
