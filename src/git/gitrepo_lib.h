/*
 * gitrepo_lib.h - what the parts of gitrepo share: libgit2, and the clone behind
 * the handle.  For gitrepo*.c alone; the one file that includes libgit2.
 */
#ifndef GEN_GITREPO_LIB_H
#define GEN_GITREPO_LIB_H

#include <git2.h>
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>	/* 1.8 moved git_error_clear there */
#endif
#include <git2/sys/odb_backend.h>

#include "base/error.h"
#include "git/gitrepo.h"

struct history;

struct gitrepo {
	git_repository *handle;	/* what is written through it goes to gitrepo_keep_in's folder */
	git_odb *odb;
	git_odb *kept;			/* what gitrepo_keep_in names, alone; NULL: nothing */
	struct history *history;	/* for gitrepo_is_ancestor; NULL: not asked yet */
	char *path;
	char *objects_path;
};

/* In the configuration of a clone that gitrepo_clone made: its branches are ours. */
#define GITREPO_OWN_CLONE "stampmill.clone"

/* As git_libgit2_init, with our settings; undone by git_libgit2_shutdown. */
int gitrepo_lib_start(struct error *err);

/* "place: libgit2's own words".  Returns -1 always. */
int gitrepo_lib_error(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

int gitrepo_parse_oid(git_oid *oid, const char *hex, struct error *err);
int gitrepo_lookup_tree(git_tree **out, struct gitrepo *g, const git_oid *oid,
                        struct error *err);
int gitrepo_lookup_root(git_tree **out, struct gitrepo *g, const struct tree_id *tree,
                        struct error *err);

/*
 * The entry at path under root.
 *
 * Returns:   1 found, 0 and *out NULL not there, -1 and err set.
 * Ownership: the caller frees *out.
 */
int gitrepo_find_entry(git_tree_entry **out, struct gitrepo *g, git_tree *root,
                       const char *path, struct error *err);

void gitrepo_history_free(struct history *h);

#endif
