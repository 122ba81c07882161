/* pushed.h - what this folder pushed earlier, as its stamps say, and what rules/lib.sh notes.  */
#ifndef GEN_PUSHED_H
#define GEN_PUSHED_H

struct arena;
struct error;
struct image;

/*
 * Set the pushed_input of an image that is present: NULL if this folder did not push it,
 * "" if it began to, and nothing says that it came to an end.
 *
 * Errors:    -1 and err set if its stamp cannot be read.
 */
int pushed_read(struct image *image, struct arena *a, struct error *err);

#endif
