#include "git/hunk_place.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void
text_lines_add(struct text_lines *lines, const char *at, size_t len)
{
	lines->line = memory_grow(lines->line, &lines->cap, lines->n, sizeof(*lines->line));
	lines->line[lines->n++] = (struct text_line){ at, len };
}

void
text_lines_split(struct text_lines *lines, const char *text, size_t len)
{
	while (len) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline ? (size_t)(newline + 1 - text) : len;
		text_lines_add(lines, text, n);
		text += n;
		len -= n;
	}
}

void
text_lines_dispose(struct text_lines *lines)
{
	free(lines->line);
	*lines = (struct text_lines){ 0 };
}

static bool
fits_at(const struct text_lines *file, const struct hunk_fit *hunk, size_t at)
{
	size_t n = hunk->want->n;
	if (at < hunk->least || at > file->n || n > file->n - at ||
	    (hunk->at_start && at != 0) || (hunk->at_end && at + n != file->n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct text_line *have = &file->line[at + i], *want = &hunk->want->line[i];
		if (have->len != want->len || memcmp(have->at, want->at, want->len) != 0)
			return false;
	}
	return true;
}

bool
hunk_place(size_t *line, const struct text_lines *file, const struct hunk_fit *hunk)
{
	size_t expected = hunk->expected < file->n ? hunk->expected : file->n;
	for (size_t away = 0; away <= file->n; away++) {
		if (away <= expected && fits_at(file, hunk, expected - away))
			*line = expected - away;
		else if (fits_at(file, hunk, expected + away))
			*line = expected + away;
		else
			continue;
		return true;
	}
	return false;
}
