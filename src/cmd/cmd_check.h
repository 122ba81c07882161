/* check.h - gen check: ask the registry again, print what it says.  */
#ifndef GEN_CMD_CHECK_H
#define GEN_CMD_CHECK_H

struct options;

/*
 * Ask for every tag that the mappings name, for digests where something would stand
 * on them, and for the right to push; keep the answers and print them.  Offline, the
 * last ones.  Git is needed only if a mapping holds shortened hashes.
 *
 * Returns:   the exit status: 1 if anything is unknown.
 */
int cmd_check(const struct options *options);

#endif
