#include "registry/registry_cache.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/memory.h"
#include "base/str.h"
#include "base/utc.h"
#include "json/doc.h"
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

/* ---- reading ---- */

static const char *
text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool
is_for(const json_t *root, const struct repository_query *q)
{
	const char *registry = text_at(root, "registry"), *repository = text_at(root, "repository");
	return registry && repository && strcmp(registry, q->registry) == 0 &&
	       strcmp(repository, q->repository) == 0;
}

static json_t *
load(const struct repository_query *q, const char *text, size_t len, struct error *err)
{
	json_error_t problem;

	json_t *root = text ? json_loadb(text, len, JSON_REJECT_DUPLICATES, &problem) : NULL;
	if (!root) {
		error_set(err, "is not JSON");
		return NULL;
	}
	if (json_integer_value(json_object_get(root, "version")) != REGISTRY_CACHE_VERSION || !is_for(root, q) ||
	    !json_is_object(json_object_get(root, "tags"))) {
		error_set(err, "does not hold answers about %s/%s", q->registry, q->repository);
		json_decref(root);
		return NULL;
	}
	return root;
}

/* Valid tags of an array, in out, living as long as a. */
static size_t
read_tags(const char ***out, const json_t *array, struct arena *a)
{
	size_t i, n = 0;
	json_t *value;

	*out = arena_array(a, json_array_size(array), sizeof(**out));
	json_array_foreach(array, i, value) {
		const char *tag = json_string_value(value);
		if (tag && image_ref_tag_valid(tag))
			(*out)[n++] = arena_strdup(a, tag);
	}
	return n;
}

/* What an entry says of its tag. */
static void
read_entry(struct tag_query *tag, const json_t *entry)
{
	const char *verdict = text_at(entry, "verdict"), *digest = text_at(entry, "digest");

	tag->verdict = VERDICT_UNKNOWN;
	if (verdict && strcmp(verdict, verdict_name(VERDICT_ABSENT)) == 0)
		tag->verdict = VERDICT_ABSENT;
	if (!verdict || strcmp(verdict, verdict_name(VERDICT_PRESENT)) != 0)
		return;
	tag->verdict = VERDICT_PRESENT;
	if (digest && image_ref_digest_valid(digest))
		tag->digest = digest;
}

void
registry_cache_pages(struct repository_query *q, const char *text, size_t len, struct arena *a)
{
	json_t *root = load(q, text, len, NULL), *page;
	json_t *pages = json_object_get(root, "pages");
	struct list_page *out = arena_array(a, json_array_size(pages), sizeof(*out));
	size_t i, n = 0;

	json_array_foreach(pages, i, page) {
		const char *url = text_at(page, "url"), *etag = text_at(page, "etag");
		const char *next = text_at(page, "next");
		if (!url || !etag)
			continue;
		out[n].url = arena_strdup(a, url);
		out[n].etag = arena_strdup(a, etag);
		out[n].next = next ? arena_strdup(a, next) : NULL;
		out[n].n_tags = read_tags(&out[n].tags, json_object_get(page, "tags"), a);
		n++;
	}
	q->known_pages = out;
	q->n_known_pages = n;
	json_decref(root);
}

/* ---- writing ---- */

/* What is to be written of one tag.  An empty digest is none. */
struct entry {
	const char *tag;
	enum verdict verdict;
	const char *digest;
};

struct entries {
	struct entry *list;
	size_t n, cap;
};

static void
add_entry(struct entries *e, const char *tag, enum verdict verdict, const char *digest)
{
	e->list = memory_grow(e->list, &e->cap, e->n, sizeof(*e->list));
	e->list[e->n++] = (struct entry){ tag, verdict, digest };
}

static int
by_tag(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->tag, ((const struct entry *)b)->tag);
}

/* Old entries first: of several with one tag the later ones go over the earlier. */
static void
gather(struct entries *e, const json_t *old_tags, const struct repository_query *q)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)old_tags, key, value) {
		struct tag_query tag = { .tag = key };
		read_entry(&tag, value);
		if (tag.verdict != VERDICT_UNKNOWN && image_ref_tag_valid(key))
			add_entry(e, key, tag.verdict, tag.digest);
	}
	size_t n_old = e->n;
	if (n_old)
		qsort(e->list, n_old, sizeof(*e->list), by_tag);

	for (size_t i = 0; i < q->n_tags; i++) {
		const struct tag_query *tag = &q->tags[i];
		if (tag->verdict == VERDICT_UNKNOWN)
			continue;
		struct entry wanted = { tag->tag, tag->verdict, tag->digest }, *known = NULL;
		if (n_old)
			known = bsearch(&wanted, e->list, n_old, sizeof(wanted), by_tag);
		if (!known) {
			add_entry(e, tag->tag, tag->verdict, tag->digest);
			continue;
		}
		if (!wanted.digest && wanted.verdict == VERDICT_PRESENT)
			wanted.digest = known->digest;
		known->verdict = wanted.verdict;
		known->digest = wanted.digest;
	}
	if (e->n)
		qsort(e->list, e->n, sizeof(*e->list), by_tag);
}

static void
write_tags(struct doc *d, const struct entries *e)
{
	doc_open(d, "tags", '{');
	for (size_t i = 0; i < e->n; i++) {
		const struct entry *entry = &e->list[i];
		if (i && strcmp(e->list[i - 1].tag, entry->tag) == 0)
			continue;	/* asked for twice in one question */
		doc_open(d, entry->tag, '{');
		doc_string(d, "verdict", verdict_name(entry->verdict));
		if (entry->digest)
			doc_string(d, "digest", entry->digest);
		doc_close(d, '}');
	}
	doc_close(d, '}');
}

static void
write_others(struct doc *d, const json_t *old, const struct repository_query *q, struct arena *a)
{
	const char **others = q->others;
	size_t n = q->n_others;

	if (!q->collect_prefix || !q->others_complete) {
		if (!json_is_array(old))
			return;
		n = read_tags(&others, old, a);
	}
	doc_open(d, "others", '[');
	for (size_t i = 0; i < n; i++)
		doc_string(d, NULL, others[i]);
	doc_close(d, ']');
}

static void
write_pages(struct doc *d, const struct repository_query *q)
{
	/* Without a list this time, what is known of the last one stays. */
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
write_all(struct str *out, const struct repository_query *q, const json_t *old,
          const char *time, struct arena *a)
{
	struct doc d = { .out = out };
	struct entries e = { 0 };
	const char *source = q->source ? q->source : text_at(old, "source");

	gather(&e, json_object_get(old, "tags"), q);
	doc_open(&d, NULL, '{');
	doc_long(&d, "version", REGISTRY_CACHE_VERSION);
	doc_string(&d, "registry", q->registry);
	doc_string(&d, "repository", q->repository);
	if (source)
		doc_string(&d, "source", source);
	doc_string(&d, "time", time);
	write_tags(&d, &e);
	write_others(&d, json_object_get(old, "others"), q, a);
	write_pages(&d, q);
	doc_close(&d, '}');
	free(e.list);
}

void
registry_cache_merge(struct str *out, const struct repository_query *q, const char *old,
                     size_t old_len, int64_t now_s)
{
	struct arena a = { 0 };
	char now[UTC_SIZE];
	int64_t at_s;
	json_t *root = load(q, old, old_len, NULL);
	const char *time = text_at(root, "time");
	size_t start = out->len;

	/* With the old time first: if nothing else changed, neither does the time. */
	if (time && utc_parse(&at_s, time)) {
		write_all(out, q, root, time, &a);
		if (out->len - start == old_len && memcmp(out->data + start, old, old_len) == 0)
			goto out;
		out->len = start;
	}
	utc_text(now, now_s);
	write_all(out, q, root, now, &a);
out:
	json_decref(root);
	arena_dispose(&a);
}

/* ---- when ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
registry_cache_asked(struct str *out, const char *const *names, size_t n, const char *old,
                     size_t old_len, int64_t now_s)
{
	json_t *root = old ? json_loadb(old, old_len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	json_t *asked = json_object_get(root, "asked"), *value;
	const char **keys = memory_resize(NULL, (n + json_object_size(asked)) * sizeof(*keys));
	const char *key;
	size_t n_keys = 0;
	char now[UTC_SIZE];

	utc_text(now, now_s);
	for (size_t i = 0; i < n; i++)
		keys[n_keys++] = names[i];
	json_object_foreach(asked, key, value) {
		bool fresh = false;
		for (size_t i = 0; i < n; i++)
			fresh |= strcmp(names[i], key) == 0;
		if (!fresh && json_is_string(value))
			keys[n_keys++] = key;
	}
	if (n_keys)
		qsort(keys, n_keys, sizeof(*keys), by_name);

	struct doc d = { .out = out };
	doc_open(&d, NULL, '{');
	doc_long(&d, "version", REGISTRY_CACHE_VERSION);
	doc_open(&d, "asked", '{');
	for (size_t i = 0; i < n_keys; i++) {
		bool fresh = false;
		for (size_t j = 0; j < n; j++)
			fresh |= strcmp(names[j], keys[i]) == 0;
		if (i == 0 || strcmp(keys[i - 1], keys[i]) != 0)
			doc_string(&d, keys[i], fresh ? now : text_at(asked, keys[i]));
	}
	doc_close(&d, '}');
	doc_close(&d, '}');
	free(keys);
	json_decref(root);
}

int64_t
registry_cache_asked_at(const char *name, const char *text, size_t len)
{
	json_t *root = text ? json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *time = text_at(json_object_get(root, "asked"), name);
	int64_t at_s = -1;

	if (!time || !utc_parse(&at_s, time))
		at_s = -1;
	json_decref(root);
	return at_s;
}
