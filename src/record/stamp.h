/* stamp.h - the text of out/stamps/TARGET.STEP.  Pure.
 *
 * key=value lines (json/pairs.h): step, target and input (the digest of all that
 * the image is made of, empty when the edge has none), then what the step reported of
 * the thing it made, in the order it was reported.  No time, no host: a step that made
 * the same again leaves the same bytes.
 */
#ifndef GEN_STAMP_H
#define GEN_STAMP_H

#include "record/steps.h"

#include <stddef.h>

struct arena;
struct error;
struct pairs;
struct str;

/* What a step reports under such a name is for the journal: it tells of the attempt. */
#define STAMP_JOURNAL "journal."

/* Errors: -1 and err set if a result takes a name that stamps have themselves. */
int stamp_render(struct str *out, enum step step, const char *target, const char *input,
                 const struct pairs *result, struct error *err);

/*
 * Read a stamp into s, which starts empty: all of its lines.
 *
 * Errors:    -1 and err set if it is not a stamp of that step and target.
 * Ownership: as pairs_parse.
 */
int stamp_parse(struct pairs *s, const char *text, size_t len, enum step step,
                const char *target, const char *place, struct arena *a, struct error *err);

#endif
