/* gitrepo_part.h - the part of a tree that a patch names, as an index file for git. */
#ifndef GEN_GITREPO_PART_H
#define GEN_GITREPO_PART_H

#include <stdbool.h>

struct error;
struct gitrepo;
struct gitrepo_part;
struct tree_id;

/*
 * An empty part of a tree.
 *
 * Ownership: the caller frees *out with gitrepo_part_free.
 */
int gitrepo_part_new(struct gitrepo_part **out, struct gitrepo *g, const struct tree_id *tree,
                     struct error *err);
void gitrepo_part_free(struct gitrepo_part *part);

/*
 * Add what is at path, and all that decides whether something can come to be there: a file or
 * a link in the place of a folder above it, and everything below it if it is a folder.  A
 * failure is told by gitrepo_part_write.
 */
void gitrepo_part_add(struct gitrepo_part *part, const char *path);

/* Add an object (40 hex digits) that a patch names by its id.  Returns whether the clone has it. */
bool gitrepo_part_add_object(struct gitrepo_part *part, const char *hex);

/*
 * Write the part as an index file.
 *
 * Errors:    -1 and err set, also if the clone lacks an object that is in the part.
 */
int gitrepo_part_write(struct gitrepo_part *part, const char *file, struct error *err);

/* The tree that the whole tree becomes when its part becomes what the index file says now. */
int gitrepo_part_tree(struct tree_id *out, struct gitrepo_part *part, const char *file,
                      struct error *err);

#endif
