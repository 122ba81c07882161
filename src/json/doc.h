/* doc.h - write a JSON document, piece by piece.  Pure.
 *
 * jansson writes only trees that are whole in memory: for a plan of 100,000
 * images ten times what the text needs.
 */
#ifndef GEN_DOC_H
#define GEN_DOC_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Start from { .out = ... }.  Two blanks a level, a newline at the end. */
struct doc {
	struct str *out;
	bool dense;		/* without blanks and newlines */
	unsigned depth;
	bool not_first;		/* in the array or object that is open */
};

/* key is NULL for the outermost value and in arrays. */
void doc_open(struct doc *d, const char *key, char bracket);	/* '{' or '[' */
void doc_close(struct doc *d, char bracket);			/* '}' or ']' */
void doc_string(struct doc *d, const char *key, const char *value);	/* NULL: null */
void doc_long(struct doc *d, const char *key, long value);
void doc_bool(struct doc *d, const char *key, bool value);

/*
 * Write the key of a value that comes next, and with none, into a dense document.  It is quoted
 * already, and has its colon.
 */
void doc_dense_key(struct doc *d, const char *quoted, size_t len);

/* An array of strings on one line. */
void doc_strings(struct doc *d, const char *key, const char *const *values, size_t n);

/* A JSON string with its quotes; a byte of text that is no UTF-8 becomes U+FFFD. */
void doc_quote(struct str *out, const char *text);

#endif
