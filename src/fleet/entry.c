#include "fleet/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"

struct reading {
	const struct mapping *mapping;
	unsigned number;
	struct entries *out;
	struct arena *arena;
	const char *last_model;	/* few models, many entries: most repeat */
};

static const char *const human_names[] = { "human_commit_full", "human_commit", "commit_full", NULL };
static const char *const human_short_names[] = { "human_commit_short", NULL };
static const char *const parent_names[] = { "parent_commit_full", "parent_commit", "commit", NULL };
static const char *const parent_short_names[] = { "parent_commit_short", NULL };

void
entry_place(struct str *out, const struct mapping *m, const struct entry *e)
{
	str_addf(out, "%s: ", m->file);
	if (e->shape == ITEMS_LINES)
		str_addf(out, "line %u", e->place);
	else if (e->shape == ITEMS_OBJECT)
		str_addf(out, "%s/%.80s%s", m->items, e->key, strlen(e->key) > 80 ? "..." : "");
	else
		str_addf(out, "%s/%u", m->items, e->place);
}

static unsigned
place_of(const struct item *item)
{
	return (unsigned)(item->shape == ITEMS_LINES ? item->line : item->index);
}

#define SHOWN 80u	/* of a value that is wrong */

/* Say what is wrong with one field of an entry; value is NULL if it has none. */
static int
field_error(const struct reading *r, const struct item *item, const char *field,
            const struct member *value, const char *reason, struct error *err)
{
	struct entry e = { .shape = item->shape, .place = place_of(item), .key = item->key };
	struct str place = { 0 };

	entry_place(&place, r->mapping, &e);
	if (item->shape == ITEMS_LINES && *field)
		str_adds(&place, ": ");
	if (*field)
		str_addf(&place, "/%s", field);
	if (value)
		str_addf(&place, ": %.*s", (int)(value->raw_len < SHOWN ? value->raw_len : SHOWN), value->raw);
	error_set(err, "%s: %s", str_text(&place), reason);
	str_dispose(&place);
	return -1;
}

/* The first of names that the item has; one given by the fleet is the only one. */
static const struct member *
first_member(const struct item *item, const char *only, const char *const *names)
{
	const struct member *found = NULL;

	if (only)
		return item_member(item, only);
	for (; *names && !found; names++)
		found = item_member(item, *names);
	return found;
}

/* Read a hash, whole or its beginning; out is "" if the item has none. */
static int
read_hash(char out[COMMIT_ID_HEX + 1], const struct reading *r, const struct item *item,
          const struct member *m, struct error *err)
{
	out[0] = '\0';
	if (!m)
		return 0;
	if (!m->text)
		return field_error(r, item, m->name, m, "not a string", err);
	if (commit_id_parse_prefix(out, m->text, NULL) < 0)
		return field_error(r, item, m->name, m, "not 4 to 40 hex digits", err);
	return 0;
}

/* One hash of two that may be given: the longer, and the shorter must begin it. */
static int
join_hashes(char out[COMMIT_ID_HEX + 1], const struct reading *r, const struct item *item,
            const struct member *m, const struct member *short_m, struct error *err)
{
	char full[COMMIT_ID_HEX + 1], short_hash[COMMIT_ID_HEX + 1];

	if (read_hash(short_hash, r, item, short_m, err) < 0 || read_hash(full, r, item, m, err) < 0)
		return -1;
	const char *longer = strlen(full) >= strlen(short_hash) ? full : short_hash;
	const char *shorter = longer == full ? short_hash : full;
	if (strncmp(longer, shorter, strlen(shorter)) != 0) {
		char reason[160];
		snprintf(reason, sizeof(reason), "is not the start of \"%s\" in /%.60s", full, m->name);
		return field_error(r, item, short_m->name, short_m, reason, err);
	}
	memcpy(out, longer, strlen(longer) + 1);
	return 0;
}

static int
read_human(struct entry *e, const struct reading *r, const struct item *item, struct error *err)
{
	const struct mapping *m = r->mapping;
	char key_hash[COMMIT_ID_HEX + 1];

	if (join_hashes(e->human, r, item, first_member(item, m->field.human, human_names),
	                first_member(item, m->field.human_short, human_short_names), err) < 0)
		return -1;

	/* A key that is a hash names the human too, unless it is something else. */
	if (item->key && commit_id_parse_prefix(key_hash, item->key, NULL) == 0) {
		size_t n = strlen(key_hash);
		if (*e->human && strncmp(e->human, key_hash, n < strlen(e->human) ? n : strlen(e->human)) != 0)
			return field_error(r, item, "", NULL, "the key is not the start of the entry's human commit", err);
		if (n > strlen(e->human))
			memcpy(e->human, key_hash, n + 1);
	}
	if (!*e->human)
		return field_error(r, item, m->field.human ? m->field.human : human_names[0], NULL,
		                   "missing: the human commit", err);
	return 0;
}

static int
read_parent(struct entry *e, const struct reading *r, const struct item *item, struct error *err)
{
	const struct mapping *m = r->mapping;

	if (join_hashes(e->parent, r, item, first_member(item, m->field.parent, parent_names),
	                first_member(item, m->field.parent_short, parent_short_names), err) < 0)
		return -1;
	if (!*e->parent)
		return field_error(r, item, m->field.parent ? m->field.parent : parent_names[1], NULL,
		                   "missing: the parent commit", err);
	return 0;
}

static int
read_model(struct entry *e, struct reading *r, const struct item *item, struct error *err)
{
	const char *name = r->mapping->field.model ? r->mapping->field.model : "model";
	const struct member *m = item_member(item, name);

	if (!m || (m->raw_len == 4 && memcmp(m->raw, "null", 4) == 0))
		return 0;
	if (!m->text)
		return field_error(r, item, name, m, "not a string", err);
	if (!r->last_model || strcmp(r->last_model, m->text) != 0)
		r->last_model = arena_strdup(r->arena, m->text);
	e->model = r->last_model;
	return 0;
}

static int
visit_entry(void *context, const struct item *item, struct error *err)
{
	struct reading *r = context;
	struct entry e = { .mapping = r->number, .shape = item->shape, .place = place_of(item) };

	if (!item->is_object) {
		struct member whole = { .raw = item->raw, .raw_len = item->raw_len };
		return field_error(r, item, "", &whole, "not an object", err);
	}
	if (read_human(&e, r, item, err) < 0 || read_parent(&e, r, item, err) < 0 ||
	    read_model(&e, r, item, err) < 0)
		return -1;
	e.key = item->key ? arena_strdup(r->arena, item->key) : NULL;

	struct entries *out = r->out;
	out->list = memory_grow(out->list, &out->cap, out->n, sizeof(*out->list));
	out->list[out->n++] = e;
	return 0;
}

int
entries_read(struct entries *out, const struct mapping *m, unsigned number, const char *text,
             size_t len, struct arena *a, struct error *err)
{
	struct reading r = { m, number, out, a, NULL };
	return items_each(m->file, text, len, m->items, visit_entry, &r, err);
}

void
entries_dispose(struct entries *e)
{
	free(e->list);
	*e = (struct entries){ 0 };
}
