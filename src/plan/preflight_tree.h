/* preflight_tree.h - which rules of the preflight match a commit of the clone.  */
#ifndef GEN_PREFLIGHT_TREE_H
#define GEN_PREFLIGHT_TREE_H

#include <stddef.h>

#include "base/commit_id.h"

struct arena;
struct error;
struct gitrepo;
struct name_value;
struct preflight_match;
struct preflight_rule;
struct tree_id;

/* The rules, ready to be asked. */
struct preflight {
	const struct preflight_rule *rules;
	size_t n;
	struct preflight_range {
		struct commit_id introduced;	/* "" without such an end */
		struct commit_id fixed;
	} *ranges;
	size_t *matches;	/* how many commits each rule has matched so far */
};

/*
 * Find the ends of the rules' ranges in the clone.
 *
 * Errors:    -1 and err set: such an end is not there, or ambiguous.
 * Ownership: out lives as long as a; the rules must outlive it.
 */
int preflight_start(struct preflight *out, struct gitrepo *g, const struct preflight_rule *rules,
                    size_t n, struct arena *a, struct error *err);

/*
 * The rules that match a commit with this tree (patched, if it is to be) and
 * these build arguments, in the order of the rules.
 *
 * Ownership: the matches live as long as a.
 */
int preflight_ask(struct preflight_match **matches, size_t *n, struct preflight *p,
                  struct gitrepo *g, const struct commit_id *commit, const struct tree_id *tree,
                  const struct name_value *args, size_t n_args, struct arena *a,
                  struct error *err);

#endif
