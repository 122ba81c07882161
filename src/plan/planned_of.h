/* planned_of.h - what a plan says, as a file has it.  Pure. */
#ifndef GEN_PLANNED_OF_H
#define GEN_PLANNED_OF_H

struct arena;
struct image;
struct plan;
struct planned;
struct planned_image;
struct surroundings;

/* All but the images.  Ownership: it points into plan and s, and into a. */
void planned_of_fleet(struct planned *out, const struct plan *plan, const struct surroundings *s,
                      struct arena *a);

/* One image.  Ownership: it points into plan and s, and into a. */
void planned_of_image(struct planned_image *out, const struct image *image, const struct plan *plan,
                      const struct surroundings *s, struct arena *a);

#endif
