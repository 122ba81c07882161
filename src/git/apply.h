/* apply.h - apply patches to trees, as `git apply` judges them.
 *
 * One judge decides whether a patch applies and which tree it makes: git itself.  Here it
 * works in a repository of its own, without configuration, attributes, hooks or remotes, and
 * never sees the clone: it is given copies of the files that the patch names, and an index of
 * just these, so the size of the tree does not matter.  The patch step of a build runs
 * the same command on the whole tree (rules/patch.sh), and must arrive at the same tree.
 */
#ifndef GEN_APPLY_H
#define GEN_APPLY_H

#include <stdbool.h>
#include <stddef.h>

struct apply;
struct error;
struct gitrepo;
struct tree_id;

/*
 * Prepare to apply patches to trees of g.  folder is where git works, and where its answers and
 * the patched trees are kept for the next run.  A dry run only reads folder; git works in a
 * temporary one that apply_close removes.  Nothing is made before the first patch.
 *
 * Ownership: g and folder must live as long as the result; the caller ends with apply_close.
 */
struct apply *apply_open(struct gitrepo *g, const char *folder, bool dry);
void apply_close(struct apply *ap);

/*
 * Apply a patch to tree; from then on g can read the tree that it makes.  What git has said of
 * the same patch and tree before is not asked again.
 *
 * Returns:   1 and *out set; 0 and why set if git refuses the patch, or the patch changes
 *            nothing; -1 and why set if git could not be asked.
 */
int apply_patch(struct tree_id *out, struct apply *ap, const struct tree_id *tree,
                const char *name, const char *patch, size_t len, struct error *why);

/*
 * Keep the answers of this run, and no others, for the next; the trees that they name are on
 * the disk before them.  A dry run keeps nothing.
 *
 * Errors:    -1 and err set.
 */
int apply_keep(struct apply *ap, struct error *err);

#endif
