#include "json/pairs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"

static bool
is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

static struct pair *
find(const struct pairs *s, const char *key, size_t len)
{
	for (size_t i = 0; i < s->n; i++)
		if (strncmp(s->items[i].key, key, len) == 0 && !s->items[i].key[len])
			return &s->items[i];
	return NULL;
}

static void
put(struct pairs *s, const char *key, size_t key_len, const char *value, size_t value_len,
    struct arena *a)
{
	struct pair *item = find(s, key, key_len);
	if (!item) {
		s->items = memory_grow(s->items, &s->cap, s->n, sizeof(*s->items));
		item = &s->items[s->n++];
		item->key = arena_copy(a, key, key_len);
	}
	item->value = arena_copy(a, value, value_len);
}

void
pairs_put(struct pairs *s, const char *key, const char *value, struct arena *a)
{
	put(s, key, strlen(key), value, strlen(value), a);
}

int
pairs_parse(struct pairs *s, const char *text, size_t len, const char *place,
               struct arena *a, struct error *err)
{
	const char *end = text + len;
	size_t number = 0;
	for (const char *line = text, *next; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((newline ? newline : end) - line);
		next = newline ? newline + 1 : end;
		number++;
		if (n == 0)
			continue;

		size_t key_len = 0;
		while (key_len < n && is_key_char(line[key_len]))
			key_len++;
		if (key_len == 0 || key_len == n || line[key_len] != '=')
			return error_set(err, "%s:%zu: \"%.*s\" is not key=value", place, number,
			                 (int)(n > 80 ? 80 : n), line);
		if (memchr(line, '\0', n))
			return error_set(err, "%s:%zu: a NUL byte in the value", place, number);
		put(s, line, key_len, line + key_len + 1, n - key_len - 1, a);
	}
	return 0;
}

const char *
pairs_get(const struct pairs *s, const char *key)
{
	const struct pair *found = find(s, key, strlen(key));
	return found ? found->value : NULL;
}

int
pairs_number(long *out, const struct pairs *s, const char *key, long fallback,
                struct error *err)
{
	const char *text = pairs_get(s, key);
	if (!text) {
		*out = fallback;
		return 0;
	}
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 15 || text[digits])
		return error_set(err, "%s: \"%s\" is not a whole number from 0 up", key, text);
	*out = strtol(text, NULL, 10);
	return 0;
}

int
pairs_decimal(double *out, const struct pairs *s, const char *key, double fallback,
                 struct error *err)
{
	const char *text = pairs_get(s, key);
	if (!text) {
		*out = fallback;
		return 0;
	}
	char *end;
	double value = strtod(text, &end);
	size_t len = strlen(text);
	if (end == text || *end || len > 15 || strspn(text, "0123456789.") != len)
		return error_set(err, "%s: \"%s\" is not a number from 0 up", key, text);
	*out = value;
	return 0;
}

void
pairs_dispose(struct pairs *s)
{
	free(s->items);
	*s = (struct pairs){ 0 };
}
