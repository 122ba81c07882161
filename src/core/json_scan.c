#include "core/json_scan.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What may come next. */
enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END,	/* behind [ */
	EXPECT_KEY_OR_END,	/* behind { */
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING,
	EXPECT_BROKEN,
};

void
json_scan_start(struct json_scan *s, const char *bytes, size_t len)
{
	s->p = bytes;
	s->end = bytes + len;
	s->depth = 0;
	s->expect = EXPECT_VALUE;
	s->cut = false;
	s->text[0] = '\0';
	s->len = 0;
	s->too_long = false;
	s->number = bytes;
	s->number_len = 0;
}

static enum json_piece
broken(struct json_scan *s)
{
	s->cut = s->p == s->end;
	s->expect = EXPECT_BROKEN;
	return JSON_PIECE_BROKEN;
}

static void
skip_blanks(struct json_scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
take(struct json_scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Add all bytes of one character or none. */
static void
keep(struct json_scan *s, const char *bytes, size_t n)
{
	if (s->too_long || n > JSON_SCAN_TEXT - s->len) {
		s->too_long = true;
		return;
	}
	memcpy(s->text + s->len, bytes, n);
	s->len += n;
}

static void
keep_code_point(struct json_scan *s, uint32_t c)
{
	char b[4];
	size_t n;

	if (c < 0x80) {
		b[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		n = 2;
	} else if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		n = 3;
	} else {
		b[0] = (char)(0xf0 | c >> 18);
		b[1] = (char)(0x80 | (c >> 12 & 0x3f));
		b[2] = (char)(0x80 | (c >> 6 & 0x3f));
		b[3] = (char)(0x80 | (c & 0x3f));
		n = 4;
	}
	keep(s, b, n);
}

/* Four hex digits of an escape. */
static bool
take_hex4(struct json_scan *s, uint32_t *out)
{
	uint32_t v = 0;
	for (int i = 0; i < 4; i++, s->p++) {
		if (s->p == s->end)
			return false;
		char c = *s->p;
		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint32_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v << 4 | (uint32_t)(c - 'A' + 10);
		else
			return false;
	}
	*out = v;
	return true;
}

static bool
take_unicode_escape(struct json_scan *s)
{
	uint32_t c, low;
	if (!take_hex4(s, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00) {
		if (!take(s, '\\') || !take(s, 'u') || !take_hex4(s, &low) ||
		    low < 0xdc00 || low > 0xdfff)
			return false;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if ((c >= 0xdc00 && c < 0xe000) || c == 0) {
		return false;
	}
	keep_code_point(s, c);
	return true;
}

static bool
take_escape(struct json_scan *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	if (s->p == s->end)
		return false;
	if (take(s, 'u'))
		return take_unicode_escape(s);
	const char *at = *s->p ? strchr(from, *s->p) : NULL;
	if (!at)
		return false;
	s->p++;
	keep(s, &to[at - from], 1);
	return true;
}

/* How many bytes the UTF-8 character at p has, 0 if it is none. */
static size_t
character_len(const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t left = (size_t)(end - p), n;
	uint32_t least, c;

	if (u[0] < 0x80)
		return 1;
	if (u[0] >= 0xc2 && u[0] < 0xe0)
		n = 2, least = 0x80, c = u[0] & 0x1fu;
	else if (u[0] >= 0xe0 && u[0] < 0xf0)
		n = 3, least = 0x800, c = u[0] & 0x0fu;
	else if (u[0] >= 0xf0 && u[0] < 0xf5)
		n = 4, least = 0x10000, c = u[0] & 0x07u;
	else
		return 0;
	if (left < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3fu);
	}
	return c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? 0 : n;
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/* Most of most strings, at once: a character at a time this took half of all the time. */
static void
take_plain(struct json_scan *s)
{
	const char *start = s->p;

	while (s->p < s->end && is_plain(*s->p))
		s->p++;
	size_t n = (size_t)(s->p - start), room = s->too_long ? 0 : JSON_SCAN_TEXT - s->len;
	keep(s, start, n < room ? n : room);
	s->too_long = s->too_long || n > room;
}

/* The rest of a string, behind its first quote. */
static bool
take_string(struct json_scan *s)
{
	s->len = 0;
	s->too_long = false;
	while (s->p < s->end) {
		take_plain(s);
		if (s->p == s->end)
			return false;
		if (take(s, '"')) {
			s->text[s->len] = '\0';
			return true;
		}
		if (take(s, '\\')) {
			if (!take_escape(s))
				return false;
			continue;
		}
		if ((unsigned char)*s->p < 0x20)
			return false;
		size_t n = character_len(s->p, s->end);
		if (n == 0)
			return false;
		keep(s, s->p, n);
		s->p += n;
	}
	return false;
}

static bool
take_digits(struct json_scan *s)
{
	const char *start = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start;
}

static bool
take_number(struct json_scan *s)
{
	const char *start = s->p;

	take(s, '-');
	if (!take(s, '0') && !take_digits(s))
		return false;
	if (take(s, '.') && !take_digits(s))
		return false;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			take(s, '-');
		if (!take_digits(s))
			return false;
	}
	s->number = start;
	s->number_len = (size_t)(s->p - start);
	return true;
}

double
json_scan_number(const struct json_scan *s)
{
	char copy[64];
	size_t n = s->number_len < sizeof(copy) ? s->number_len : sizeof(copy) - 1;
	memcpy(copy, s->number, n);
	copy[n] = '\0';
	return strtod(copy, NULL);
}

static bool
take_word(struct json_scan *s, const char *word)
{
	while (*word)
		if (!take(s, *word++))
			return false;
	return true;
}

/* A value ended: what may follow it? */
static enum json_piece
closed(struct json_scan *s, enum json_piece piece)
{
	s->expect = s->depth ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
	return piece;
}

static enum json_piece
opened(struct json_scan *s, bool object)
{
	if (s->depth == JSON_SCAN_DEPTH)
		return broken(s);
	s->in_object[s->depth++] = object;
	s->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return object ? JSON_PIECE_OBJECT : JSON_PIECE_ARRAY;
}

static enum json_piece
next_value(struct json_scan *s)
{
	if (s->p == s->end)
		return broken(s);
	switch (*s->p) {
	case '{':
	case '[':
		return opened(s, *s->p++ == '{');
	case '"':
		s->p++;
		return take_string(s) ? closed(s, JSON_PIECE_STRING) : broken(s);
	case 't':
		return take_word(s, "true") ? closed(s, JSON_PIECE_TRUE) : broken(s);
	case 'f':
		return take_word(s, "false") ? closed(s, JSON_PIECE_FALSE) : broken(s);
	case 'n':
		return take_word(s, "null") ? closed(s, JSON_PIECE_NULL) : broken(s);
	default:
		return take_number(s) ? closed(s, JSON_PIECE_NUMBER) : broken(s);
	}
}

static enum json_piece
next_key(struct json_scan *s)
{
	if (!take(s, '"') || !take_string(s))
		return broken(s);
	skip_blanks(s);
	if (!take(s, ':'))
		return broken(s);
	s->expect = EXPECT_VALUE;
	return JSON_PIECE_KEY;
}

static bool
take_end(struct json_scan *s, enum json_piece *piece)
{
	assert(s->depth);
	bool object = s->in_object[s->depth - 1];
	if (!take(s, object ? '}' : ']'))
		return false;
	s->depth--;
	*piece = closed(s, object ? JSON_PIECE_OBJECT_END : JSON_PIECE_ARRAY_END);
	return true;
}

enum json_piece
json_scan_next(struct json_scan *s)
{
	enum json_piece piece;

	if (s->expect == EXPECT_BROKEN)
		return JSON_PIECE_BROKEN;
	skip_blanks(s);
	switch (s->expect) {
	case EXPECT_NOTHING:
		return s->p == s->end ? JSON_PIECE_END : broken(s);
	case EXPECT_COMMA_OR_END:
		if (take_end(s, &piece))
			return piece;
		if (!take(s, ','))
			return broken(s);
		skip_blanks(s);
		return s->in_object[s->depth - 1] ? next_key(s) : next_value(s);
	case EXPECT_KEY_OR_END:
		return take_end(s, &piece) ? piece : next_key(s);
	case EXPECT_VALUE_OR_END:
		return take_end(s, &piece) ? piece : next_value(s);
	default:
		return next_value(s);
	}
}

bool
json_scan_skip(struct json_scan *s)
{
	unsigned outside = s->depth - 1;
	while (s->depth > outside)
		if (json_scan_next(s) == JSON_PIECE_BROKEN)
			return false;
	return true;
}
