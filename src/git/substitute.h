/* substitute.h - the diff that a substitution comes to for one tree.  */
#ifndef GEN_SUBSTITUTE_H
#define GEN_SUBSTITUTE_H

#include <stdbool.h>

struct arena;
struct error;
struct gitrepo;
struct str;
struct substitution;
struct tree_id;

/*
 * When tree meets the condition of s, append to diff one unified diff over all
 * files that s changes in it, in the order of their paths, and set *matched.
 * Links are left alone.
 *
 * Errors:    -1 and err set; also when the condition is met and nothing changes.
 * Ownership: what is read lives as long as a.
 */
int gitrepo_substitute(struct str *diff, bool *matched, struct gitrepo *g,
                       const struct tree_id *tree, const struct substitution *s,
                       struct arena *a, struct error *err);

#endif
