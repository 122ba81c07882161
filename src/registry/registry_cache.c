#include "registry/registry_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/str.h"
#include "base/utc.h"
#include "json/doc.h"
#include "json/flat_object.h"
#include "json/pairs.h"
#include "json/scanner.h"
#include "registry/registry_cache_read.h"
#include "registry/registry_query.h"

#define NAME_MOST ((size_t)200)		/* a file name may have 255 bytes */
#define DIGEST_CHARS 24

void
registry_cache_name(struct str *out, const char *registry, const char *repository)
{
	struct str name = { 0 };
	str_addf(&name, "%s/%s", registry, repository);
	struct arena a = { 0 };
	const char *digest = digest_of(str_text(&name), name.len, &a) + strlen("sha256:");

	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '/')
			name.data[i] = '+';
	if (name.len > NAME_MOST)
		str_addf(out, "%.*s-%.*s.json", (int)NAME_MOST - DIGEST_CHARS - 1, str_text(&name),
		         DIGEST_CHARS, digest);
	else
		str_addf(out, "%s.json", str_text(&name));
	arena_dispose(&a);
	str_dispose(&name);
}

/* ---- writing ---- */

struct entries {
	struct cached_tag *list;
	size_t n, cap;
	struct arena *arena;	/* for the texts of old ones */
};

static void
add_entry(struct entries *e, const char *tag, enum verdict verdict, const char *digest)
{
	e->list = memory_grow(e->list, &e->cap, e->n, sizeof(*e->list));
	e->list[e->n++] = (struct cached_tag){ tag, verdict, digest };
}

static void
keep_entry(void *user, const struct cached_tag *said)
{
	struct entries *e = user;

	if (said->verdict != VERDICT_UNKNOWN)
		add_entry(e, arena_strdup(e->arena, said->tag), said->verdict,
		          said->digest ? arena_strdup(e->arena, said->digest) : NULL);
}

static int
by_tag(const void *a, const void *b)
{
	return strcmp(((const struct cached_tag *)a)->tag, ((const struct cached_tag *)b)->tag);
}

static void
sort_entries(struct entries *e)
{
	if (e->n)
		qsort(e->list, e->n, sizeof(*e->list), by_tag);
}

/* Put the answers of q over the old entries. */
static void
add_answers(struct entries *e, const struct repository_query *q)
{
	size_t n_old = e->n;

	sort_entries(e);
	for (size_t i = 0; i < q->n_tags; i++) {
		const struct tag_query *tag = &q->tags[i];
		struct cached_tag key = { .tag = tag->tag }, *known = NULL;
		if (tag->verdict == VERDICT_UNKNOWN)
			continue;
		if (n_old)
			known = bsearch(&key, e->list, n_old, sizeof(key), by_tag);
		if (!known) {
			add_entry(e, tag->tag, tag->verdict, tag->digest);
			continue;
		}
		if (tag->digest || tag->verdict != VERDICT_PRESENT)
			known->digest = tag->digest;
		known->verdict = tag->verdict;
	}
	sort_entries(e);
}

static void
write_tags(struct doc *d, const struct entries *e)
{
	doc_open(d, "tags", '{');
	for (size_t i = 0; i < e->n; i++) {
		const struct cached_tag *entry = &e->list[i];
		if (i && strcmp(e->list[i - 1].tag, entry->tag) == 0)
			continue;	/* the query has it twice */
		doc_open(d, entry->tag, '{');
		doc_string(d, "verdict", verdict_name(entry->verdict));
		if (entry->digest)
			doc_string(d, "digest", entry->digest);
		doc_close(d, '}');
	}
	doc_close(d, '}');
}

static void
write_others(struct doc *d, const struct cache_file *old, const struct repository_query *q)
{
	bool fresh = q->collect_prefix && q->others_complete;
	const char **others = fresh ? q->others : old->others;
	size_t n = fresh ? q->n_others : old->n_others;

	if (!fresh && !old->has_others)
		return;
	doc_open(d, "others", '[');
	for (size_t i = 0; i < n; i++)
		doc_string(d, NULL, others[i]);
	doc_close(d, ']');
}

static void
write_pages(struct doc *d, const struct repository_query *q)
{
	/* If no list was read this time, the pages of the last one stay. */
	const struct list_page *pages = q->listed ? q->pages : q->known_pages;
	size_t n = q->listed ? q->n_pages : q->n_known_pages;

	if (!n)
		return;
	doc_open(d, "pages", '[');
	for (size_t i = 0; i < n; i++) {
		const struct list_page *page = &pages[i];
		doc_open(d, NULL, '{');
		doc_string(d, "url", page->url);
		doc_string(d, "etag", page->etag);
		if (page->next)
			doc_string(d, "next", page->next);
		doc_strings(d, "tags", page->tags, page->n_tags);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

static void
write_all(struct str *out, const struct repository_query *q, const struct cache_file *old,
          const struct entries *e, const char *time)
{
	struct doc d = { .out = out };
	const char *source = q->source ? q->source : old->source;

	doc_open(&d, NULL, '{');
	doc_long(&d, "version", REGISTRY_CACHE_VERSION);
	doc_string(&d, "registry", q->registry);
	doc_string(&d, "repository", q->repository);
	if (source)
		doc_string(&d, "source", source);
	doc_string(&d, "time", time);
	write_tags(&d, e);
	write_others(&d, old, q);
	write_pages(&d, q);
	doc_close(&d, '}');
}

void
registry_cache_merge(struct str *out, const struct repository_query *q, const char *text,
                     size_t len, int64_t now_s)
{
	struct arena a = { 0 };
	struct entries e = { .arena = &a };
	struct cache_file old = { .tag = keep_entry, .user = &e, .want_others = true };
	char now[UTC_SIZE];
	int64_t at_s;
	size_t start = out->len;

	if (!text || registry_cache_read(&old, q, text, len, &a, NULL) < 0) {
		old = (struct cache_file){ 0 };
		e.n = 0;
	}
	add_answers(&e, q);

	/* Try with the old time first: if nothing else has changed, the time does not, either. */
	bool same = old.time && utc_parse(&at_s, old.time);
	if (same) {
		write_all(out, q, &old, &e, old.time);
		same = out->len - start == len && memcmp(out->data + start, text, len) == 0;
	}
	if (!same) {
		out->len = start;
		utc_text(now, now_s);
		write_all(out, q, &old, &e, now);
	}
	free(e.list);
	arena_dispose(&a);
}

/* ---- when ---- */

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

/* The members of "asked"; none if the text is broken. */
static void
read_asked(struct pairs *out, const char *text, size_t len, struct arena *a)
{
	struct scanner s;

	scanner_start(&s, text ? text : "", len);
	if (scanner_next(&s) != PIECE_OBJECT)
		return;
	while (scanner_next(&s) == PIECE_KEY) {
		bool asked = strcmp(s.text, "asked") == 0;
		const char *value = s.p;
		if (!scanner_skip_value(&s, scanner_next(&s)))
			return;
		if (asked)
			flat_object_read(out, value, (size_t)(s.p - value), a);
	}
}

void
registry_cache_asked(struct str *out, const char *const *names, size_t n, const char *old,
                     size_t old_len, int64_t now_s)
{
	struct arena a = { 0 };
	struct pairs asked = { 0 };
	struct doc d = { .out = out };
	char now[UTC_SIZE];
	int64_t at_s;

	utc_text(now, now_s);
	read_asked(&asked, old, old_len, &a);
	for (size_t i = 0; i < n; i++)
		pairs_put(&asked, names[i], now, &a);
	if (asked.n)
		qsort(asked.items, asked.n, sizeof(*asked.items), by_key);
	doc_open(&d, NULL, '{');
	doc_long(&d, "version", REGISTRY_CACHE_VERSION);
	doc_open(&d, "asked", '{');
	for (size_t i = 0; i < asked.n; i++)
		if (utc_parse(&at_s, asked.items[i].value))
			doc_string(&d, asked.items[i].key, asked.items[i].value);
	doc_close(&d, '}');
	doc_close(&d, '}');
	pairs_dispose(&asked);
	arena_dispose(&a);
}

int64_t
registry_cache_asked_at(const char *name, const char *text, size_t len)
{
	struct arena a = { 0 };
	struct pairs asked = { 0 };
	int64_t at_s;

	read_asked(&asked, text, len, &a);
	const char *time = pairs_get(&asked, name);
	if (!time || !utc_parse(&at_s, time))
		at_s = -1;
	pairs_dispose(&asked);
	arena_dispose(&a);
	return at_s;
}
