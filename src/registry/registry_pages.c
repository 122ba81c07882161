/* Pages of a list that need not be sent again. */
#include "registry/registry_tags.h"

#include <string.h>

#include "base/memory.h"
#include "registry/tag_page.h"

#define KEPT_MOST ((size_t)200000)	/* tags of pages that are kept */
#define ETAG_MOST ((size_t)256)

static bool
etag_valid(const char *etag)
{
	size_t n = strlen(etag);
	for (size_t i = 0; i < n; i++)
		if (etag[i] <= ' ' || etag[i] > '~')
			return false;
	return n && n <= ETAG_MOST;
}

const struct list_page *
pages_find_known(const struct question *q)
{
	const struct repository_query *query = question_tags_task(q)->query;

	for (size_t i = 0; q->own && i < query->n_known_pages; i++)
		if (strcmp(query->known_pages[i].url, str_text(&q->url)) == 0)
			return &query->known_pages[i];
	return NULL;
}

const char *
pages_etag(const struct question *q)
{
	const struct list_page *page = pages_find_known(q);
	return page && etag_valid(page->etag) ? page->etag : NULL;
}

void
pages_keep_known(struct tags_task *t, const struct list_page *page)
{
	t->n_tags_kept += page->n_tags;
	if (t->n_tags_kept > KEPT_MOST) {
		t->n_pages_kept = 0;	/* a list so long is read anew each time */
		return;
	}
	t->pages_kept = memory_grow(t->pages_kept, &t->pages_kept_cap, t->n_pages_kept,
	                            sizeof(*t->pages_kept));
	t->pages_kept[t->n_pages_kept++] = *page;
}

struct keeper {
	struct arena *a;
	struct list_page *page;
};

static void
keep_tag(void *user, const char *tag)
{
	struct keeper *k = user;
	k->page->tags[k->page->n_tags++] = arena_strdup(k->a, tag);
}

void
pages_keep(struct registry_session *s, struct question *q, const struct http_answer *answer,
           size_t n_items, const char *next)
{
	struct tags_task *t = question_tags_task(q);
	const char *etag = http_answer_header(answer, "ETag");
	struct tag_page parsed;

	if (!etag || !etag_valid(etag) || !q->own || t->n_tags_kept + n_items > KEPT_MOST)
		return;
	struct list_page page = {
		.url = arena_strdup(s->a, str_text(&q->url)),
		.etag = arena_strdup(s->a, etag),
		.next = next ? arena_strdup(s->a, next) : NULL,
		.tags = arena_array(s->a, n_items, sizeof(*page.tags)),
	};
	struct keeper k = { s->a, &page };
	tag_page_parse(&parsed, answer->body, answer->len, keep_tag, &k, NULL);
	pages_keep_known(t, &page);
}
