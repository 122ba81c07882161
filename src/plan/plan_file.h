/* plan_file.h - out/plan.json, which gen leaves for the steps and for the other commands.  */
#ifndef GEN_PLAN_FILE_H
#define GEN_PLAN_FILE_H

struct arena;
struct error;
struct planned;
struct planned_image;

#define PLAN_FILE "out/plan.json"
#define PLAN_FILE_MISSING PLAN_FILE ": not there: run gen first, it plans the fleet"

/* In all of these: 1, 0 if it is not there, -1 and err set.  Texts live as long as a. */

/* Read all of it. */
int plan_file_read(struct planned *out, struct arena *a, struct error *err);

/* Find one target in it.  What is read of fleet are not the images and what is behind them. */
int plan_file_find(struct planned *fleet, struct planned_image *image, const char *target,
                   struct arena *a, struct error *err);

/*
 * The recipe of a target: of image (NULL: the plan has none) if that is to be built, else what
 * a step has left of it in out/recipes.
 */
int plan_file_recipe(const char **text, const struct planned *fleet,
                     const struct planned_image *image, const char *target, struct arena *a,
                     struct error *err);

#endif
