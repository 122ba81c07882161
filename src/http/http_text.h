/* http_text.h - the words that header values are made of.  Pure. */
#ifndef GEN_HTTP_TEXT_H
#define GEN_HTTP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct str;

/*
 * Read a token.  Returns what is behind it, or NULL if there is none.
 *
 * Source:    RFC 9110, 5.6.2 and 5.6.4.
 */
const char *http_text_token(const char **out, const char *p, struct arena *a);

/* The same for a token or a quoted string, of which the quotes and backslashes are removed. */
const char *http_text_value(const char **out, const char *p, struct arena *a);

/*
 * Add the bytes that a base64 text stands for; the padding at its end may be left out.
 *
 * Returns:   false if text is anything else; out then holds a part.
 * Source:    RFC 4648, 4; for padding RFC 8941, 4.2.7.
 */
bool http_text_base64(struct str *out, const char *text);

/*
 * Retry-After, as seconds to wait from now; a date that is past means 0.
 *
 * Units:     now_s is seconds since 1970.
 * Returns:   false if value is neither seconds nor a date.
 * Source:    RFC 9110, 10.2.3 and 5.6.7 (all three forms of a date).
 */
bool http_text_retry_after(int64_t *wait_s, const char *value, int64_t now_s);

#endif
