/* report_explain.h - all that is known of one image, as a page for a terminal.  Pure. */
#ifndef GEN_REPORT_EXPLAIN_H
#define GEN_REPORT_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "plan/planned.h"

struct report_look;
struct status;
struct status_row;
struct str;

struct explanation {
	const struct status *status;
	const struct status_row *row;
	int64_t asked_s;	/* when its repository was asked; below 0: not known */
	bool was_built;		/* changes is filled in */
	struct texts changes;	/* since it was built here, from another recipe */
	struct texts commands;	/* how ninja makes it, step by step */
};

/* Long lines are not cut: they are here to be copied. */
void report_explain(struct str *out, const struct explanation *e, const struct report_look *look);

#endif
