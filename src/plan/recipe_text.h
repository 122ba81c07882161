/* recipe_text.h - what an image is made of, as the scripts of the steps read it.  Pure. */
#ifndef GEN_RECIPE_TEXT_H
#define GEN_RECIPE_TEXT_H

struct arena;
struct pairs;
struct planned;
struct planned_image;
struct str;

/* The recipe, as docs/design.md describes recipes/T. */
void recipe_text(struct str *out, const struct planned *fleet, const struct planned_image *image,
                 struct arena *a);

/* The name that the image of a target has in the engine.  Lives as long as a. */
const char *recipe_local(const struct planned *fleet, const char *target, struct arena *a);

/* Its environment: "export NAME='value'" lines. */
void recipe_environment_text(struct str *out, const struct planned_image *image);

/* Put the settings in which the image differs from its fleet over those of the fleet. */
void recipe_settings(struct pairs *out, const struct planned *fleet,
                     const struct planned_image *image, struct arena *a);

#endif
