/* planned.h - out/plan.json, read back.  Pure.
 *
 * plan/plan_text.h writes it.  What commands that look at the fleet know of an image comes
 * from here: they need neither the clone nor the registry.
 */
#ifndef GEN_PLANNED_H
#define GEN_PLANNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/commit_id.h"
#include "base/verdict.h"
#include "plan/plan.h"

struct arena;
struct error;

struct texts {
	const char **list;
	size_t n;
};

/* Texts are NULL where the plan does not say. */
struct planned_image {
	const char *target;
	const char *id;			/* the 12 hex digits of target */
	const char *parent;		/* 40 hex digits */
	struct texts humans;
	const char *model;
	struct texts mappings;		/* names */
	const char *image;		/* name in the registry */
	enum verdict verdict;
	const char *digest;
	enum decision decision;
	const char *reason;
	enum hold hold;
	const char *hold_word;		/* of hold, as the plan has it */
	const char *subject;
	int64_t time_s;			/* of the commit; 0: not said */
	struct {
		const char *image;	/* NULL: no base */
		enum verdict verdict;
		const char *digest;
	} base;
	struct texts patches;
	struct texts preflight;
	enum native native;
	const char *native_reason;
	const char *objects;		/* shared: target of the image that has them */
	long max_jobs;
	const char *input;
};

/* A tag in no mapping; human and parent are NULL unless the data set has the pair. */
struct planned_tag {
	const char *tag;
	const char *human, *parent;
};

struct planned {
	const char *fleet;
	struct planned_image *images;	/* sorted by parent */
	size_t n_images;
	struct planned_tag *tags;
	size_t n_tags;
	double cuda_depth;		/* of the pool; 0: not said */
};

/*
 * Read text, the contents of file.  Members that are not known are left alone.
 *
 * Errors:    -1 and err set, "file: pointer: value: reason", for what gen does not write.
 * Ownership: all texts live as long as a.
 */
int planned_read(struct planned *out, const char *file, const char *text, size_t len,
                 struct arena *a, struct error *err);

/*
 * The image whose parent begins with digits, NULL if there is none.  *more is set if
 * another one begins so, too.
 */
const struct planned_image *planned_find(const struct planned *p, const char *digits, bool *more);

#endif
