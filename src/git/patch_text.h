/* patch_text.h - patches as people write them, made such that libgit2 reads all of them.  Pure. */
#ifndef GEN_PATCH_TEXT_H
#define GEN_PATCH_TEXT_H

#include <stddef.h>

struct str;

/*
 * Append the patch in text to out, with what libgit2 must have and git apply can
 * do without: a "diff --git" line before each file (libgit2 skips a file without
 * one, and says nothing), and something behind a file that ends with its header.
 * Names lose their first folder, as with -p1.
 */
void patch_text_complete(struct str *out, const char *text, size_t len);

/* Where a hunk starts, in lines from 1, before the patch and after it. */
struct hunk_start {
	long old_start;
	long new_start;
};

/* Append the patch to out with its first n hunks, of all its files, starting there. */
void patch_text_move_hunks(struct str *out, const char *text, size_t len,
                           const struct hunk_start *starts, size_t n);

#endif
