/* commits.h - what git says of each image: is it there, is it right, does it patch.  */
#ifndef GEN_COMMITS_H
#define GEN_COMMITS_H

#include <stdbool.h>

struct arena;
struct entries;
struct error;
struct fleet;
struct gitrepo;
struct plan;

/*
 * Open the fleet's clone, or repo, if that is not NULL.  A fleet's clone that
 * is not there is made, unless offline.
 *
 * Errors:    -1 and err set.
 * Ownership: the caller frees *out with gitrepo_free.
 */
int commits_open(struct gitrepo **out, const struct fleet *fleet, const char *repo, bool offline,
                 struct error *err);

/*
 * Make every hash of e whole.  If a commit is missing, the source is fetched first, once,
 * unless offline.
 *
 * Errors:    -1 and err set, with the entry's place: a beginning that fits no
 *            commit, or several.
 */
int commits_resolve(struct entries *e, const struct fleet *fleet, struct gitrepo *g, bool offline,
                    struct error *err);

/*
 * Look up every image's commits: image->git.problem is set where one is not in the
 * clone or human^1 is not the parent; else tree, time and subject are.  What git
 * says is remembered in out/commits, and written there if keep.
 */
int commits_check(struct plan *plan, struct gitrepo *g, bool keep, struct arena *a,
                  struct error *err);

/* Say on stderr which folders of patches/ and settings belong to no image. */
int commits_warn_unused(const struct plan *plan, struct error *err);

#endif
