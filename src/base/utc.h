/* utc.h - moments as text.  Pure. */
#ifndef GEN_UTC_H
#define GEN_UTC_H

#include <stdbool.h>
#include <stdint.h>

struct str;

#define UTC_SIZE 21	/* "2026-11-24T05:00:00Z" and its NUL */

/* Seconds since 1970 as text; years outside 1970 to 9999 are cut to these. */
void utc_text(char out[UTC_SIZE], int64_t at_s);

/* Just that form, read back; false for any other. */
bool utc_parse(int64_t *at_s, const char *text);

/* How long ago something was, for a person: "40 s", "3 min", "5 h", "12 days". */
void utc_add_age(struct str *out, int64_t age_s);

#endif
