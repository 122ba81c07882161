/* layout.h - where the rules, the step program and this program are.  */
#ifndef GEN_LAYOUT_H
#define GEN_LAYOUT_H

struct arena;
struct error;

/*
 * In a source tree all paths are relative to the current folder, the fleet's;
 * installed, they are absolute.
 */
struct layout {
	const char *rules;	/* folder */
	const char *step;	/* the step program */
	const char *gen;	/* how a build file calls this program */
	const char *program;	/* this program, absolute */
};

/*
 * Find them from where this program is: beside it in a tree, else under the prefix
 * whose bin/ it is in, else where it was configured to be installed.
 *
 * Errors:    -1 and err set, naming what is missing.
 * Ownership: texts live as long as a.
 */
int layout_find(struct layout *out, struct arena *a, struct error *err);

#endif
