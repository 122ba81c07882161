#include "json/items.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "json/scanner.h"

#define BLANKS " \t\r\n"
#define FEW 16u		/* members that are compared each with each */

/* Where we are in the text. */
struct cursor {
	const char *file;
	const char *text;
	size_t len;
	size_t at;
	struct error *err;
};

/* Where the texts of a member are in those of its element. */
struct place {
	size_t name, text;
	bool is_string;
};

/* The element that is being read.  Its texts lie one behind the other, each with a NUL. */
struct element {
	struct scanner scan;
	struct str texts;
	struct place *places;
	struct member *members;
	size_t n, cap_places, cap_members;
};

/* Keys of one object that were seen: a tree of it is never made. */
struct seen_key {
	UT_hash_handle hh;
	char key[];
};

static int
fail_at(struct cursor *c, size_t at, const char *reason)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < at && i < c->len; i++) {
		column++;
		if (c->text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return error_set(c->err, "%s:%zu:%zu: %s", c->file, line, column, reason);
}

/* The next byte that is no blank, 0 at the end (a NUL in the text is no JSON either). */
static char
peek(struct cursor *c)
{
	while (c->at < c->len && strchr(BLANKS, c->text[c->at]) && c->text[c->at])
		c->at++;
	return c->at < c->len ? c->text[c->at] : '\0';
}

static int
expect(struct cursor *c, char wanted)
{
	if (peek(c) != wanted) {
		char reason[] = "'?' expected";
		reason[1] = wanted;
		return fail_at(c, c->at, c->at < c->len ? reason : "the text ends too early");
	}
	c->at++;
	return 0;
}

/*
 * What is wrong with the value at c, which the scanner refused: jansson, slower, says it in
 * words.
 */
static int
explain(struct cursor *c)
{
	json_error_t why;
	json_t *value = json_loadb(c->text + c->at, c->len - c->at,
	                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY |
	                           JSON_DISABLE_EOF_CHECK, &why);

	if (value) {
		json_decref(value);
		return fail_at(c, c->at, "nested deeper than 64 levels");
	}
	return fail_at(c, c->at + (size_t)(why.position > 0 ? why.position : 0), why.text);
}

/* ---- one value ---- */

/* Keep the scanner's text; returns its place. */
static size_t
keep_text(struct element *e)
{
	size_t at = e->texts.len;

	str_add_bytes(&e->texts, e->scan.text, e->scan.len + 1);
	return at;
}

/* A member, whose key the scanner has just read. */
static bool
read_member(struct element *e)
{
	struct scanner *s = &e->scan;
	struct place place = { .name = keep_text(e) };

	s->p += strspn(s->p, BLANKS);
	const char *raw = s->p;
	enum piece piece = scanner_next(s);
	if (piece == PIECE_STRING) {
		place.is_string = true;
		place.text = keep_text(e);
	}
	if (!scanner_skip_value(s, piece))
		return false;

	e->places = memory_grow(e->places, &e->cap_places, e->n, sizeof(*e->places));
	e->members = memory_grow(e->members, &e->cap_members, e->n, sizeof(*e->members));
	e->places[e->n] = place;
	e->members[e->n++] = (struct member){ .raw = raw, .raw_len = (size_t)(s->p - raw) };
	return true;
}

/* Now that the texts stay where they are. */
static void
point_to_texts(struct element *e)
{
	for (size_t i = 0; i < e->n; i++) {
		e->members[i].name = e->texts.data + e->places[i].name;
		e->members[i].text = e->places[i].is_string ? e->texts.data + e->places[i].text : NULL;
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/* Has an object two members with one name?  Many are sorted first: all pairs would be too many. */
static bool
has_twins(struct member *members, size_t n)
{
	size_t reach = n;

	if (n > FEW) {
		qsort(members, n, sizeof(*members), by_name);
		reach = 1;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && j - i <= reach; j++)
			if (strcmp(members[i].name, members[j].name) == 0)
				return true;
	return false;
}

static bool
read_members(struct element *e)
{
	enum piece piece;

	while ((piece = scanner_next(&e->scan)) == PIECE_KEY)
		if (!read_member(e))
			return false;
	if (piece != PIECE_OBJECT_END)
		return false;
	point_to_texts(e);
	return !has_twins(e->members, e->n);
}

/* Read one value, which c then is behind, its members if it is an object. */
static int
read_value(struct element *e, struct cursor *c, enum piece *piece)
{
	if (!peek(c) && c->at >= c->len)
		return fail_at(c, c->at, "the text ends too early");

	e->n = 0;
	str_clear(&e->texts);
	scanner_start(&e->scan, c->text + c->at, c->len - c->at);
	*piece = scanner_next(&e->scan);
	if (*piece == PIECE_OBJECT ? !read_members(e) : !scanner_skip_value(&e->scan, *piece))
		return explain(c);
	c->at = (size_t)(e->scan.p - c->text);
	return 0;
}

static void
element_dispose(struct element *e)
{
	str_dispose(&e->texts);
	free(e->places);
	free(e->members);
}

/* ---- keys ---- */

/* A copy of key that lives as long as seen; NULL and err set if it was there before. */
static const char *
remember_key(struct cursor *c, struct seen_key **seen, const char *key, size_t at)
{
	struct seen_key *k;
	size_t len = strlen(key);

	HASH_FIND(hh, *seen, key, len, k);
	if (k) {
		fail_at(c, at, "duplicate object key");
		return NULL;
	}
	k = memory_resize(NULL, sizeof(*k) + len + 1);
	memcpy(k->key, key, len + 1);
	HASH_ADD_KEYPTR(hh, *seen, k->key, len, k);
	return k->key;
}

static void
forget_keys(struct seen_key **seen)
{
	struct seen_key *k, *next;
	HASH_ITER(hh, *seen, k, next) {
		HASH_DEL(*seen, k);
		free(k);
	}
}

/* What is done with the elements of one array or object. */
struct walk {
	struct cursor *c;
	struct element element;
	items_visit *visit;
	void *context;
};

static int walk_value(struct walk *w, const char *pointer);

static int
visit_value(struct walk *w, enum items_shape shape, size_t index, size_t line, const char *key)
{
	struct element *e = &w->element;
	enum piece piece;

	peek(w->c);
	const char *raw = w->c->text + w->c->at;
	if (read_value(e, w->c, &piece) < 0)
		return -1;
	struct item item = {
		.shape = shape,
		.index = index,
		.line = line,
		.key = key,
		.raw = raw,
		.raw_len = (size_t)(w->c->text + w->c->at - raw),
		.is_object = piece == PIECE_OBJECT,
		.members = e->members,
		.n_members = e->n,
	};
	return w->visit(w->context, &item, w->c->err);
}

static int
pass_value(struct walk *w)
{
	enum piece piece;
	return read_value(&w->element, w->c, &piece);
}

/* Is name, "~1" and "~0" decoded, the pointer's first token? */
static bool
token_is(const char *pointer, const char *name)
{
	const char *p = pointer + 1;
	for (; *p && *p != '/'; p++, name++) {
		char c = *p;
		if (c == '~' && (p[1] == '0' || p[1] == '1'))
			c = *++p == '0' ? '~' : '/';
		if (c != *name)
			return false;
	}
	return !*name;
}

/* The rest of a pointer after its first token. */
static const char *
pointer_rest(const char *pointer)
{
	const char *slash = strchr(pointer + 1, '/');
	return slash ? slash : "";
}

static int
walk_array(struct walk *w, const char *pointer)
{
	struct cursor *c = w->c;
	bool found = !*pointer;

	c->at++;
	if (peek(c) == ']') {
		c->at++;
		return found ? 0 : error_set(c->err, "%s: %s: no such element", c->file, pointer);
	}
	for (size_t index = 0;; index++) {
		int ret;
		if (!*pointer) {
			ret = visit_value(w, ITEMS_ARRAY, index, 0, NULL);
		} else {
			char name[24];
			snprintf(name, sizeof(name), "%zu", index);
			if (token_is(pointer, name)) {
				found = true;
				ret = walk_value(w, pointer_rest(pointer));
			} else {
				ret = pass_value(w);
			}
		}
		if (ret < 0)
			return -1;
		if (peek(c) == ']')
			break;
		if (expect(c, ',') < 0)
			return -1;
	}
	c->at++;
	return found ? 0 : error_set(c->err, "%s: %s: no such element", c->file, pointer);
}

/* What is behind the key name. */
static int
walk_named(struct walk *w, const char *pointer, const char *name, size_t index, bool *found)
{
	if (!*pointer)
		return visit_value(w, ITEMS_OBJECT, index, 0, name);
	if (!token_is(pointer, name))
		return pass_value(w);
	*found = true;
	return walk_value(w, pointer_rest(pointer));
}

/* One member, from its key to its value's end. */
static int
walk_member(struct walk *w, const char *pointer, size_t index, struct seen_key **seen,
            bool *found)
{
	struct cursor *c = w->c;

	if (peek(c) != '"')
		return fail_at(c, c->at, "expected a string as key");
	size_t at = c->at;
	if (pass_value(w) < 0)
		return -1;
	const char *name = remember_key(c, seen, w->element.scan.text, at);
	if (!name || expect(c, ':') < 0)
		return -1;
	return walk_named(w, pointer, name, index, found);
}

static int
walk_object(struct walk *w, const char *pointer)
{
	struct cursor *c = w->c;
	struct seen_key *seen = NULL;
	bool found = !*pointer;
	int ret = 0;

	c->at++;
	if (peek(c) == '}') {
		c->at++;
		return found ? 0 : error_set(c->err, "%s: %s: no such member", c->file, pointer);
	}
	for (size_t index = 0;; index++) {
		ret = walk_member(w, pointer, index, &seen, &found);
		if (ret < 0 || peek(c) == '}')
			break;
		ret = expect(c, ',');
		if (ret < 0)
			break;
	}
	forget_keys(&seen);
	if (ret < 0)
		return -1;
	c->at++;
	return found ? 0 : error_set(c->err, "%s: %s: no such member", c->file, pointer);
}

static int
walk_value(struct walk *w, const char *pointer)
{
	switch (peek(w->c)) {
	case '[':
		return walk_array(w, pointer);
	case '{':
		return walk_object(w, pointer);
	default:
		return fail_at(w->c, w->c->at, "expected an array or an object");
	}
}

/* One value a line; blank lines do not count. */
static int
walk_lines(struct walk *w)
{
	struct cursor *c = w->c;
	size_t line = 1, counted = 0;

	for (size_t index = 0; peek(c); index++) {
		for (; counted < c->at; counted++)
			line += c->text[counted] == '\n';
		if (visit_value(w, ITEMS_LINES, index, line, NULL) < 0)
			return -1;

		size_t end = c->at;
		if (peek(c) && !memchr(c->text + end, '\n', c->at - end))
			return fail_at(c, c->at, "expected the end of the line");
	}
	return 0;
}

/* Does text start as an object whose first member is a hash and an object? */
static bool
keyed_by_hash(const struct cursor *start)
{
	struct cursor c = *start;
	c.at++;
	if (peek(&c) != '"')
		return false;
	size_t digits = strspn(c.text + c.at + 1, "0123456789abcdefABCDEF");
	if (digits < 4 || digits > 40)
		return false;
	c.at += digits + 1;
	if (c.text[c.at++] != '"' || peek(&c) != ':')
		return false;
	c.at++;
	return peek(&c) == '{';
}

static int
walk_text(struct walk *w, const char *pointer)
{
	struct cursor *c = w->c;
	char first = peek(c);

	if (!first && c->at >= c->len)
		return fail_at(c, c->at, "the file is empty");
	if (first == '{' && !*pointer && !keyed_by_hash(c))
		return walk_lines(w);
	if (walk_value(w, pointer) < 0)
		return -1;
	if (peek(c) || c->at < c->len)
		return fail_at(c, c->at, "more text follows the end of the value");
	return 0;
}

int
items_each(const char *file, const char *text, size_t len, const char *pointer,
           items_visit *visit, void *context, struct error *err)
{
	struct cursor c = { file, text, len, 0, err };
	struct walk w = { .c = &c, .visit = visit, .context = context };

	int ret = walk_text(&w, pointer);
	element_dispose(&w.element);
	return ret;
}

const struct member *
item_member(const struct item *item, const char *name)
{
	for (size_t i = 0; i < item->n_members; i++)
		if (strcmp(item->members[i].name, name) == 0)
			return &item->members[i];
	return NULL;
}
