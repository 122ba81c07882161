#include "logs/log_lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "logs/log_line.h"
#include "os/file.h"

#define END_BYTES ((size_t)32 * 1024)

static void
keep(struct log_lines *out, const char *line, size_t len, struct arena *a)
{
	char *clean = arena_alloc(a, len + 1);
	size_t n = log_line_clean(clean, line, len);

	clean[n < LOG_LINE_MOST ? n : LOG_LINE_MOST] = '\0';
	out->list[out->n++] = clean;
}

int
log_lines_read(struct log_lines *out, const char *path, long first, long last,
               struct arena *a, struct error *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	*out = (struct log_lines){ .first = first, .list = arena_array(a, LOG_LINES_MOST, sizeof(*out->list)) };
	FILE *file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : error_set(err, "%s: %s", path, strerror(errno));
	for (long number = 1; number <= last && out->n < LOG_LINES_MOST; number++) {
		len = getline(&line, &size, file);
		if (len < 0)
			break;
		if (number >= first)
			keep(out, line, (size_t)len - (line[len - 1] == '\n'), a);
	}
	bool bad = ferror(file);
	int why = errno;
	fclose(file);
	free(line);
	return bad ? error_set(err, "%s: %s", path, strerror(why)) : 0;
}

int
log_lines_read_end(struct log_lines *out, const char *path, size_t n, struct arena *a,
                   struct error *err)
{
	const char *text;
	size_t len, start, found = 0;

	*out = (struct log_lines){ .list = arena_array(a, LOG_LINES_MOST, sizeof(*out->list)) };
	int got = file_read_end(&text, &len, path, END_BYTES, a, err);
	if (got <= 0 || !len || !n)
		return got < 0 ? -1 : 0;
	if (text[len - 1] == '\n')
		len--;
	for (start = len; start && found < n; start--)
		found += text[start - 1] == '\n';
	if (found == n)
		start++;	/* behind the newline before the first */
	while (start <= len && out->n < LOG_LINES_MOST) {
		const char *newline = memchr(text + start, '\n', len - start);
		size_t end = newline ? (size_t)(newline - text) : len;
		keep(out, text + start, end - start, a);
		start = end + 1;
	}
	return 0;
}
