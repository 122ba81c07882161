/* flat_object.h - one flat JSON object on one line: journal, failures, progress.  Pure.  */
#ifndef GEN_FLAT_OBJECT_H
#define GEN_FLAT_OBJECT_H

#include <stddef.h>

struct arena;
struct pairs;
struct str;

/*
 * Write: start, members, end.  Text may hold any bytes: what is not UTF-8 becomes
 * U+FFFD.  A member whose text is NULL is left out.
 */
void flat_object_start(struct str *out);
void flat_object_text(struct str *out, const char *key, const char *text);
void flat_object_long(struct str *out, const char *key, long value);
void flat_object_tenths(struct str *out, const char *key, double value);	/* 12.3 */
void flat_object_end(struct str *out);	/* "}", no newline */

/*
 * Read the members of an object into s, which starts empty: texts as they are, numbers
 * as written, true, false and null as words; members that are objects or arrays are
 * left out.
 *
 * Returns:   0, or -1 if the text is no JSON object (a torn line).
 * Ownership: as pairs_parse.
 */
int flat_object_read(struct pairs *s, const char *text, size_t len, struct arena *a);

#endif
