#include "core/items.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/error.h"
#include "base/memory.h"

/* Where we are in the text. */
struct cursor {
	const char *file;
	const char *text;
	size_t len;
	size_t at;
	struct error *err;
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
	while (c->at < c->len && strchr(" \t\r\n", c->text[c->at]) && c->text[c->at])
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

/* Parse one value; NULL and err set if it is none. */
static json_t *
parse_value(struct cursor *c)
{
	json_error_t why;

	if (!peek(c) && c->at >= c->len) {
		fail_at(c, c->at, "the text ends too early");
		return NULL;
	}
	json_t *value = json_loadb(c->text + c->at, c->len - c->at,
	                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY |
	                           JSON_DISABLE_EOF_CHECK, &why);
	if (!value) {
		fail_at(c, c->at + (size_t)(why.position > 0 ? why.position : 0), why.text);
		return NULL;
	}
	c->at += (size_t)why.position;
	return value;
}

static int
remember_key(struct cursor *c, struct seen_key **seen, const char *key, size_t at)
{
	struct seen_key *k;
	size_t len = strlen(key);

	HASH_FIND(hh, *seen, key, len, k);
	if (k)
		return fail_at(c, at, "duplicate object key");
	k = memory_resize(NULL, sizeof(*k) + len + 1);
	memcpy(k->key, key, len + 1);
	HASH_ADD_KEYPTR(hh, *seen, k->key, len, k);
	return 0;
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
	items_visit *visit;
	void *context;
};

static int walk_value(struct walk *w, const char *pointer);

static int
visit_value(struct walk *w, enum items_shape shape, size_t index, size_t line, const char *key)
{
	json_t *value = parse_value(w->c);
	if (!value)
		return -1;
	struct item item = { shape, index, line, key, value };
	int ret = w->visit(w->context, &item, w->c->err);
	json_decref(value);
	return ret;
}

static int
skip_value(struct cursor *c)
{
	json_t *value = parse_value(c);
	if (!value)
		return -1;
	json_decref(value);
	return 0;
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
				ret = skip_value(c);
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

/* One member, from its key to its value's end. */
static int
walk_member(struct walk *w, const char *pointer, size_t index, struct seen_key **seen,
            bool *found)
{
	struct cursor *c = w->c;

	if (peek(c) != '"')
		return fail_at(c, c->at, "a string as key expected");
	size_t at = c->at;
	json_t *key = parse_value(c);
	if (!key)
		return -1;

	const char *name = json_string_value(key);
	int ret = remember_key(c, seen, name, at);
	if (ret == 0)
		ret = expect(c, ':');
	if (ret == 0) {
		if (!*pointer) {
			ret = visit_value(w, ITEMS_OBJECT, index, 0, name);
		} else if (token_is(pointer, name)) {
			*found = true;
			ret = walk_value(w, pointer_rest(pointer));
		} else {
			ret = skip_value(c);
		}
	}
	json_decref(key);
	return ret;
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
		return fail_at(w->c, w->c->at, "an array or an object expected");
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
			return fail_at(c, c->at, "end of line expected");
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

int
items_each(const char *file, const char *text, size_t len, const char *pointer,
           items_visit *visit, void *context, struct error *err)
{
	struct cursor c = { file, text, len, 0, err };
	struct walk w = { &c, visit, context };
	char first = peek(&c);

	if (!first && c.at >= len)
		return fail_at(&c, c.at, "the file is empty");
	if (first == '{' && !*pointer && !keyed_by_hash(&c))
		return walk_lines(&w);
	if (walk_value(&w, pointer) < 0)
		return -1;
	if (peek(&c) || c.at < len)
		return fail_at(&c, c.at, "something after the end");
	return 0;
}
