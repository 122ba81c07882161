#include "json/flat_object.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "json/doc.h"
#include "json/pairs.h"
#include "json/scanner.h"

static void
add_key(struct str *out, const char *key)
{
	if (out->data[out->len - 1] != '{')
		str_add(out, ',');
	doc_quote(out, key);
	str_add(out, ':');
}

void
flat_object_start(struct str *out)
{
	str_add(out, '{');
}

void
flat_object_text(struct str *out, const char *key, const char *text)
{
	if (!text)
		return;
	add_key(out, key);
	doc_quote(out, text);
}

void
flat_object_long(struct str *out, const char *key, long value)
{
	add_key(out, key);
	str_addf(out, "%ld", value);
}

void
flat_object_tenths(struct str *out, const char *key, double value)
{
	add_key(out, key);
	str_addf(out, "%.1f", value);
}

void
flat_object_end(struct str *out)
{
	str_add(out, '}');
}

/* Take the value of a member; false if the text is broken there. */
static bool
take_value(struct pairs *s, struct scanner *scan, const char *key, struct arena *a)
{
	const char *start = scan->p;
	switch (scanner_next(scan)) {
	case PIECE_OBJECT:
	case PIECE_ARRAY:
		return scanner_skip(scan);
	case PIECE_STRING:
		pairs_put(s, key, scan->text, a);
		return true;
	case PIECE_NUMBER:
	case PIECE_TRUE:
	case PIECE_FALSE:
	case PIECE_NULL:
		start += strspn(start, ": \t");
		pairs_put(s, key, arena_copy(a, start, (size_t)(scan->p - start)), a);
		return true;
	default:
		return false;
	}
}

int
flat_object_read(struct pairs *s, const char *text, size_t len, struct arena *a)
{
	struct scanner scan;
	scanner_start(&scan, text, len);
	if (scanner_next(&scan) != PIECE_OBJECT)
		return -1;
	for (;;) {
		enum piece piece = scanner_next(&scan);
		if (piece == PIECE_OBJECT_END)
			return scanner_next(&scan) == PIECE_END ? 0 : -1;
		if (piece != PIECE_KEY)
			return -1;
		const char *key = arena_strdup(a, scan.text);
		if (!take_value(s, &scan, key, a))
			return -1;
	}
}
