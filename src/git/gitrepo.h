/* gitrepo.h - the clone that commits are read from.  The one user of libgit2.
 *
 * The clone is never changed but by gitrepo_fetch: objects made here (patched trees) go into a
 * folder of their own.  No work tree is touched.
 */
#ifndef GEN_GITREPO_H
#define GEN_GITREPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/commit_id.h"

struct arena;
struct error;
struct gitrepo;
struct str;

/* A tree, in the clone or in the folder of gitrepo_keep_in. */
struct tree_id {
	char hex[COMMIT_ID_HEX + 1];
};

struct commit_info {
	struct tree_id tree;
	struct commit_id first_parent;	/* "" for a root commit */
	unsigned n_parents;
	int64_t time_s;			/* committer time, seconds since 1970 UTC */
	const char *subject;		/* first line of the message */
};

/*
 * Open the clone at path, bare or not.
 *
 * Errors:    -1 and err set.
 * Ownership: the caller frees *out with gitrepo_free.
 */
int gitrepo_open(struct gitrepo **out, const char *path, struct error *err);

/*
 * Clone url, bare, to path, with a progress bar on stderr if progress.  What is
 * half cloned is removed: path is there and whole, or not there.  No credentials
 * are sent.  A server that falls silent is given up, but by libgit2 below 1.7 it
 * is waited for.
 */
int gitrepo_clone(struct gitrepo **out, const char *url, const char *path, bool progress,
                  struct error *err);

/*
 * Fetch all branches and tags of url into the clone.  Their names go under
 * refs/stampmill/, unless gitrepo_clone made the clone: nothing else changes in it.
 */
int gitrepo_fetch(struct gitrepo *g, const char *url, bool progress, struct error *err);

void gitrepo_free(struct gitrepo *g);

/* The folder that holds the object database: absolute, living as long as g. */
const char *gitrepo_objects_path(const struct gitrepo *g);

/*
 * From now on objects that are made through g go into this object folder, and are read from it,
 * too; until then none can be made.  The folder exists.
 */
int gitrepo_keep_in(struct gitrepo *g, const char *objects, struct error *err);

/* From now on g also reads objects from this object folder. */
int gitrepo_read_also(struct gitrepo *g, const char *objects, struct error *err);

/*
 * The commit whose id starts with prefix (4 to 40 hex digits).
 *
 * Returns:   1 found, 0 there is none (or it is no commit), -1 and err set:
 *            ambiguous, with the candidates listed, or the clone cannot be read.
 */
int gitrepo_resolve(struct commit_id *out, struct gitrepo *g, const char *prefix,
                    struct error *err);

/* Does the clone have an object with this id (40 hex digits)?  It is not looked at. */
bool gitrepo_has(struct gitrepo *g, const char *hex);

/*
 * What the commit with this id (40 hex digits) says.
 *
 * Returns:   1 found, 0 there is none (or it is no commit), -1 and err set.
 * Ownership: info->subject lives as long as a.
 */
int gitrepo_find_commit(struct commit_info *info, struct gitrepo *g, const char *hex,
                        struct arena *a, struct error *err);

/* The same of one that is there: a missing one is an error. */
int gitrepo_commit_info(struct commit_info *info, struct gitrepo *g, const struct commit_id *id,
                        struct arena *a, struct error *err);

/*
 * The text of one file of a tree, NUL behind it.
 *
 * Returns:   1 read, 0 the tree has no such file, -1 and err set.
 * Ownership: *text lives as long as a.
 */
int gitrepo_read_file(const char **text, size_t *len, struct gitrepo *g,
                      const struct tree_id *tree, const char *path, struct arena *a,
                      struct error *err);

/*
 * The object id of what is at path (file, folder or submodule) in a tree, "" in
 * out->hex and return 0 when nothing is there.
 *
 * Returns:   1 found, 0 not there, -1 and err set.
 */
int gitrepo_entry_id(struct tree_id *out, struct gitrepo *g, const struct tree_id *tree,
                     const char *path, struct error *err);

/* git's mode of the file at path (0100644, 0100755); else as gitrepo_read_file. */
int gitrepo_file_mode(unsigned *mode, struct gitrepo *g, const struct tree_id *tree,
                      const char *path, struct error *err);

/*
 * Paths of all files of a tree that match glob, sorted; links and submodules too.
 * glob is a pathspec as for git ls-files, without magic: a folder stands for all
 * that is in it, and '*' for slashes too.
 *
 * Ownership: the array and its texts live as long as a.
 */
int gitrepo_glob(const char ***paths, size_t *n, struct gitrepo *g, const struct tree_id *tree,
                 const char *glob, struct arena *a, struct error *err);

/*
 * The unified diff, with a/ and b/ before path, that turns old into new; nothing
 * is added to out when they are equal.  mode is git's (0100644, 0100755).
 */
int gitrepo_diff_text(struct str *out, const char *path, unsigned mode, const char *old,
                      size_t old_len, const char *new, size_t new_len, struct error *err);

/* Is ancestor an ancestor of id, or id itself?  Returns 1, 0, or -1 and err set. */
int gitrepo_is_ancestor(struct gitrepo *g, const struct commit_id *ancestor,
                        const struct commit_id *id, struct error *err);

/*
 * The tag nearest to a commit, in steps from child to parent, of those whose
 * names start with prefix and name the commit or an ancestor.
 *
 * Returns:   1 found, 0 there is none, -1 and err set.
 * Ownership: *tag lives as long as a.
 */
int gitrepo_nearest_tag(const char **tag, struct gitrepo *g, const struct commit_id *id,
                        const char *prefix, struct arena *a, struct error *err);

#endif
