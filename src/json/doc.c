#include "json/doc.h"

#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "json/plain.h"

/* What is no UTF-8 would make the whole document none. */
static size_t
add_character(struct str *out, const char *p)
{
	size_t len = utf8_len(p);

	str_add_bytes(out, len ? p : UTF8_REPLACEMENT, len ? len : strlen(UTF8_REPLACEMENT));
	return len ? len : 1;
}

static void
add_plain_quoted(struct str *out, const char *text, size_t len)
{
	char *to = str_extend(out, len + 2);

	to[0] = '"';
	memcpy(to + 1, text, len);
	to[len + 1] = '"';
}

void
doc_quote(struct str *out, const char *text)
{
	size_t len = strlen(text);
	const char *end = text + len;

	if (plain_length(text, len) == len) {
		add_plain_quoted(out, text, len);
		return;
	}
	str_add(out, '"');
	for (const char *p = text; p < end;) {
		size_t plain = plain_length(p, (size_t)(end - p));
		str_add_bytes(out, p, plain);
		p += plain;
		if (p == end)
			break;
		if ((unsigned char)*p >= 0x80) {
			p += add_character(out, p);
			continue;
		}
		if (*p == '"' || *p == '\\')
			str_addf(out, "\\%c", *p);
		else
			str_addf(out, "\\u%04x", (unsigned)*p);
		p++;
	}
	str_add(out, '"');
}

/* A new line, two blanks a level; nothing if it is dense. */
static void
add_line(struct doc *d)
{
	static const char blanks[] = "                ";
	size_t n = 2 * (size_t)d->depth, most = sizeof(blanks) - 1;

	if (d->dense)
		return;
	str_add(d->out, '\n');
	for (; n > most; n -= most)
		str_add_bytes(d->out, blanks, most);
	str_add_bytes(d->out, blanks, n);
}

/* A comma if one is due, the line's start, and the key. */
static void
start(struct doc *d, const char *key)
{
	if (d->depth) {
		if (d->not_first)
			str_add(d->out, ',');
		add_line(d);
	}
	d->not_first = true;
	if (key) {
		doc_quote(d->out, key);
		str_adds(d->out, d->dense ? ":" : ": ");
	}
}

void
doc_dense_key(struct doc *d, const char *quoted, size_t len)
{
	if (d->not_first)
		str_add(d->out, ',');
	str_add_bytes(d->out, quoted, len);
	d->not_first = false;
}

void
doc_open(struct doc *d, const char *key, char bracket)
{
	start(d, key);
	str_add(d->out, bracket);
	d->depth++;
	d->not_first = false;
}

void
doc_close(struct doc *d, char bracket)
{
	d->depth--;
	if (d->not_first)
		add_line(d);
	str_add(d->out, bracket);
	d->not_first = true;
	if (!d->depth && !d->dense)
		str_add(d->out, '\n');
}

void
doc_string(struct doc *d, const char *key, const char *value)
{
	start(d, key);
	if (value)
		doc_quote(d->out, value);
	else
		str_adds(d->out, "null");
}

void
doc_long(struct doc *d, const char *key, long value)
{
	start(d, key);
	str_add_number(d->out, value);
}

void
doc_bool(struct doc *d, const char *key, bool value)
{
	start(d, key);
	str_adds(d->out, value ? "true" : "false");
}

void
doc_strings(struct doc *d, const char *key, const char *const *values, size_t n)
{
	start(d, key);
	str_add(d->out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_adds(d->out, ", ");
		doc_quote(d->out, values[i]);
	}
	str_add(d->out, ']');
}
