/* explain_page.h - all that is known about one image, as a page.  Pure.
 *
 * It is what gen explain prints, and a part of the HTML page for each image of the fleet.
 */
#ifndef GEN_EXPLAIN_PAGE_H
#define GEN_EXPLAIN_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "plan/planned.h"

struct failure;
struct name_value;
struct page;
struct row;
struct running;
struct section;
struct status;
struct status_row;

struct explanation {
	const struct status *status;
	const struct status_row *row;
	int64_t asked_s;	/* when its repository was asked; below 0: not known */
	bool was_built;		/* changes is filled in */
	struct texts changes;	/* since it was built here, from another recipe */
	struct texts commands;	/* how ninja makes it, step by step */
};

/*
 * Add a heading like head, with what the image is called, and the sections below it.
 *
 * Ownership: what e points to must outlive the page.
 */
void explain_page(struct page *p, const struct explanation *e, const struct section *head);

/* For tables that say the same: of a step at work or waiting, of one that failed, "NAME=VALUE ...". */
void add_running_cells(struct row *r, const struct running *running, int64_t now_s);
void add_failure_cells(struct row *r, const struct failure *f);
void add_pairs_cell(struct row *r, const char *name, const struct name_value *pairs, size_t n);

#endif
