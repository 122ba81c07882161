#include "registry/oci_error.h"

#include <stdio.h>
#include <string.h>

#include "json/scanner.h"

struct reader {
	struct scanner scan;
	struct oci_error *out;
	char code[64], message[128];
};

/* A person will see text from outside: cut it, and drop all that a terminal acts on. */
static void
copy_clean(char *to, size_t size, const char *from)
{
	size_t n = 0;
	for (; *from && n + 1 < size; from++)
		to[n++] = *from < ' ' || *from > '~' ? '?' : *from;
	to[n] = '\0';
}

/* The value of a member; if it is a string, it goes into `to`. */
static bool
read_text(struct reader *r, char *to, size_t size)
{
	enum piece piece = scanner_next(&r->scan);
	if (piece == PIECE_STRING)
		copy_clean(to, size, r->scan.text);
	return scanner_skip_value(&r->scan, piece);
}

static bool
read_entry(struct reader *r)
{
	enum piece piece;
	char code[sizeof(r->code)] = "", message[sizeof(r->message)] = "", other[2];

	while ((piece = scanner_next(&r->scan)) == PIECE_KEY) {
		bool read;
		if (strcmp(r->scan.text, "code") == 0)
			read = read_text(r, code, sizeof(code));
		else if (strcmp(r->scan.text, "message") == 0)
			read = read_text(r, message, sizeof(message));
		else
			read = read_text(r, other, sizeof(other));
		if (!read)
			return false;
	}
	if (piece != PIECE_OBJECT_END)
		return false;

	r->out->found |= *code != '\0';
	r->out->name_unknown |= strcmp(code, "NAME_UNKNOWN") == 0;
	r->out->manifest_unknown |= strcmp(code, "MANIFEST_UNKNOWN") == 0;
	if (!*r->code && !*r->message) {
		memcpy(r->code, code, sizeof(code));
		memcpy(r->message, message, sizeof(message));
	}
	return true;
}

static bool
read_entries(struct reader *r)
{
	enum piece piece = scanner_next(&r->scan);
	if (piece != PIECE_ARRAY)
		return scanner_skip_value(&r->scan, piece);

	while ((piece = scanner_next(&r->scan)) != PIECE_ARRAY_END)
		if (!(piece == PIECE_OBJECT ? read_entry(r) : scanner_skip_value(&r->scan, piece)))
			return false;
	return true;
}

static bool
read_body(struct reader *r)
{
	enum piece piece;
	char other[2];

	if (scanner_next(&r->scan) != PIECE_OBJECT)
		return false;
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY) {
		bool read;
		if (strcmp(r->scan.text, "errors") == 0)
			read = read_entries(r);
		else if (!*r->message && (strcmp(r->scan.text, "message") == 0 ||
		                          strcmp(r->scan.text, "detail") == 0))
			read = read_text(r, r->message, sizeof(r->message));
		else
			read = read_text(r, other, sizeof(other));
		if (!read)
			return false;
	}
	return piece == PIECE_OBJECT_END && scanner_next(&r->scan) == PIECE_END;
}

void
oci_error_parse(struct oci_error *out, const char *body, size_t len)
{
	struct reader r = { .out = out };

	*out = (struct oci_error){ 0 };
	scanner_start(&r.scan, body, len);
	if (!read_body(&r)) {
		*out = (struct oci_error){ 0 };
		return;
	}

	snprintf(out->words, sizeof(out->words), "%.60s%s%.96s", r.code,
	         *r.code && *r.message ? ": " : "", r.message);
}
