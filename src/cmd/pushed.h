/* pushed.h - what this folder pushed earlier, as its stamps say.  */
#ifndef GEN_PUSHED_H
#define GEN_PUSHED_H

struct arena;
struct error;
struct image;

/*
 * Set the pushed_input of an image that is present: NULL if this folder did not push it.
 *
 * Errors:    -1 and err set if its stamp cannot be read.
 */
int pushed_read(struct image *image, struct arena *a, struct error *err);

#endif
