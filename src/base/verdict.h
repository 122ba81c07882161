/* verdict.h - what a registry said of one tag.  Pure. */
#ifndef GEN_VERDICT_H
#define GEN_VERDICT_H

#include <stdbool.h>

/* Zero is unknown: what nobody asked, nobody knows. */
enum verdict {
	VERDICT_UNKNOWN,
	VERDICT_PRESENT,
	VERDICT_ABSENT,
};

#define VERDICTS (VERDICT_ABSENT + 1)	/* how many there are */

/* "unknown", "present" or "absent". */
const char *verdict_name(enum verdict v);

/* Returns false, *out untouched, if no verdict has that name.  name may be NULL. */
bool verdict_parse(enum verdict *out, const char *name);

#endif
