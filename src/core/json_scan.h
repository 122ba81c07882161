/* json_scan.h - JSON read piece by piece, without a tree.  Pure.
 *
 * For text from outside.  jansson keeps all of a text before one can look at it,
 * and 32 MiB of "{}," become gigabytes of empty objects; here memory does not
 * depend on what comes.
 */
#ifndef GEN_JSON_SCAN_H
#define GEN_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#define JSON_SCAN_DEPTH 64	/* deepest nesting accepted */
#define JSON_SCAN_TEXT 16384	/* longest string kept */

enum json_piece {
	JSON_PIECE_OBJECT,	/* { */
	JSON_PIECE_OBJECT_END,
	JSON_PIECE_ARRAY,	/* [ */
	JSON_PIECE_ARRAY_END,
	JSON_PIECE_KEY,		/* text holds it */
	JSON_PIECE_STRING,	/* text holds it */
	JSON_PIECE_NUMBER,	/* json_scan_number reads it */
	JSON_PIECE_TRUE,
	JSON_PIECE_FALSE,
	JSON_PIECE_NULL,
	JSON_PIECE_END,		/* the text was one whole value */
	JSON_PIECE_BROKEN,	/* it was not; stays so */
};

struct json_scan {
	const char *p, *end;
	unsigned depth;
	bool in_object[JSON_SCAN_DEPTH];
	int expect;		/* private */
	bool cut;		/* broken because the text ends too early */

	char text[JSON_SCAN_TEXT + 1];	/* decoded UTF-8, NUL behind */
	size_t len;
	bool too_long;		/* the string did not fit; text holds its start */
	const char *number;	/* where the last one starts */
	size_t number_len;
};

/* Ownership: bytes is borrowed as long as s is used. */
void json_scan_start(struct json_scan *s, const char *bytes, size_t len);

/*
 * The next piece.  What is accepted is RFC 8259, in UTF-8 without a byte order
 * mark, without "\u0000"; keys may repeat.
 */
enum json_piece json_scan_next(struct json_scan *s);

/* The value of the last number; a very long one is cut, an infinite one possible. */
double json_scan_number(const struct json_scan *s);

/* After OBJECT or ARRAY: go behind its end.  Returns false if the text is broken. */
bool json_scan_skip(struct json_scan *s);

#endif
