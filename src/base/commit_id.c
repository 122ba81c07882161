#include "base/commit_id.h"

#include <stddef.h>
#include <string.h>

#include "base/error.h"

#define PREFIX_LEAST 4		/* git's own least length of an abbreviation */

/*
 * Each byte's digit in lower case, 0 if it is none.  isxdigit would ask the locale, and
 * comparisons go both ways too often: with 100,000 ids to read that shows.
 */
static const char lower_digit[256] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
	['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd',
	['e'] = 'e', ['f'] = 'f', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e',
	['F'] = 'f',
};

/* How many hex digits text is, lowered into out; 0 if it is anything else. */
static size_t
lower_hex(char out[COMMIT_ID_HEX + 1], const char *text)
{
	size_t n = 0;
	for (; text[n]; n++) {
		if (n == COMMIT_ID_HEX)
			return 0;
		out[n] = lower_digit[(unsigned char)text[n]];
		if (!out[n])
			return 0;
	}
	out[n] = '\0';
	return n;
}

int
commit_id_parse(struct commit_id *out, const char *text, struct error *err)
{
	struct commit_id id;
	if (lower_hex(id.hex, text) != COMMIT_ID_HEX)
		return error_set(err, "\"%.60s\" is not 40 hex digits", text);
	*out = id;
	return 0;
}

int
commit_id_parse_prefix(char out[COMMIT_ID_HEX + 1], const char *text, struct error *err)
{
	char hex[COMMIT_ID_HEX + 1];
	size_t n = lower_hex(hex, text);
	if (n < PREFIX_LEAST)
		return error_set(err, "\"%.60s\" is not 4 to 40 hex digits", text);
	memcpy(out, hex, n + 1);
	return 0;
}

bool
commit_id_has_prefix(const struct commit_id *id, const char *prefix)
{
	return strncmp(id->hex, prefix, strlen(prefix)) == 0;
}

bool
commit_id_equal(const struct commit_id *a, const struct commit_id *b)
{
	return memcmp(a->hex, b->hex, COMMIT_ID_HEX) == 0;
}
