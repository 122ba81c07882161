#include "base/utf8.h"

#include <stdbool.h>

#include "base/str.h"

/* A row: the first byte, the bounds of the second, how many bytes in all. */
static const struct {
	unsigned char least, most, second_least, second_most, len;
} forms[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool
is_continuation(unsigned char c)
{
	return c >= 0x80 && c <= 0xbf;
}

size_t
utf8_len(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	if (*p < 0x80)
		return *p != 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (*p < forms[i].least || *p > forms[i].most)
			continue;
		if (p[1] < forms[i].second_least || p[1] > forms[i].second_most)
			return 0;
		for (size_t n = 2; n < forms[i].len; n++)
			if (!is_continuation(p[n]))
				return 0;
		return forms[i].len;
	}
	return 0;
}

int
utf8_is_control(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	if (len == 1)
		return *p < 0x20 || *p == 0x7f;
	if (len == 2)
		return *p == 0xc2 && p[1] < 0xa0;	/* U+0080 to U+009F */
	if (len != 3 || *p != 0xe2)
		return len == 3 && *p == 0xef && p[1] == 0xbb && p[2] == 0xbf;	/* U+FEFF */
	if (p[1] == 0x80)	/* U+200B to U+200F, U+2028 to U+202E */
		return (p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae);
	return p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf;	/* U+2060 to U+206F */
}

/* Add one character, cleaned.  Returns the bytes of text that it took. */
static size_t
add_character(struct str *out, const char *text)
{
	size_t len = utf8_len(text);

	if (!len)
		str_adds(out, UTF8_REPLACEMENT);
	else if (utf8_is_control(text, len))
		str_add(out, '?');
	else
		str_add_bytes(out, text, len);
	return len ? len : 1;
}

/* Most of most texts: so many characters that need no look at each. */
static size_t
ascii_length(const char *text)
{
	size_t n = 0;
	while (text[n] >= 0x20 && text[n] < 0x7f)
		n++;
	return n;
}

void
utf8_add_clean(struct str *out, const char *text)
{
	while (*text) {
		size_t n = ascii_length(text);
		if (n)
			str_add_bytes(out, text, n);
		text += n ? n : add_character(out, text);
	}
}

size_t
utf8_columns(const char *text)
{
	size_t n = 0;

	for (; *text; n++) {
		size_t len = utf8_len(text);
		text += len ? len : 1;
	}
	return n;
}

void
utf8_add_column(struct str *out, const char *text, size_t columns)
{
	size_t have = utf8_columns(text);
	size_t shown = have > columns ? columns - 1 : have;

	for (size_t i = 0; i < shown; i++)
		text += add_character(out, text);
	if (have > columns)
		str_adds(out, "\xe2\x80\xa6");
	for (size_t i = have; i < columns; i++)
		str_add(out, ' ');
}
