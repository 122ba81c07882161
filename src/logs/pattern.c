#include "logs/pattern.h"

#include <string.h>

enum place {
	PLACE_ANYWHERE,
	PLACE_START,
	PLACE_THIS_WORD,
	PLACE_MESSAGE,
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum place
read_place(const char **pattern)
{
	if (**pattern == '^') {
		++*pattern;
		return PLACE_START;
	}
	if (**pattern == '@') {
		++*pattern;
		return PLACE_MESSAGE;
	}
	return PLACE_ANYWHERE;
}

static bool
starts_message(const char *line, size_t at)
{
	if (at == 0)
		return true;
	char before = line[at - 1];
	if (before == '(')
		return true;
	if (at < 2)
		return false;
	return (before == ' ' && strchr(":]=-.,;", line[at - 2])) ||
	       (before == '"' && line[at - 2] == '=');
}

/* May a segment that is looked for from start on stand at this place?  *last: nor behind it. */
static bool
allowed(enum place place, const char *line, size_t start, size_t at, bool *last)
{
	switch (place) {
	case PLACE_START:
		*last = true;
		return true;
	case PLACE_THIS_WORD:
		*last = at > start && (line[at - 1] == ' ' || line[at - 1] == '\t');
		return !*last;
	case PLACE_MESSAGE:
		return starts_message(line, at);
	case PLACE_ANYWHERE:
		break;
	}
	return true;
}

/* Where the segment, put at this place, ends; 0 if it does not fit (it is never empty). */
static size_t
fits(const char *segment, size_t n, const char *line, size_t len, size_t at)
{
	for (size_t i = 0; i < n; i++) {
		if (segment[i] == '#') {
			if (at == len || !is_digit(line[at]))
				return 0;
			while (at < len && is_digit(line[at]))
				at++;
		} else if (at == len || line[at] != segment[i]) {
			return 0;
		} else {
			at++;
		}
	}
	return at;
}

/* The leftmost end of the segment from *at on that ends the line if it has to. */
static bool
find(const char *segment, size_t n, enum place place, bool to_end, const char *line, size_t len,
     size_t *at)
{
	if (place == PLACE_ANYWHERE && !to_end && !memchr(segment, '#', n)) {
		const char *found = memmem(line + *at, len - *at, segment, n);
		if (found)
			*at = (size_t)(found - line) + n;
		return found;
	}

	bool last = false;
	for (size_t i = *at; i < len && !last; i++) {
		if (!allowed(place, line, *at, i, &last))
			continue;
		size_t end = fits(segment, n, line, len, i);
		if (end && (!to_end || end == len)) {
			*at = end;
			return true;
		}
	}
	return false;
}

bool
pattern_matches(const char *pattern, const char *line, size_t len)
{
	enum place place = read_place(&pattern);
	size_t at = 0;
	while (*pattern) {
		if (*pattern == '*' || *pattern == '~') {
			place = *pattern == '*' ? PLACE_ANYWHERE : PLACE_THIS_WORD;
			pattern++;
			continue;
		}
		if (strcmp(pattern, "$") == 0)
			return place == PLACE_ANYWHERE || at == len;
		size_t n = strcspn(pattern, "*~$");
		if (!find(pattern, n, place, pattern[n] == '$', line, len, &at))
			return false;
		pattern += n;
		if (*pattern == '$')
			return true;
	}
	return true;
}

size_t
pattern_needle(char *out, size_t max, const char *pattern)
{
	bool at_start = read_place(&pattern) == PLACE_START;
	size_t best = 0;
	for (const char *p = pattern; *p;) {
		size_t n = strcspn(p, "*~#$"), start = at_start && p == pattern;
		if (n && n + start > best) {
			best = n + start < max ? n + start : max;
			if (start)
				out[0] = '\n';
			memcpy(out + start, p, best - start);
		}
		p += n;
		if (*p)
			p++;
	}
	return best;
}
