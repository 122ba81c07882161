/* apply_answers.h - what git said of patches, kept for the next run.  Pure.
 *
 *	applied 1 <version of git>
 *	<tree> <digest of the patch> <tree that it makes>
 *	<tree> <digest of the patch> - <why git refuses it>
 *
 * One line per answer, sorted; trees are 40 hex digits, digests "sha256:" and 64.  The same
 * git gives the same answer for the same tree and patch, so an answer stays true.
 */
#ifndef GEN_APPLY_ANSWERS_H
#define GEN_APPLY_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

struct apply_answer;
struct arena;
struct str;

/* Start from = {0}. */
struct apply_answers {
	struct apply_answer *known;	/* all answers, by tree and digest */
};

/*
 * Read an earlier run's file; from a line on that is not just as it should be, and if another
 * version of git wrote it, nothing counts.
 *
 * Ownership: the answers live as long as a; the table is freed by apply_answers_dispose.
 */
void apply_answers_read(struct apply_answers *answers, const char *text, size_t len,
                        const char *git_version, struct arena *a);

/*
 * The answer for a patch, if it is known: *tree is the tree that it makes, or NULL, and then
 * *why says why git refuses it.
 */
bool apply_answers_find(const char **tree, const char **why, struct apply_answers *answers,
                        const char *before, const char *digest);

/* Add one; why is kept on one line.  Texts are copied. */
void apply_answers_add(struct apply_answers *answers, const char *before, const char *digest,
                       const char *tree, const char *why, struct arena *a);

/* The text of the file: the answers that were asked for or added since it was read. */
void apply_answers_render(struct str *out, struct apply_answers *answers, const char *git_version);

void apply_answers_dispose(struct apply_answers *answers);

#endif
