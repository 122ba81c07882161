/* verdict.h - what a registry said of one tag.  Pure. */
#ifndef GEN_VERDICT_H
#define GEN_VERDICT_H

/* Zero is unknown: what nobody asked, nobody knows. */
enum verdict {
	VERDICT_UNKNOWN,
	VERDICT_PRESENT,
	VERDICT_ABSENT,
};

/* "unknown", "present" or "absent". */
const char *verdict_name(enum verdict v);

#endif
