/* members.h - the members of a struct in a table, which both writes and reads them.  Pure.
 *
 * A row says what a member is called in JSON, what kind of value it has, and where it is in the
 * struct.  What writes a file and what reads it back walk the same table, so they cannot differ.
 */
#ifndef GEN_MEMBERS_H
#define GEN_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "json/scanner.h"
#include "json/values.h"

struct arena;
struct doc;
struct error;

struct texts {
	const char **list;
	size_t n;
};

/* What is at the offset, and what it is in JSON. */
enum member_kind {
	MEMBER_TEXT,	/* const char *: a string; NULL is null */
	MEMBER_TEXTS,	/* struct texts: an array of strings */
	MEMBER_VALUES,	/* struct values: an object of strings */
	MEMBER_LONG,	/* long: a number */
	MEMBER_WORD,	/* an enum: the name of its value; if 0 has no name, it is null or any other word */
	MEMBER_OBJECT,	/* a text: an object of members of the same struct; null without the text */
};

struct members_row {
	const char *key;	/* NULL: behind the last row */
	const char *quoted;	/* with quotes and colon */
	size_t quoted_len;
	enum member_kind kind;
	size_t offset;
	bool is_ours;		/* not for others */
	size_t with;		/* not for others unless the text at this offset is there; 0: it always is */
	const struct members_row *members;			/* of MEMBER_OBJECT */
	const char *(*word)(unsigned value);		/* of MEMBER_WORD; NULL: it has no name */
	unsigned n_words;
};

/* A row for the member at of struct in; what else it has may follow. */
#define MEMBERS_ROW(name, type, in, at, ...) { \
	.key = (name), .quoted = "\"" name "\":", .quoted_len = sizeof("\"" name "\":") - 1, \
	.kind = MEMBER_##type, .offset = offsetof(in, at), __VA_ARGS__ }

/*
 * Write the members of an object into the object that is open in d.  A document for others has
 * all of them, but for those that are ours.  A dense d is a file of ours: it leaves out what is
 * empty, zero or null, which is what the reader starts from.
 */
void members_write(struct doc *d, const struct members_row *table, const void *object);

/* A text that is being read, and the place in it. */
struct members_reader {
	struct scanner scan;
	const char *file;
	const char *list;	/* the array that we are in, as "images"; NULL: in none */
	size_t index;		/* in that array */
	const char *outer;	/* the key of the MEMBER_OBJECT that we are in; NULL: in none */
	struct arena *arena;
	struct error *err;
};

/*
 * What to do with a key that the table does not have.  Returns 1 if its value was read, 0 if
 * it is to be left out, MEMBERS_STOP, or -1 and err set.
 */
typedef int members_other(struct members_reader *r, const char *key, void *object);

#define MEMBERS_STOP 2

/*
 * Read an object whose '{' is behind us.  Members that neither the table nor other (NULL: none)
 * knows are left out.
 *
 * Returns:   0, or MEMBERS_STOP if other said so.
 * Errors:    -1 and err set, "file: /list/index/key: reason", or members_broken.
 * Ownership: texts live as long as r->arena.
 */
int members_read(struct members_reader *r, const struct members_row *table, members_other *other,
                 void *object);

/* Set err, and return -1: the value of key is wrong; the text is not the JSON that gen writes. */
int members_wrong(const struct members_reader *r, const char *key, const char *reason);
int members_broken(const struct members_reader *r);

#endif
