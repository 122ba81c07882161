/* edge.h - one build statement of a Ninja file.  Pure. */
#ifndef GEN_EDGE_H
#define GEN_EDGE_H

#include <stddef.h>

#include "json/values.h"

struct error;
struct str;

#define EDGE_PATHS 3		/* outputs and inputs that stand in the edge itself */
#define EDGE_VARIABLES 4

/*
 * Unset fields are empty.  Ninja accepts a binding that no rule knows and reads
 * what is misspelt as something else: so an edge has typed fields, and nobody
 * prints "build ...:" by hand.
 */
struct edge {
	const char *rule;
	const char *outputs[EDGE_PATHS];
	const char *inputs[EDGE_PATHS];
	const char *const *more_inputs;
	size_t n_more_inputs;
	const char *const *implicit;	/* after | */
	size_t n_implicit;
	const char *const *order_only;	/* after || */
	size_t n_order_only;
	const char *pool;
	struct name_value variables[EDGE_VARIABLES];
};

/*
 * Append the statement to out.
 *
 * Errors:    -1 and err set if something has no spelling; out may hold a part.
 */
int edge_write(struct str *out, const struct edge *edge, struct error *err);

#endif
