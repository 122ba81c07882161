/* recipe_book.h - the recipes of all images, in one text.  Pure.
 *
 *   [fleet]
 *   key=value                  what all images share
 *   [baseline-0006f175eb17]
 *   key=value                  over that, what is this image's own
 *
 * Sections of images are in the order of their targets, so that one is found without
 * reading the rest: a file for each of 100,000 images takes minutes to write.  No value
 * has a newline, so no line of a section starts with '['.
 *
 *   fleet, source, registry, home    the fleet; where images are, and where its labels say
 *   repository, base_repository      without the registry
 *   commit, tree, time, base_tag, base_digest, input
 *   dockerfile, dockerfile_digest, context_files, context_digest
 *   patch.NAME, arg.NAME, env.NAME
 *   native, native_reason, objects, wheel, wheel_digest      objects is a target
 *   set.NAME                         settings of this image (docs/design.md)
 *   held                             why it is held, in a section that has nothing else
 */
#ifndef GEN_RECIPE_BOOK_H
#define GEN_RECIPE_BOOK_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct fleet;
struct image;
struct plan;
struct pairs;
struct sink;
struct str;
struct surroundings;

/* Write the sections of all images that are to be built or held.  Errors: the sink's. */
int recipe_book_write(struct sink *out, const struct plan *plan, const struct surroundings *s,
                      struct error *err);

/* A section of a book: what stands under its heading.  Points into the book. */
struct recipe_section {
	const char *name;	/* not ended */
	size_t name_len;
	const char *text;
	size_t len;
};

/* Start from = {0}: the sections one after the other; false at the end. */
bool recipe_book_next(struct recipe_section *section, const char *book, size_t len);

/* Find the section of a target.  Of a book that is not as above, it may not be found. */
bool recipe_book_find(struct recipe_section *out, const char *book, size_t len, const char *target);

/*
 * The pairs of a target, its own over the shared.  Returns 1, 0 if the book has none.
 *
 * Errors:    -1 and err set.
 * Ownership: as pairs_parse.
 */
int recipe_book_read(struct pairs *out, const char *book, size_t len, const char *target,
                     const char *place, struct arena *a, struct error *err);

/* The pairs that recipe_book_read would give, were the image in a book. */
void recipe_pairs(struct pairs *out, const struct image *image, const struct fleet *fleet,
                  const struct surroundings *s, struct arena *a);

/* The whole recipe, as docs/design.md describes recipes/T, from a target's pairs. */
void recipe_text(struct str *out, const char *target, const struct pairs *pairs,
                 struct arena *a);

/* Its environment: "export NAME='value'" lines. */
void recipe_environment_text(struct str *out, const struct pairs *pairs, struct arena *a);

/* Its settings, over those of the fleet that out holds. */
void recipe_settings(struct pairs *out, const struct pairs *pairs, struct arena *a);

#endif
