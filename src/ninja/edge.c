#include "ninja/edge.h"

#include <assert.h>

#include "base/error.h"
#include "base/str.h"
#include "ninja/ninja_text.h"

static int
write_paths(struct str *out, const char *before, const char *const *paths, size_t n,
            struct error *err)
{
	for (size_t i = 0; i < n && paths[i]; i++) {
		str_adds(out, i ? " " : before);
		if (ninja_add_path(out, paths[i], err) < 0)
			return -1;
	}
	return 0;
}

static int
write_variable(struct str *out, const struct name_value *v, struct error *err)
{
	str_adds(out, "  ");
	str_adds(out, v->name);
	str_adds(out, " = ");
	if (ninja_add_value(out, v->value, err) < 0)
		return error_prefix(err, "%s", v->name);
	str_add(out, '\n');
	return 0;
}

int
edge_write(struct str *out, const struct edge *edge, struct error *err)
{
	assert(edge->rule && edge->outputs[0]);

	if (write_paths(out, "build ", edge->outputs, EDGE_PATHS, err) < 0)
		return -1;
	str_adds(out, ": ");
	str_adds(out, edge->rule);
	if (write_paths(out, " ", edge->inputs, EDGE_PATHS, err) < 0 ||
	    write_paths(out, " ", edge->more_inputs, edge->n_more_inputs, err) < 0 ||
	    write_paths(out, " | ", edge->implicit, edge->n_implicit, err) < 0 ||
	    write_paths(out, " || ", edge->order_only, edge->n_order_only, err) < 0)
		return -1;
	str_add(out, '\n');

	if (edge->pool) {
		str_adds(out, "  pool = ");
		str_adds(out, edge->pool);
		str_add(out, '\n');
	}
	for (size_t i = 0; i < EDGE_VARIABLES && edge->variables[i].name; i++)
		if (write_variable(out, &edge->variables[i], err) < 0)
			return -1;
	return 0;
}
