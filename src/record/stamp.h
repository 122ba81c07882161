/* stamp.h - the text of out/stamps/TARGET.STEP.  Pure.
 *
 * key=value lines (json/pairs.h): step, target and input (the digest of all that
 * the image is made of, empty when the edge has none), then what the step reported of
 * the thing it made, in the order it was reported.  No time, no host: a step that made
 * the same again leaves the same bytes.
 */
#ifndef GEN_STAMP_H
#define GEN_STAMP_H

#include <stddef.h>

struct arena;
struct error;
struct pairs;
struct str;

/* What a step reports under such a name is for the journal: it tells of the attempt. */
#define STAMP_JOURNAL "journal."

/* Errors: -1 and err set if a result takes a name that stamps have themselves. */
int stamp_render(struct str *out, const char *step, const char *target, const char *input,
                 const struct pairs *result, struct error *err);

/*
 * Read a stamp into s, which starts empty: all of its lines.
 *
 * Errors:    -1 and err set if it is no stamp of that step and target.
 * Ownership: as pairs_parse.
 */
int stamp_parse(struct pairs *s, const char *text, size_t len, const char *step,
                const char *target, const char *place, struct arena *a, struct error *err);

/*
 * The steps that come before step, in order; *n is 0 for the first step and for a
 * name that is none.
 */
const char *const *stamp_steps_before(size_t *n, const char *step);

#endif
