/* pattern.h - how the line of a log is described.  Pure.
 *
 * A pattern is literal text, in lower case, in which
 *
 *	*	stands for any bytes, also none
 *	~	stands for bytes that are no blanks, also none: "^~ld: " is a program ld,
 *		by whatever path
 *	#	stands for one digit or more
 *	^	in front: the line starts so
 *	@	in front: a message starts so: the line itself, or what follows ": ", "] ",
 *		"= ", "- ", ". ", ", ", "; ", "(" or =" in it
 *	$	at the end: the line ends so
 *
 * Matching takes time linear in the line: after '*' and '~' the leftmost match is taken.
 */
#ifndef GEN_PATTERN_H
#define GEN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* line is in lower case already. */
bool pattern_matches(const char *pattern, const char *line, size_t len);

/*
 * The longest text that is in every line that matches, at most max bytes of it, goes to
 * out; if the line starts with it, it stands behind a newline.  Returns its length.
 */
size_t pattern_needle(char *out, size_t max, const char *pattern);

#endif
