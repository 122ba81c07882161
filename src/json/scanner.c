#include "json/scanner.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json/plain.h"

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
scanner_start(struct scanner *s, const char *bytes, size_t len)
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

static enum piece
broken(struct scanner *s)
{
	s->cut = s->p == s->end;
	s->expect = EXPECT_BROKEN;
	return PIECE_BROKEN;
}

static void
skip_blanks(struct scanner *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
take(struct scanner *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Add all bytes of one character or none. */
static void
keep(struct scanner *s, const char *bytes, size_t n)
{
	if (s->too_long || n > SCANNER_TEXT - s->len) {
		s->too_long = true;
		return;
	}
	memcpy(s->text + s->len, bytes, n);
	s->len += n;
}

static void
keep_code_point(struct scanner *s, uint32_t c)
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
take_hex4(struct scanner *s, uint32_t *out)
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
take_unicode_escape(struct scanner *s)
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
take_escape(struct scanner *s)
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

/* Most of most strings, at once. */
static void
take_plain(struct scanner *s)
{
	size_t n = plain_length(s->p, (size_t)(s->end - s->p)), room = s->too_long ? 0 : SCANNER_TEXT - s->len;

	keep(s, s->p, n < room ? n : room);
	s->too_long = s->too_long || n > room;
	s->p += n;
}

/* The rest of a string, behind its first quote. */
static bool
take_string(struct scanner *s)
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
take_digits(struct scanner *s)
{
	const char *start = s->p;
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start;
}

static bool
take_number(struct scanner *s)
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
scanner_number(const struct scanner *s)
{
	char copy[64];
	size_t n = s->number_len < sizeof(copy) ? s->number_len : sizeof(copy) - 1;
	memcpy(copy, s->number, n);
	copy[n] = '\0';
	return strtod(copy, NULL);
}

static bool
take_word(struct scanner *s, const char *word)
{
	while (*word)
		if (!take(s, *word++))
			return false;
	return true;
}

/* A value ended: what may follow it? */
static enum piece
closed(struct scanner *s, enum piece piece)
{
	s->expect = s->depth ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
	return piece;
}

static enum piece
opened(struct scanner *s, bool object)
{
	if (s->depth == SCANNER_DEPTH)
		return broken(s);
	s->in_object[s->depth++] = object;
	s->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return object ? PIECE_OBJECT : PIECE_ARRAY;
}

static enum piece
next_value(struct scanner *s)
{
	if (s->p == s->end)
		return broken(s);
	switch (*s->p) {
	case '{':
	case '[':
		return opened(s, *s->p++ == '{');
	case '"':
		s->p++;
		return take_string(s) ? closed(s, PIECE_STRING) : broken(s);
	case 't':
		return take_word(s, "true") ? closed(s, PIECE_TRUE) : broken(s);
	case 'f':
		return take_word(s, "false") ? closed(s, PIECE_FALSE) : broken(s);
	case 'n':
		return take_word(s, "null") ? closed(s, PIECE_NULL) : broken(s);
	default:
		return take_number(s) ? closed(s, PIECE_NUMBER) : broken(s);
	}
}

static enum piece
next_key(struct scanner *s)
{
	if (!take(s, '"') || !take_string(s))
		return broken(s);
	skip_blanks(s);
	if (!take(s, ':'))
		return broken(s);
	s->expect = EXPECT_VALUE;
	return PIECE_KEY;
}

static bool
take_end(struct scanner *s, enum piece *piece)
{
	assert(s->depth);
	bool object = s->in_object[s->depth - 1];
	if (!take(s, object ? '}' : ']'))
		return false;
	s->depth--;
	*piece = closed(s, object ? PIECE_OBJECT_END : PIECE_ARRAY_END);
	return true;
}

enum piece
scanner_next(struct scanner *s)
{
	enum piece piece;

	if (s->expect == EXPECT_BROKEN)
		return PIECE_BROKEN;
	skip_blanks(s);
	switch (s->expect) {
	case EXPECT_NOTHING:
		return s->p == s->end ? PIECE_END : broken(s);
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
scanner_skip(struct scanner *s)
{
	unsigned outside = s->depth - 1;
	while (s->depth > outside)
		if (scanner_next(s) == PIECE_BROKEN)
			return false;
	return true;
}

bool
scanner_skip_value(struct scanner *s, enum piece first)
{
	if (first == PIECE_OBJECT || first == PIECE_ARRAY)
		return scanner_skip(s);
	return first != PIECE_BROKEN;
}
