/* native_facts.h - what decides the compiled objects of one tree, read from it.  */
#ifndef GEN_NATIVE_FACTS_H
#define GEN_NATIVE_FACTS_H

#include <stddef.h>

struct arena;
struct error;
struct gitrepo;
struct name_value;
struct native_facts;
struct native_rules;
struct tree_id;

/*
 * Gather the facts of a tree (patched, if it is to be) that is built with these
 * build arguments.  Inputs that are not there are no facts, and no error: they
 * come and go with the project's age.
 *
 * Ownership: out lives as long as a.
 */
int native_facts_gather(struct native_facts *out, struct gitrepo *g, const struct tree_id *tree,
                        const struct native_rules *rules, const struct name_value *args,
                        size_t n_args, struct arena *a, struct error *err);

#endif
