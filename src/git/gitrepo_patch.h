/* gitrepo_patch.h - what applying a patch and placing its hunks share.  For gitrepo*.c alone. */
#ifndef GEN_GITREPO_PATCH_H
#define GEN_GITREPO_PATCH_H

#include "git/gitrepo_lib.h"
#include "git/patch_text.h"

/* A patch, and the tree that it is for. */
struct patching {
	struct gitrepo *g;
	git_tree *root;
	git_diff *diff;
	const char *name;
};

/* Where the hunks of a patch fit, those of all its files in one row. */
struct hunk_starts {
	struct hunk_start *at;
	size_t n;
	size_t cap;
	bool moved;	/* some hunk fits elsewhere than it says */
};

/* The path that a change is known by. */
const char *gitrepo_delta_path(const git_diff_delta *delta);

/* Does a change before number i of the patch leave something at path?  Then *by is its number. */
bool gitrepo_made_by(size_t *by, git_diff *diff, size_t i, const char *path);

/* Say that this hunk (from 1) does not apply.  Returns -1 always. */
int gitrepo_hunk_error(struct error *err, const char *name, const char *path, size_t number,
                       const git_diff_hunk *hunk);

/*
 * Find where the hunks of p fit in the files of before.
 *
 * Errors:    -1 and err set, naming the hunk that fits nowhere.
 * Ownership: starts->at is for the caller to free, also after an error.
 */
int gitrepo_place_hunks(struct hunk_starts *starts, const struct patching *p, git_index *before,
                        struct error *err);

#endif
