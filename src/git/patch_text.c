#include "git/patch_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* What a line is, told from where it stands: a hunk's lines may look like any other. */
enum line_kind {
	LINE_OTHER,	/* mail, header, binary data */
	LINE_GIT,	/* diff --git */
	LINE_PLAIN,	/* "---", with "+++" and a hunk behind it and no "diff --git" before */
	LINE_HUNK,	/* @@ */
	LINE_BODY,	/* of a hunk */
};

struct hunk {
	long old_start, old_lines, new_start, new_lines;
};

struct scan {
	const char *next;
	const char *end;
	const char *line;	/* the line that stands, with its newline if it has one */
	size_t len;
	enum line_kind kind;
	struct hunk hunk;	/* of a LINE_HUNK */
	size_t numbers;		/* how much of its line they take */
	long old_left;		/* lines that the hunk has still to come */
	long new_left;
	bool header_open;	/* a "diff --git" came, and no hunk yet */
};

static bool
starts(const char *line, size_t len, const char *with)
{
	size_t n = strlen(with);
	return len >= n && memcmp(line, with, n) == 0;
}

static size_t
line_len(const char *line, const char *end)
{
	const char *newline = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
	return (size_t)((newline ? newline + 1 : end) - line);
}

/* "-12,3" or "-12": the length of what was read, 0 if it is anything else. */
static size_t
read_range(long *start, long *lines, const char *text, size_t len, char sign)
{
	long numbers[2] = { 0, 1 };
	size_t i = 0;
	if (len == 0 || text[i++] != sign)
		return 0;
	for (int k = 0; k < 2; k++) {
		size_t first = i;
		long n = 0;
		while (i < len && text[i] >= '0' && text[i] <= '9' && n < 100000000)
			n = n * 10 + (text[i++] - '0');
		if (i == first)
			return 0;
		numbers[k] = n;
		if (k == 1 || i == len || text[i] != ',')
			break;
		i++;
	}
	*start = numbers[0];
	*lines = numbers[1];
	return i;
}

/* Length of "@@ -a,b +c,d" at the start of a line, 0 if it is no hunk. */
static size_t
read_hunk(struct hunk *h, const char *line, size_t len)
{
	if (!starts(line, len, "@@ -"))
		return 0;
	size_t old = read_range(&h->old_start, &h->old_lines, line + 3, len - 3, '-');
	size_t at = 3 + old + 1;
	if (!old || at >= len || line[at - 1] != ' ')
		return 0;
	size_t new = read_range(&h->new_start, &h->new_lines, line + at, len - at, '+');
	return new ? at + new : 0;
}

static bool
is_plain_header(const struct scan *s)
{
	const char *second = s->line + s->len;
	size_t second_len = line_len(second, s->end);
	const char *third = second + second_len;
	return !s->header_open && starts(s->line, s->len, "--- ") &&
	       starts(second, second_len, "+++ ") &&
	       starts(third, line_len(third, s->end), "@@ -");
}

static void
count_body(struct scan *s)
{
	char c = s->line[0];
	if (c != '+' && c != '\\')
		s->old_left--;
	if (c != '-' && c != '\\')
		s->new_left--;
}

static enum line_kind
kind_of(struct scan *s)
{
	if ((s->old_left > 0 || s->new_left > 0) && strchr(" +-\\\n", s->line[0])) {
		count_body(s);
		return LINE_BODY;
	}
	s->old_left = s->new_left = 0;
	if (starts(s->line, s->len, "diff --git ")) {
		s->header_open = true;
		return LINE_GIT;
	}
	s->numbers = read_hunk(&s->hunk, s->line, s->len);
	if (s->numbers) {
		s->old_left = s->hunk.old_lines;
		s->new_left = s->hunk.new_lines;
		s->header_open = false;
		return LINE_HUNK;
	}
	return is_plain_header(s) ? LINE_PLAIN : LINE_OTHER;
}

static bool
scan_line(struct scan *s)
{
	if (s->next == s->end)
		return false;
	s->line = s->next;
	s->len = line_len(s->line, s->end);
	s->next = s->line + s->len;
	s->kind = kind_of(s);
	return true;
}

/* A name of a "---" or "+++" line, without its first folder. */
struct file_name {
	const char *at;
	size_t len;
	bool quoted;
	bool none;	/* /dev/null, or a time that says so: the file is not there */
};

/* diff -N gives a file that is not there the time 0, in any zone. */
static bool
is_epoch(const char *stamp, size_t len)
{
	return len >= 19 && (starts(stamp, len, "1970-01-01 ") || starts(stamp, len, "1969-12-31 ")) &&
	       starts(stamp + 16, len - 16, ":00");
}

/* False if the name has no folder to lose. */
static bool
read_name(struct file_name *name, const char *line, size_t len)
{
	line += 4;
	len -= 4;
	while (len && strchr("\r\n", line[len - 1]))
		len--;
	const char *tab = memchr(line, '\t', len);
	size_t name_len = tab ? (size_t)(tab - line) : len;
	const char *slash = memchr(line, '/', name_len);

	*name = (struct file_name){ .quoted = line[0] == '"' };
	name->none = (name_len == 9 && starts(line, name_len, "/dev/null")) ||
	             (tab && is_epoch(tab + 1, len - name_len - 1));
	if (!slash || slash + 1 == line + name_len)
		return false;
	name->at = slash + 1;
	name->len = (size_t)(line + name_len - name->at);
	return true;
}

static void
add_name(struct str *out, char side, const struct file_name *name)
{
	/* Without quotes, a name with a blank could end anywhere. */
	bool quote = !name->quoted && memchr(name->at, ' ', name->len);
	str_addf(out, "%s%c/%.*s%s", quote || name->quoted ? "\"" : "", side, (int)name->len,
	         name->at, quote ? "\"" : "");
}

/* The header that git would have written, in place of a plain one. */
static bool
add_header(struct str *out, const struct scan *s)
{
	struct file_name old, new;
	const char *second = s->line + s->len;
	if (!read_name(&old, s->line, s->len) || !read_name(&new, second, line_len(second, s->end)) ||
	    (old.none && new.none))
		return false;

	const struct file_name *name = new.none ? &old : &new;
	str_adds(out, "diff --git ");
	add_name(out, 'a', name);
	str_add(out, ' ');
	add_name(out, 'b', name);
	str_addf(out, "\n%s--- ", old.none ? "new file mode 100644\n" :
	                          new.none ? "deleted file mode 100644\n" : "");
	if (old.none)
		str_adds(out, "/dev/null");
	else
		add_name(out, 'a', name);
	str_adds(out, "\n+++ ");
	if (new.none)
		str_adds(out, "/dev/null");
	else
		add_name(out, 'b', name);
	str_add(out, '\n');
	return true;
}

/*
 * libgit2 1.5 takes a file whose part of the patch is a header alone, an empty
 * file that is made, only if this stands behind it, not another file or nothing.
 */
static const char mail_end[] = "-- \n";

void
patch_text_complete(struct str *out, const char *text, size_t len)
{
	struct scan s = { .next = text, .end = text + len };
	size_t before = out->len;

	for (bool open = false; scan_line(&s); open = s.header_open) {
		if (open && s.kind == LINE_GIT)
			str_adds(out, mail_end);
		if (s.kind == LINE_PLAIN && add_header(out, &s)) {
			s.next += line_len(s.next, s.end);
			s.header_open = true;
		} else {
			str_add_bytes(out, s.line, s.len);
		}
	}
	if (out->len > before && out->data[out->len - 1] != '\n')
		str_add(out, '\n');
	if (s.header_open)
		str_adds(out, mail_end);
}

void
patch_text_move_hunks(struct str *out, const char *text, size_t len,
                      const struct hunk_start *hunk_starts, size_t n)
{
	struct scan s = { .next = text, .end = text + len };
	size_t i = 0;

	while (scan_line(&s)) {
		if (s.kind != LINE_HUNK || i == n) {
			str_add_bytes(out, s.line, s.len);
			continue;
		}
		str_addf(out, "@@ -%ld,%ld +%ld,%ld", hunk_starts[i].old_start, s.hunk.old_lines,
		         hunk_starts[i].new_start, s.hunk.new_lines);
		str_add_bytes(out, s.line + s.numbers, s.len - s.numbers);
		i++;
	}
}
