/* commit_id.h - the 40 hex digits that name a commit.  Pure. */
#ifndef GEN_COMMIT_ID_H
#define GEN_COMMIT_ID_H

#include <stdbool.h>

struct error;

#define COMMIT_ID_HEX 40
#define COMMIT_ID_SHORT 12	/* what tags and targets carry */

/* Lower case, NUL behind; an id that was never set is "". */
struct commit_id {
	char hex[COMMIT_ID_HEX + 1];
};

/*
 * Read text as a whole commit id.  Upper case is accepted and lowered.
 *
 * Errors:    -1 and err set, out untouched, unless text is 40 hex digits.
 */
int commit_id_parse(struct commit_id *out, const char *text, struct error *err);

/*
 * Read text as the first digits of an id, 4 to 40 of them, into out (41 bytes).
 *
 * Errors:    -1 and err set, out untouched.
 */
int commit_id_parse_prefix(char out[COMMIT_ID_HEX + 1], const char *text, struct error *err);

bool commit_id_has_prefix(const struct commit_id *id, const char *prefix);
bool commit_id_equal(const struct commit_id *a, const struct commit_id *b);

#endif
