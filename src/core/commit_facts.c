#include "core/commit_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/sink.h"
#include "core/utf8.h"

#define HEAD "commits 1\n"
#define NO_PARENT "0000000000000000000000000000000000000000"

/* Places in a line. */
#define TREE (COMMIT_ID_HEX + 1)
#define PARENT (2 * TREE)
#define TIME (3 * TREE)

const char *
commit_fact_tree(const struct commit_fact *fact)
{
	return fact->line + TREE;
}

const char *
commit_fact_first_parent(const struct commit_fact *fact)
{
	return fact->line + PARENT;
}

bool
commit_fact_is_root(const struct commit_fact *fact)
{
	return memcmp(fact->line + PARENT, NO_PARENT, COMMIT_ID_HEX) == 0;
}

int64_t
commit_fact_time(const struct commit_fact *fact)
{
	return strtoll(fact->line + TIME, NULL, 10);
}

const char *
commit_fact_subject(const struct commit_fact *fact, size_t *len)
{
	const char *subject = strchr(fact->line + TIME, ' ') + 1;

	*len = strcspn(subject, "\n");
	return subject;
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

/* Add the text's lines.  Returns false if one is not as it should be. */
static bool
add_lines(struct commit_facts *f, const char *text, const char *end)
{
	const char *before = "";

	for (const char *lf; text < end; text = lf + 1) {
		lf = memchr(text, '\n', (size_t)(end - text));
		if (!lf || !is_line(text, (size_t)(lf - text)) || strncmp(before, text, COMMIT_ID_HEX) >= 0)
			return false;
		table_add(&f->by_id, text, COMMIT_ID_HEX, f->n);
		f->list[f->n++] = (struct commit_fact){ .line = text };
		before = text;
	}
	return true;
}

static size_t
count_lines(const char *text, const char *end)
{
	size_t n = 0;

	while (text < end && (text = memchr(text, '\n', (size_t)(end - text)))) {
		text++;
		n++;
	}
	return n;
}

static void
make_room(struct commit_facts *f, size_t n)
{
	f->n = 0;
	f->list = arena_array(f->arena, n, sizeof(*f->list));
	table_init(&f->by_id, n, f->arena);
}

void
commit_facts_init(struct commit_facts *out, const char *text, size_t len, size_t more,
                  struct arena *a)
{
	bool known = text && len >= strlen(HEAD) && memcmp(text, HEAD, strlen(HEAD)) == 0;
	const char *end = text + len;

	*out = (struct commit_facts){ .arena = a };
	make_room(out, more + (known ? count_lines(text, end) : 0));
	if (known && !add_lines(out, text + strlen(HEAD), end))
		make_room(out, more);
	out->n_old = out->n;
}

struct commit_fact *
commit_facts_find(struct commit_facts *f, const char *id)
{
	struct table_search s = table_find(&f->by_id, id, COMMIT_ID_HEX);

	for (size_t i; table_next(&s, &i);)
		if (memcmp(f->list[i].line, id, COMMIT_ID_HEX) == 0)
			return &f->list[i];
	return NULL;
}

/* ---- more ---- */

struct commit_fact *
commit_facts_add(struct commit_facts *f, const char *id, const char *tree,
                 const char *first_parent, int64_t time_s, const char *subject)
{
	struct str line = { 0 };

	str_addf(&line, "%s %s %s %lld ", id, tree, *first_parent ? first_parent : NO_PARENT,
	         (long long)time_s);
	utf8_add_clean(&line, subject);	/* git holds any bytes, JSON does not */
	struct commit_fact *fact = &f->list[f->n];
	*fact = (struct commit_fact){ .line = arena_copy(f->arena, str_text(&line), line.len) };
	table_add(&f->by_id, id, COMMIT_ID_HEX, f->n++);
	str_dispose(&line);
	return fact;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(((const struct commit_fact *)a)->line, ((const struct commit_fact *)b)->line,
	              COMMIT_ID_HEX);
}

int
commit_facts_write(struct sink *out, struct commit_facts *f, struct error *err)
{
	if (f->n > f->n_old)
		qsort(f->list, f->n, sizeof(*f->list), by_id);	/* no search may follow */
	str_adds(&out->text, HEAD);
	for (size_t i = 0; i < f->n; i++) {
		const struct commit_fact *fact = &f->list[i];
		if (!fact->asked)
			continue;
		str_add_bytes(&out->text, fact->line, strcspn(fact->line, "\n"));
		str_add(&out->text, '\n');
		if (sink_flow(out, err) < 0)
			return -1;
	}
	return sink_end(out, err);
}
