/* scanner.h - JSON read piece by piece, without a tree.  Pure.
 *
 * The border: JSON that a program wrote comes through here, be it a registry, an engine, docker's
 * client, a credential helper, a step or gen itself in an earlier run.  jansson reads what a person
 * wrote for us, which is fleet.json (json/fields.h).  It keeps all of a text before one can look at
 * it, and 32 MiB of "{}," become gigabytes of empty objects; here memory does not depend on what
 * comes.
 */
#ifndef GEN_SCANNER_H
#define GEN_SCANNER_H

#include <stdbool.h>
#include <stddef.h>

#define SCANNER_DEPTH 64	/* deepest nesting accepted */
#define SCANNER_TEXT 16384	/* longest string kept */

enum piece {
	PIECE_OBJECT,	/* { */
	PIECE_OBJECT_END,
	PIECE_ARRAY,	/* [ */
	PIECE_ARRAY_END,
	PIECE_KEY,		/* text holds it */
	PIECE_STRING,	/* text holds it */
	PIECE_NUMBER,	/* scanner_number reads it */
	PIECE_TRUE,
	PIECE_FALSE,
	PIECE_NULL,
	PIECE_END,		/* the text was one whole value */
	PIECE_BROKEN,	/* it was not; stays so */
};

struct scanner {
	const char *p, *end;
	unsigned depth;
	bool in_object[SCANNER_DEPTH];
	int expect;		/* private */
	bool cut;		/* broken because the text ends too early */

	char text[SCANNER_TEXT + 1];	/* decoded UTF-8, NUL behind */
	size_t len;
	bool too_long;		/* the string did not fit; text holds its start */
	const char *number;	/* where the last one starts */
	size_t number_len;
};

/* Ownership: bytes is borrowed as long as s is used. */
void scanner_start(struct scanner *s, const char *bytes, size_t len);

/*
 * The next piece.  What is accepted is RFC 8259, in UTF-8 without a byte order
 * mark, without "\u0000"; keys may repeat.
 */
enum piece scanner_next(struct scanner *s);

/* The value of the last number; a very long one is cut, an infinite one possible. */
double scanner_number(const struct scanner *s);

/* After OBJECT or ARRAY: go behind its end.  Returns false if the text is broken. */
bool scanner_skip(struct scanner *s);

/* Go behind the value whose first piece this was.  Returns false if the text is broken. */
bool scanner_skip_value(struct scanner *s, enum piece first);

#endif
