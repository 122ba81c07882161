#include "json/doc.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

/* What is no UTF-8 would make the whole document none. */
static size_t
add_character(struct str *out, const char *p)
{
	size_t len = utf8_len(p);

	str_add_bytes(out, len ? p : UTF8_REPLACEMENT, len ? len : strlen(UTF8_REPLACEMENT));
	return len ? len : 1;
}

static bool
is_plain(char c)
{
	return (unsigned char)(c - 0x20) < 0x60 && c != '"' && c != '\\';
}

#define EACH(byte) ((uint64_t)(byte) * 0x0101010101010101u)

/*
 * Eight at once, as a number: the highest bit of a byte is set if it was, or by a borrow if the
 * byte is below 0x20, a quote or a backslash, which are zero after the exclusive or.
 */
static bool
are_plain(const char bytes[8])
{
	uint64_t w;

	memcpy(&w, bytes, sizeof(w));
	uint64_t odd = w | (w - EACH(0x20)) | ((w ^ EACH('"')) - EACH(1)) | ((w ^ EACH('\\')) - EACH(1));
	return !(odd & EACH(0x80));
}

/* So many bytes stand for themselves.  A plan of 100,000 images has 60 MB of them. */
static size_t
plain_length(const char *text, size_t len)
{
	size_t n = 0;

	while (len - n >= 8 && are_plain(text + n))
		n += 8;
	while (n < len && is_plain(text[n]))
		n++;
	return n;
}

void
doc_quote(struct str *out, const char *text)
{
	const char *end = text + strlen(text);

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
	str_addf(d->out, "%ld", value);
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
