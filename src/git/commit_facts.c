#include "git/commit_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

#define NO_PARENT "0000000000000000000000000000000000000000"

/* Places in a line. */
#define TREE (COMMIT_ID_HEX + 1)
#define PARENT (2 * TREE)
#define TIME (3 * TREE)

const char *
commit_fact_tree(const char *line)
{
	return line + TREE;
}

const char *
commit_fact_first_parent(const char *line)
{
	return line + PARENT;
}

bool
commit_fact_is_root(const char *line)
{
	return memcmp(line + PARENT, NO_PARENT, COMMIT_ID_HEX) == 0;
}

int64_t
commit_fact_time(const char *line)
{
	return strtoll(line + TIME, NULL, 10);
}

const char *
commit_fact_subject(const char *line, size_t *len)
{
	const char *subject = strchr(line + TIME, ' ') + 1;

	*len = strcspn(subject, "\n");
	return subject;
}

size_t
commit_fact_len(const char *line)
{
	return strcspn(line, "\n") + 1;
}

/* ---- reading ---- */

/* 40 digits, in lower case, and a blank. */
static bool
is_id(const char *p)
{
	for (size_t i = 0; i < COMMIT_ID_HEX; i++)
		if (!((p[i] >= '0' && p[i] <= '9') || (p[i] >= 'a' && p[i] <= 'f')))
			return false;
	return p[COMMIT_ID_HEX] == ' ';
}

/* A line of len bytes, the LF behind it not counted. */
static bool
is_line(const char *line, size_t len)
{
	if (len < TIME + 2 || !is_id(line) || !is_id(line + TREE) || !is_id(line + PARENT))
		return false;
	const char *p = line + TIME + (line[TIME] == '-');
	size_t digits = strspn(p, "0123456789");
	return digits > 0 && digits < 19 && p[digits] == ' ' && !memchr(line, '\0', len);
}

void
commit_facts_start(struct commit_facts *out, const char *text, size_t len)
{
	size_t head = strlen(COMMIT_FACTS_HEAD);
	bool known = text && len >= head && memcmp(text, COMMIT_FACTS_HEAD, head) == 0;

	*out = (struct commit_facts){ known ? text + head : NULL, known ? text + len : NULL };
}

const char *
commit_facts_next(struct commit_facts *f, const char *id)
{
	while (f->at < f->end) {
		const char *line = f->at, *lf = memchr(line, '\n', (size_t)(f->end - line));
		if (!lf || !is_line(line, (size_t)(lf - line))) {
			f->at = f->end;
			break;
		}
		int order = memcmp(line, id, COMMIT_ID_HEX);
		if (order > 0)
			break;
		f->at = lf + 1;
		if (order == 0)
			return line;
	}
	return NULL;
}

void
commit_fact_add(struct str *out, const char *id, const char *tree, const char *first_parent,
                int64_t time_s, const char *subject)
{
	str_addf(out, "%s %s %s %lld ", id, tree, *first_parent ? first_parent : NO_PARENT,
	         (long long)time_s);
	utf8_add_clean(out, subject);	/* git holds any bytes, JSON does not */
	str_add(out, '\n');
}
