/* base64.h - bytes as letters.  Pure. */
#ifndef GEN_BASE64_H
#define GEN_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct str;

void base64_encode(struct str *out, const void *bytes, size_t len);

/*
 * Decode the standard alphabet, padding at the end or left out.
 *
 * Returns:   false if text is anything else; out then holds a part.
 * Source:    RFC 4648, 4.
 */
bool base64_decode(struct str *out, const char *text);

#endif
