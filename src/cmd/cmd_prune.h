/* prune.h - gen prune: make room by what can be had again.
 *
 * Exported sources and build contexts of images that are built and verified; logs of
 * attempts that others followed, but for those that a recorded failure names; local
 * images that the registry has, by digest, and that no image of the fleet is still to
 * take its objects from.  Nothing of a target that is at work.
 */
#ifndef GEN_CMD_PRUNE_H
#define GEN_CMD_PRUNE_H

struct options;

/*
 * Say what goes, then remove it; with --dry-run only say it.
 *
 * Returns:   the exit status: 1 if something cannot be read or removed, or if the
 *            registry does not say whether it has an image.
 */
int cmd_prune(const struct options *options);

#endif
