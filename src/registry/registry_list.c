/* Lists of tags: page after page, to the end or to where HEADs are cheaper. */
#include "registry/registry_parts.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/error.h"
#include "base/memory.h"
#include "http/link_header.h"
#include "registry/oci_error.h"
#include "registry/tag_page.h"

#define PAGE_SIZE 1000u		/* ECR and distribution 3.1 refuse more */
#define PAGES_MOST 1000u
#define PAGES_LEAST 2u		/* before HEADs take over */
#define PAGES_COLLECT 50u	/* read for tags that nobody asked for by name */
#define OTHERS_MOST ((size_t)100000)
#define KEPT_MOST ((size_t)200000)	/* tags of pages that are kept for next time */
#define ETAG_MOST ((size_t)256)

struct page_url {
	UT_hash_handle hh;
	char url[];
};

struct page_tag {
	UT_hash_handle hh;
	char tag[];
};

void
list_add_url(struct question *q)
{
	str_adds(&q->url, "tags/list");
	if (!q->task->plain)
		str_addf(&q->url, "?n=%u", PAGE_SIZE);
	if (q->task->unlinked)
		str_addf(&q->url, "&last=%s", q->task->last_tag);
}

/* The list is no use, but single tags may be. */
void
list_refused(struct registry_session *s, struct question *q, const char *why)
{
	q->task->list = LIST_LEFT;
	q->task->why = why;
	task_ask_heads(s, q->task, true);
	session_done(s, q);
}

struct page_reader {
	struct registry_session *s;
	struct task *t;
};

static void
add_other(struct registry_session *s, struct task *t, const char *tag)
{
	if (t->n_others == OTHERS_MOST) {
		t->others_overflow = true;
		return;
	}
	t->others = memory_grow(t->others, &t->others_cap, t->n_others, sizeof(*t->others));
	t->others[t->n_others++] = arena_strdup(s->a, tag);
}

/* Only for pages without Link, where it must be known whether anything new came. */
static void
note_tag(void *user, const char *tag)
{
	struct task *t = user;
	struct page_tag *known;
	size_t len = strlen(tag);

	memcpy(t->last_tag, tag, len + 1);	/* a valid tag is at most 128 long */
	HASH_FIND(hh, t->tags_seen, tag, len, known);
	if (known)
		return;
	known = memory_resize(NULL, sizeof(*known) + len + 1);
	memcpy(known->tag, tag, len + 1);
	HASH_ADD_KEYPTR(hh, t->tags_seen, known->tag, len, known);
	t->n_fresh++;
}

static void
see_tag(void *user, const char *tag)
{
	struct page_reader *r = user;
	struct task *t = r->t;
	const char *prefix = t->query->collect_prefix;

	struct wanted *w = task_find_wanted(t, tag);
	if (w)
		w->seen = true;
	else if (prefix && strncmp(tag, prefix, strlen(prefix)) == 0)
		add_other(r->s, t, tag);
}

static void
forget_tags(struct task *t)
{
	struct page_tag *tag, *next;
	HASH_ITER(hh, t->tags_seen, tag, next) {
		HASH_DEL(t->tags_seen, tag);
		free(tag);
	}
}

/* False if this page was read already: a list that goes in circles has no end. */
static bool
note_page(struct task *t, const char *url)
{
	struct page_url *known;
	size_t len = strlen(url);

	HASH_FIND(hh, t->pages_seen, url, len, known);
	if (known)
		return false;
	known = memory_resize(NULL, sizeof(*known) + len + 1);
	memcpy(known->url, url, len + 1);
	HASH_ADD_KEYPTR(hh, t->pages_seen, known->url, len, known);
	return true;
}

static size_t
count_unseen(const struct task *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n_wanted; i++)
		n += !t->wanted[i].seen;
	return n;
}

/* There is a further page.  Go on, or is there a cheaper way? */
static bool
go_on(struct registry_session *s, struct task *t)
{
	size_t rest = count_unseen(t);
	size_t enough = (rest + AT_ONCE - 1) / AT_ONCE;
	if (enough < PAGES_LEAST)
		enough = PAGES_LEAST;

	if (rest && t->pages >= enough)
		task_ask_heads(s, t, true);
	if (t->query->collect_prefix)
		return t->pages < PAGES_COLLECT && !t->others_overflow;
	return rest && t->pages < enough && t->pages < PAGES_MOST;
}

static void
list_left(struct registry_session *s, struct question *q)
{
	q->task->list = LIST_LEFT;
	task_ask_heads(s, q->task, true);
	session_done(s, q);
}

static void
list_whole(struct registry_session *s, struct question *q)
{
	q->task->list = LIST_WHOLE;
	session_done(s, q);
}

/*
 * Where the next page is: 1 and url set, 0 this was the last one, -1 and why set.
 */
static int
next_page(struct str *url, const char **why, struct registry_session *s,
          const struct question *q, const struct http_answer *answer, struct arena *scratch)
{
	struct error err = { 0 };
	struct origin to;
	const char *target;
	size_t n;

	const char *const *values = http_answer_headers(&n, answer, "Link", scratch);
	int found = link_header_next(&target, values, n, scratch, &err);
	if (found < 0)
		*why = session_words(s, "list of tags: %s", err.text);
	if (found <= 0)
		return found;
	*why = session_resolve(url, &to, s, str_text(&q->url), target);
	if (!*why && !url_origin_equal(&to, &q->host->origin))
		*why = session_words(s, "its next page is on another server, %s", to.host);
	if (*why) {
		*why = session_words(s, "list of tags: %s", *why);
		return -1;
	}
	return 1;
}

static void
follow_page(struct registry_session *s, struct question *q, const struct str *url)
{
	if (!go_on(s, q->task)) {
		list_left(s, q);
		return;
	}
	str_clear(&q->start);
	str_add_bytes(&q->start, url->data, url->len);
	str_clear(&q->url);
	q->tries = q->redirects = q->renewals = 0;
}

/* ---- pages that need not be sent again ---- */

static const struct list_page *
known_page(const struct question *q)
{
	if (q->kind != ASK_LIST || !q->own)
		return NULL;

	const struct repository_query *query = q->task->query;
	for (size_t i = 0; i < query->n_known_pages; i++)
		if (strcmp(query->known_pages[i].url, str_text(&q->url)) == 0)
			return &query->known_pages[i];
	return NULL;
}

static bool
etag_valid(const char *etag)
{
	size_t n = strlen(etag);
	for (size_t i = 0; i < n; i++)
		if (etag[i] <= ' ' || etag[i] > '~')
			return false;
	return n && n <= ETAG_MOST;
}

const char *
list_etag(const struct question *q)
{
	const struct list_page *page = known_page(q);
	return page && etag_valid(page->etag) ? page->etag : NULL;
}

static void
add_page(struct task *t, struct list_page page)
{
	t->n_tags_kept += page.n_tags;
	if (t->n_tags_kept > KEPT_MOST) {
		t->n_pages_kept = 0;	/* a list so long is read anew each time */
		return;
	}
	t->pages_kept = memory_grow(t->pages_kept, &t->pages_kept_cap, t->n_pages_kept,
	                            sizeof(page));
	t->pages_kept[t->n_pages_kept++] = page;
}

struct keeper {
	struct arena *a;
	const char **tags;
	size_t n;
};

static void
keep_tag(void *user, const char *tag)
{
	struct keeper *k = user;
	k->tags[k->n++] = arena_strdup(k->a, tag);
}

static void
keep_page(struct registry_session *s, struct question *q, const struct http_answer *answer,
          size_t n_items, const char *next)
{
	const char *etag = http_answer_header(answer, "ETag");
	struct tag_page page;

	if (!etag || !etag_valid(etag) || !q->own || q->task->n_tags_kept + n_items > KEPT_MOST)
		return;
	struct keeper k = { .a = s->a, .tags = arena_array(s->a, n_items, sizeof(*k.tags)) };
	tag_page_parse(&page, answer->body, answer->len, keep_tag, &k, NULL);
	add_page(q->task, (struct list_page){
		.url = arena_strdup(s->a, str_text(&q->url)),
		.etag = arena_strdup(s->a, etag),
		.next = next ? arena_strdup(s->a, next) : NULL,
		.tags = k.tags,
		.n_tags = k.n,
	});
}

/* 304: the page is what it was. */
static void
list_unchanged(struct registry_session *s, struct question *q)
{
	struct page_reader r = { s, q->task };
	const struct list_page *page = known_page(q);
	struct origin to;

	if (!page || !q->request.if_none_match) {
		session_fail(s, q, "list of tags: 304, and nothing was known of it", REFUSAL_NONE);
		return;
	}
	for (size_t i = 0; i < page->n_tags; i++)
		see_tag(&r, page->tags[i]);
	add_page(q->task, *page);
	q->task->pages++;
	q->task->grant->proved = true;
	task_ask_heads(s, q->task, false);
	if (!page->next) {
		list_whole(s, q);
		return;
	}
	struct str url = { 0 };
	str_adds(&url, page->next);
	if (url_origin(&to, page->next, NULL) < 0 || !url_origin_equal(&to, &q->host->origin) ||
	    !note_page(q->task, page->next))
		session_fail(s, q, "list of tags: its pages go in a circle", REFUSAL_NONE);
	else
		follow_page(s, q, &url);
	str_dispose(&url);
}

/* ---- the end of a page ---- */

/*
 * No Link.  That is the end, except with old registries: they honour n and last
 * without saying that there is more.
 */
static void
list_unlinked(struct registry_session *s, struct question *q, const struct http_answer *answer,
              size_t n_items)
{
	struct task *t = q->task;
	struct tag_page page;
	struct str none = { 0 };

	if (t->plain || n_items != PAGE_SIZE || (q->start.len && !t->unlinked)) {
		if (!t->unlinked)
			keep_page(s, q, answer, n_items, NULL);
		list_whole(s, q);
		return;
	}
	t->n_fresh = 0;
	t->last_tag[0] = '\0';
	tag_page_parse(&page, answer->body, answer->len, note_tag, t, NULL);
	if (t->n_fresh == 0) {
		list_whole(s, q);
		return;
	}
	t->unlinked = true;
	follow_page(s, q, &none);
}

/* A page was read to its end: what now? */
static void
list_continue(struct registry_session *s, struct question *q, const struct http_answer *answer,
              size_t n_items)
{
	struct arena scratch = { 0 };
	struct str url = { 0 };
	const char *why = NULL;

	switch (next_page(&url, &why, s, q, answer, &scratch)) {
	case 1:
		if (note_page(q->task, str_text(&url))) {
			keep_page(s, q, answer, n_items, str_text(&url));
			follow_page(s, q, &url);
		} else {
			session_fail(s, q, "list of tags: its pages go in a circle", REFUSAL_NONE);
		}
		break;
	case 0:
		list_unlinked(s, q, answer, n_items);
		break;
	default:
		session_fail(s, q, why, REFUSAL_NONE);
	}
	str_dispose(&url);
	arena_dispose(&scratch);
}

/* Lists have come with many types; but this is what a proxy or a login page sends. */
static int
check_type(const struct http_answer *answer, struct error *err)
{
	return http_answer_has_type(answer, "text/html") ? error_set(err, "is a web page") : 0;
}

static void
list_page(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	struct page_reader r = { s, t };
	struct tag_page page = { 0 };
	struct error err = { 0 };

	if (check_type(answer, &err) < 0 ||
	    tag_page_parse(&page, answer->body, answer->len, see_tag, &r, &err) < 0) {
		const char *type = http_answer_header(answer, "Content-Type");
		const char *why = session_words(s, "list of tags: what came with 200 %s (type \"%.60s\")",
		                                err.text, type ? type : "");
		if (page.cut && answer->open_ended)
			session_retry(s, q, why, answer);
		else
			session_fail(s, q, why, REFUSAL_NONE);
		return;
	}
	/* What redirects led to must be new, too. */
	bool moved = strcmp(str_text(&q->url), str_text(&q->start)) != 0;
	if (moved && !note_page(t, str_text(&q->url))) {
		session_fail(s, q, "list of tags: its pages go in a circle", REFUSAL_NONE);
		return;
	}
	t->pages++;
	t->grant->proved = true;
	task_ask_heads(s, t, false);
	list_continue(s, q, answer, page.n_items);
}

void
list_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	struct oci_error said;

	switch (answer->status) {
	case 200:
		list_page(s, q, answer);
		return;
	case 304:
		list_unchanged(s, q);
		return;
	case 400:
	case 413:
		if (t->pages == 0 && !t->plain) {
			t->plain = true;	/* so many at once are too many for it */
			str_clear(&q->url);
			return;
		}
		break;
	case 404:
		oci_error_parse(&said, answer->body, answer->len);
		if (t->pages == 0 && said.name_unknown) {
			task_absent(s, q);
			return;
		}
		t->doubted = !said.found;
		break;
	case 403:
		oci_error_parse(&said, answer->body, answer->len);
		t->doubted = !said.found;
		break;
	case 405:
		break;
	default:
		session_fail(s, q, task_status_words(s, answer, "list of tags"), REFUSAL_NONE);
		return;
	}
	list_refused(s, q, task_status_words(s, answer, "list of tags"));
}

void
list_dispose(struct task *t)
{
	struct page_url *page, *next;
	HASH_ITER(hh, t->pages_seen, page, next) {
		HASH_DEL(t->pages_seen, page);
		free(page);
	}
	forget_tags(t);
	free(t->others);
	free(t->pages_kept);
}
