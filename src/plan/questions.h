/* questions.h - which tags are asked for, each repository once; answers by name.  */
#ifndef GEN_QUESTIONS_H
#define GEN_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "registry/registry_query.h"

struct error;
struct fleet;
struct image;
struct plan;
struct question_index;
struct registry_answers;

/* What an image is called: one tag of one repository. */
struct image_name {
	const char *registry;	/* host[:port] */
	const char *repository;
	const char *tag;
};

/* Start from = {0}. */
struct questions {
	struct repository_query *queries;	/* one per repository, in the order they were added */
	size_t n;
	struct question_index *indexes;		/* to find the tags of each by name */
	struct arena arena;
};

/* The questions about one repository; new ones if there are none yet.  Borrowed until the next. */
struct repository_query *questions_about(struct questions *q, const char *registry,
                                         const char *repository);

/* Make room for n more tags of a repository: without it, each move leaves a hole behind. */
void questions_reserve(struct questions *q, const char *registry, const char *repository, size_t n);

/* Ask for a tag.  Ownership: the texts of name must outlive q. */
void questions_add(struct questions *q, const struct image_name *name, bool want_digest);

/*
 * Get all answers.  A registry that says nothing is not an error (registry/registry.h).
 *
 * Errors:    -1 and err set.
 * Ownership: what is filled in lives as long as a.
 */
int questions_ask(struct questions *q, const struct registry_answers *answers, struct arena *a,
                  struct error *err);

/* The answer about name; NULL if it was not asked for.  No tag may be added after. */
struct tag_query *questions_answer(struct questions *q, const struct image_name *name);

void questions_dispose(struct questions *q);

/* What a baseline image is called; registry is the fleet's, or what stands in for it. */
struct image_name baseline_name(const struct image *image, const struct fleet *fleet,
                                const char *registry);

/* What the image of a human commit may be called, the best name first.  Returns how many. */
#define HUMAN_NAMES 2
size_t human_names(struct image_name out[HUMAN_NAMES], const char *human, const struct fleet *fleet,
                   const char *registry);

/*
 * Add what has to be known of a plan: every baseline image and every human image by each of
 * its names, and which other tags the baseline repository has.  If q is empty, queries[0] is
 * then about the baseline repository.
 */
void questions_of_plan(struct questions *q, const struct plan *plan, const char *registry);

#endif
