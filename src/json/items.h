/* items.h - the elements of a JSON text, one at a time.  Pure. */
#ifndef GEN_ITEMS_H
#define GEN_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* How the elements of a text lie in it. */
enum items_shape {
	ITEMS_ARRAY,	/* [ item, item ] */
	ITEMS_OBJECT,	/* { "key": item, "key": item } */
	ITEMS_LINES,	/* one item a line (JSON Lines) */
};

/* A name of an object and what it has. */
struct member {
	const char *name;
	const char *text;	/* of a string, of a longer one the first 16 KiB; else NULL */
	const char *raw;	/* the value as it stands in the text, not ended by a NUL */
	size_t raw_len;
};

struct item {
	enum items_shape shape;
	size_t index;		/* 0, 1, 2, ... */
	size_t line;		/* of ITEMS_LINES, from 1; else 0 */
	const char *key;	/* of ITEMS_OBJECT; else NULL */
	const char *raw;	/* as it stands in the text, not ended by a NUL */
	size_t raw_len;
	bool is_object;
	const struct member *members;	/* of an object */
	size_t n_members;
};

/* The member with this name, NULL if there is none. */
const struct member *item_member(const struct item *item, const char *name);

/* Returns 0 to go on, -1 with err set to stop. */
typedef int items_visit(void *context, const struct item *item, struct error *err);

/*
 * Call visit for each element of the array or object that pointer names in text
 * ("" is the text's outermost value; RFC 6901).  If outermost is an object whose
 * first member is no pair of a hash and an object, and pointer is "", text is
 * read as JSON Lines.  All of text is checked, also what pointer does not name;
 * only one element is in memory at a time.
 *
 * text has a NUL behind its len bytes; file is its name in messages.
 *
 * Errors:    -1 and err set, "file:line:column: reason" for a broken text: no
 *            JSON, not UTF-8, an element's key twice, over 64 levels, something after
 *            the end.
 * Ownership: item and all in it are borrowed until visit returns.
 * Source:    RFC 8259, RFC 6901, https://jsonlines.org
 */
int items_each(const char *file, const char *text, size_t len, const char *pointer,
               items_visit *visit, void *context, struct error *err);

#endif
