/* target.h - how targets are called, in ninja and in our files.  Pure.
 *
 * A target is a prefix and digits of a commit.  Targets keep these names whatever an image's
 * tag in the registry is.
 */
#ifndef GEN_TARGET_H
#define GEN_TARGET_H

#include <stdbool.h>
#include <string.h>

#include "base/commit_id.h"

#define TARGET_PREFIX "baseline-"	/* then the parent commit's first 12 digits */
#define TARGET_LOCAL "local-"		/* before a target: all its steps but the push */
#define TARGET_HUMAN "human-"		/* then the human commit's first 8 digits */
#define TARGET_SIZE (sizeof(TARGET_PREFIX) + COMMIT_ID_SHORT)

/* Does text begin with prefix? */
static inline bool
target_has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* What stands behind "baseline-"; NULL if target does not begin so. */
static inline const char *
target_digits(const char *target)
{
	return target_has_prefix(target, TARGET_PREFIX) ? target + strlen(TARGET_PREFIX) : NULL;
}

#endif
