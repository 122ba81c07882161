/* entry.h - pairs of a human and a parent commit, read from mappings.  Pure. */
#ifndef GEN_ENTRY_H
#define GEN_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/commit_id.h"
#include "json/items.h"

struct arena;
struct error;
struct str;

/*
 * A mapping file, and how to read it.  Field names are NULL for the usual ones:
 *
 *   human          human_commit_full, human_commit, commit_full
 *   human_short    human_commit_short, or the key of an object keyed by hash
 *   parent         parent_commit_full, parent_commit, commit
 *   parent_short   parent_commit_short
 *   model          model
 *
 * The first that is there counts.  A full id or its first digits will do; where
 * both are given, one must begin the other.  Other fields are left alone.
 */
struct mapping {
	const char *name;	/* also the name of its group of targets */
	const char *title;	/* heading in reports; NULL: the name */
	const char *file;	/* relative to the fleet's folder */
	const char *items;	/* JSON Pointer to the array or object; "" for all */
	struct {
		const char *human, *human_short, *parent, *parent_short, *model;
	} field;
};

/* One pair.  human and parent are 4 to 40 lower-case hex digits. */
struct entry {
	char human[COMMIT_ID_HEX + 1];
	char parent[COMMIT_ID_HEX + 1];
	bool human_is_unique;	/* no other human has the same 8 first digits */
	unsigned mapping;	/* which mapping, by number */
	enum items_shape shape;
	unsigned place;		/* which element, from 0; for ITEMS_LINES which line */
	const char *key;	/* for ITEMS_OBJECT, else NULL */
	const char *model;	/* NULL: not said */
};

struct entries {
	struct entry *list;
	size_t n;
	size_t cap;
};

/*
 * Add all pairs in text, the contents of m->file, to out.
 *
 * Errors:    -1 and err set, "file: pointer: value: reason".
 * Ownership: models and keys live as long as a; out is freed with entries_dispose.
 */
int entries_read(struct entries *out, const struct mapping *m, unsigned number, const char *text,
                 size_t len, struct arena *a, struct error *err);

void entries_dispose(struct entries *e);

/* Add "file: pointer" of an entry to out. */
void entry_place(struct str *out, const struct mapping *m, const struct entry *e);

#endif
