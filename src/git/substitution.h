/* substitution.h - a literal replacement in the files of a tree.  Pure. */
#ifndef GEN_SUBSTITUTION_H
#define GEN_SUBSTITUTION_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/*
 * Applies to every commit whose tree meets the condition: some file that
 * matches when_file contains when_contains.
 */
struct substitution {
	const char *name;
	const char **files;		/* pathspecs */
	size_t n_files;
	const char *from;		/* bytes to find, never "" */
	const char *to;
	const char *when_file;		/* pathspec; NULL: applies always */
	const char *when_contains;	/* NULL: that a file matches is enough */
};

/* Is needle somewhere in text?  An empty needle is in every text. */
bool text_contains(const char *text, size_t len, const char *needle);

/*
 * Append text to out with every from replaced by to, from left to right; what
 * was put in is not searched again.
 *
 * Returns:   how many were replaced.
 */
size_t substitution_apply(struct str *out, const char *text, size_t len, const char *from,
                          const char *to);

#endif
