#include "core/json_line.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/doc.h"
#include "core/json_scan.h"
#include "core/settings.h"

static void
add_key(struct str *out, const char *key)
{
	if (out->data[out->len - 1] != '{')
		str_add(out, ',');
	doc_quote(out, key);
	str_add(out, ':');
}

void
json_line_start(struct str *out)
{
	str_add(out, '{');
}

void
json_line_text(struct str *out, const char *key, const char *text)
{
	if (!text)
		return;
	add_key(out, key);
	doc_quote(out, text);
}

void
json_line_long(struct str *out, const char *key, long value)
{
	add_key(out, key);
	str_addf(out, "%ld", value);
}

void
json_line_tenths(struct str *out, const char *key, double value)
{
	add_key(out, key);
	str_addf(out, "%.1f", value);
}

void
json_line_end(struct str *out)
{
	str_add(out, '}');
}

/* Take the value of a member; false if the text is broken there. */
static bool
take_value(struct settings *s, struct json_scan *scan, const char *key, struct arena *a)
{
	const char *start = scan->p;
	switch (json_scan_next(scan)) {
	case JSON_PIECE_OBJECT:
	case JSON_PIECE_ARRAY:
		return json_scan_skip(scan);
	case JSON_PIECE_STRING:
		settings_put(s, key, scan->text, a);
		return true;
	case JSON_PIECE_NUMBER:
	case JSON_PIECE_TRUE:
	case JSON_PIECE_FALSE:
	case JSON_PIECE_NULL:
		start += strspn(start, ": \t");
		settings_put(s, key, arena_copy(a, start, (size_t)(scan->p - start)), a);
		return true;
	default:
		return false;
	}
}

int
json_line_read(struct settings *s, const char *text, size_t len, struct arena *a)
{
	struct json_scan scan;
	json_scan_start(&scan, text, len);
	if (json_scan_next(&scan) != JSON_PIECE_OBJECT)
		return -1;
	for (;;) {
		enum json_piece piece = json_scan_next(&scan);
		if (piece == JSON_PIECE_OBJECT_END)
			return json_scan_next(&scan) == JSON_PIECE_END ? 0 : -1;
		if (piece != JSON_PIECE_KEY)
			return -1;
		const char *key = arena_strdup(a, scan.text);
		if (!take_value(s, &scan, key, a))
			return -1;
	}
}
