/* recipes.h - the recipes that gen left, out of out/recipe_book.  */
#ifndef GEN_RECIPES_H
#define GEN_RECIPES_H

#include <stddef.h>

struct arena;
struct error;
struct pairs;

#define RECIPE_BOOK "out/recipe_book"

/* Start from = {0}, which is a book without recipes. */
struct recipes {
	char *book;
	size_t len;
};

/* Open the book; that there is none is no error.  Ownership: end with recipes_close. */
int recipes_open(struct recipes *out, struct error *err);
void recipes_close(struct recipes *r);

/* As recipe_book_read; an image that is held has no recipe. */
int recipes_read(struct pairs *out, const struct recipes *r, const char *target,
                 struct arena *a, struct error *err);

/*
 * The whole recipe of a target: from the book, else what a step has left of it in
 * out/recipes.  Returns 1, 0 if it is in neither, -1 and err set.
 *
 * Ownership: *text lives as long as a.
 */
int recipes_text(const char **text, const struct recipes *r, const char *target, struct arena *a,
                 struct error *err);

#endif
