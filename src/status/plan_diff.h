/* plan_diff.h - what is different between two plans of one fleet.  Pure. */
#ifndef GEN_PLAN_DIFF_H
#define GEN_PLAN_DIFF_H

#include <stddef.h>

#include "plan/planned.h"

struct arena;
struct look;
struct str;

enum change {
	CHANGE_NEW,		/* only the later plan has it */
	CHANGE_GONE,		/* only the earlier plan has it */
	CHANGE_OTHER,		/* both have it, and it is not the same */
};

/* "new", "gone" or "changed". */
const char *change_name(enum change c);

struct field_change {
	const char *name;	/* as in out/plan.json */
	const char *before, *after;	/* NULL: nothing */
};

struct image_change {
	enum change change;
	const struct planned_image *before, *after;	/* NULL where it is not */
	struct field_change *fields;			/* of CHANGE_OTHER */
	size_t n_fields;
	struct texts parts;	/* what changed in what it is made of; filled in by the caller */
};

struct plan_diff {
	struct image_change *images;	/* by parent */
	size_t n_images;
	struct texts tags_new, tags_gone;	/* in no mapping */
	size_t n_new, n_gone, n_other;
};

/* Ownership: the lists live as long as a, and point into both plans. */
void plan_diff(struct plan_diff *out, const struct planned *before, const struct planned *after,
               struct arena *a);

void plan_diff_text(struct str *out, const struct plan_diff *d, const struct look *look);

/*
 * { "version": 1, "new": 1, "gone": 0, "changed": 1,
 *   "images": [ { "target": "...", "change": "new" | "gone" | "changed",
 *                 "fields": [ { "name": "decision", "before": "skip", "after": "build" } ],
 *                 "parts": [ "Dockerfile: changed" ] } ],
 *   "tags": { "new": [], "gone": [] } }
 */
void plan_diff_json(struct str *out, const struct plan_diff *d);

#endif
