/* outputs.h - write what a run of gen leaves.  */
#ifndef GEN_OUTPUTS_H
#define GEN_OUTPUTS_H

struct arena;
struct error;
struct layout;
struct options;
struct plan;
struct surroundings;

/*
 * Write the files of out/ that docs/design.md names, then build.ninja; a file
 * that holds the same bytes already is left alone.
 *
 * Errors:    -1 and err set; build.ninja is then as it was.
 */
int outputs_write(const struct plan *plan, const struct options *options,
                  const struct layout *layout, const struct surroundings *s, struct arena *a,
                  struct error *err);

#endif
