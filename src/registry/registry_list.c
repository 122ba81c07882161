/* The list of tags: page after page, to the end or to where HEADs are cheaper. */
#include "registry/registry_tags.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/memory.h"
#include "http/link_header.h"
#include "registry/oci_error.h"
#include "registry/tag_page.h"

#define PAGE_SIZE 1000u		/* ECR and distribution 3.1 refuse more */
#define PAGES_MOST 1000u
#define PAGES_LEAST 2u		/* before HEADs take over */
#define PAGES_COLLECT 50u	/* read for tags that nobody asked for by name */
#define OTHERS_MOST ((size_t)100000)

/* ---- what was seen ---- */

struct seen_text {
	UT_hash_handle hh;
	char text[];
};

/* Add to a set; false if it is there already. */
static bool
note_text(struct seen_text **set, const char *text)
{
	struct seen_text *known;
	size_t len = strlen(text);

	HASH_FIND(hh, *set, text, len, known);
	if (known)
		return false;
	known = memory_resize(NULL, sizeof(*known) + len + 1);
	memcpy(known->text, text, len + 1);
	HASH_ADD_KEYPTR(hh, *set, known->text, len, known);
	return true;
}

static void
forget_texts(struct seen_text *set)
{
	struct seen_text *known, *next;

	HASH_ITER(hh, set, known, next) {
		HASH_DEL(set, known);
		free(known);
	}
}

void
tags_dispose_list(struct tags_task *t)
{
	forget_texts(t->pages_seen);
	forget_texts(t->tags_seen);
	free(t->others);
	free(t->pages_kept);
}

static void
add_other(struct registry_session *s, struct tags_task *t, const char *tag)
{
	if (t->n_others == OTHERS_MOST) {
		t->others_overflow = true;
		return;
	}
	t->others = memory_grow(t->others, &t->others_cap, t->n_others, sizeof(*t->others));
	t->others[t->n_others++] = arena_strdup(s->a, tag);
}

struct page_reader {
	struct registry_session *s;
	struct tags_task *t;
	size_t n_fresh;
};

static void
see_tag(void *user, const char *tag)
{
	struct page_reader *r = user;
	const char *prefix = r->t->query->collect_prefix;
	struct wanted *w = tags_find_wanted(r->t, tag);

	if (w)
		w->seen = true;
	else if (prefix && strncmp(tag, prefix, strlen(prefix)) == 0)
		add_other(r->s, r->t, tag);
}

/* Only for pages without Link, where it must be known whether anything new came. */
static void
note_tag(void *user, const char *tag)
{
	struct page_reader *r = user;

	memcpy(r->t->last_tag, tag, strlen(tag) + 1);	/* a valid tag is at most 128 long */
	r->n_fresh += note_text(&r->t->tags_seen, tag);
}

/* ---- how a list ends ---- */

static void
list_end(struct registry_session *s, struct question *q, enum list_state how)
{
	question_tags_task(q)->list = how;
	question_done(s, q);
}

/* The rest is asked by HEAD. */
static void
list_leave(struct registry_session *s, struct question *q)
{
	struct tags_task *t = question_tags_task(q);

	t->list = LIST_LEFT;
	tags_ask_unseen(s, t);
	question_done(s, q);
}

/* The list is no use, but single tags may be. */
static void
list_refused(struct registry_session *s, struct question *q, const char *why)
{
	question_tags_task(q)->why = why;
	list_leave(s, q);
}

static void
list_fail(struct registry_session *s, struct question *q, const char *why, enum refusal refused)
{
	tags_refused(s, question_tags_task(q), why, refused);
	list_end(s, q, LIST_FAILED);
}

static void
list_break(struct registry_session *s, struct question *q, const char *why)
{
	list_fail(s, q, session_words(s, "list of tags: %s", why), REFUSAL_NONE);
}

/* There is no such repository. */
static void
list_absent(struct registry_session *s, struct question *q)
{
	if (grant_holds_404(q))
		return;
	question_tags_task(q)->counts_as_empty = true;
	list_end(s, q, LIST_WHOLE);
}

/* ---- on to the next page ---- */

static void
list_add_url(struct question *q)
{
	const struct tags_task *t = question_tags_task(q);

	question_add_path(q, "tags/list");
	if (!t->list_without_n)
		str_addf(&q->url, "?n=%u", PAGE_SIZE);
	if (t->follows_last)
		str_addf(&q->url, "&last=%s", t->last_tag);
}

static size_t
count_unseen(const struct tags_task *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n_wanted; i++)
		n += !t->wanted[i].seen;
	return n;
}

/* There is a further page.  Is it worth reading, or is there a cheaper way? */
static bool
is_page_worth_reading(struct registry_session *s, struct tags_task *t)
{
	size_t rest = count_unseen(t);
	size_t enough = (rest + AT_ONCE - 1) / AT_ONCE;
	if (enough < PAGES_LEAST)
		enough = PAGES_LEAST;

	if (rest && t->pages >= enough)
		tags_ask_unseen(s, t);
	if (t->query->collect_prefix)
		return t->pages < PAGES_COLLECT && !t->others_overflow;
	return rest && t->pages < enough && t->pages < PAGES_MOST;
}

/* The next page is at url, or, if that is NULL, behind last_tag. */
static void
follow_page(struct registry_session *s, struct question *q, const char *url)
{
	if (!is_page_worth_reading(s, question_tags_task(q))) {
		list_leave(s, q);
		return;
	}
	str_clear(&q->start);
	str_adds(&q->start, url ? url : "");
	str_clear(&q->url);
	q->tries = q->redirects = q->renewals = 0;
}

/* The next page is at url: read it, but not for a second time. */
static void
follow_link(struct registry_session *s, struct question *q, const char *url)
{
	struct origin to;

	if (url_origin(&to, url, NULL) < 0 || !url_origin_equal(&to, &q->host->origin) ||
	    !note_text(&question_tags_task(q)->pages_seen, url))
		list_break(s, q, "its pages go in a circle");
	else
		follow_page(s, q, url);
}

/* Where the page behind this one is: 1 and url set, 0 there is none, -1 and err set. */
static int
find_next_page(struct str *url, const struct question *q, const struct http_answer *answer,
               struct error *err)
{
	struct arena scratch = { 0 };
	struct origin to;
	const char *target;
	size_t n;

	const char *const *values = http_answer_headers(&n, answer, "Link", &scratch);
	int found = link_header_next(&target, values, n, &scratch, err);
	if (found > 0 && url_resolve(url, &to, str_text(&q->url), target, err) < 0)
		found = -1;
	if (found > 0 && !url_origin_equal(&to, &q->host->origin))
		found = error_set(err, "its next page is on another server, %s", to.host);
	arena_dispose(&scratch);
	return found;
}

/* ---- answers ---- */

/*
 * No Link.  That is the end, except with old registries: they honour n and last
 * without saying that there is more.
 */
static void
read_page_without_link(struct registry_session *s, struct question *q,
                       const struct http_answer *answer, size_t n_items)
{
	struct tags_task *t = question_tags_task(q);
	struct page_reader r = { s, t, 0 };
	struct tag_page page;

	if (t->list_without_n || n_items != PAGE_SIZE || (q->start.len && !t->follows_last)) {
		if (!t->follows_last)
			pages_keep(s, q, answer, n_items, NULL);
		list_end(s, q, LIST_WHOLE);
		return;
	}
	t->last_tag[0] = '\0';
	tag_page_parse(&page, answer->body, answer->len, note_tag, &r, NULL);
	if (r.n_fresh == 0) {
		list_end(s, q, LIST_WHOLE);
		return;
	}
	t->follows_last = true;
	follow_page(s, q, NULL);
}

static void
count_page(struct registry_session *s, struct question *q)
{
	struct tags_task *t = question_tags_task(q);

	t->pages++;
	q->grant->proved = true;
	tags_ask_digests(s, t);
}

/* 304: the page is what it was. */
static void
list_unchanged(struct registry_session *s, struct question *q)
{
	struct page_reader r = { s, question_tags_task(q), 0 };
	const struct list_page *page = pages_find_known(q);

	if (!page || !q->request.if_none_match) {
		list_break(s, q, "304 Not Modified, but the page is not known");
		return;
	}
	for (size_t i = 0; i < page->n_tags; i++)
		see_tag(&r, page->tags[i]);
	pages_keep_known(r.t, page);
	count_page(s, q);
	if (page->next)
		follow_link(s, q, page->next);
	else
		list_end(s, q, LIST_WHOLE);
}

/* The tags of a page: -1 if it is none, and q then is failed or asked again. */
static int
read_tags(struct registry_session *s, struct question *q, const struct http_answer *answer,
          size_t *n_items)
{
	struct page_reader r = { s, question_tags_task(q), 0 };
	const char *type = http_answer_header(answer, "Content-Type");
	struct tag_page page = { 0 };
	struct error err = { 0 };

	/* Lists have come with many types; but this is what a proxy or a login page sends. */
	if (http_answer_has_type(answer, "text/html"))
		error_set(&err, "is a web page");
	else if (tag_page_parse(&page, answer->body, answer->len, see_tag, &r, &err) == 0) {
		*n_items = page.n_items;
		return 0;
	}
	const char *why = session_words(s, "list of tags: the answer %s (type \"%.60s\")",
	                                err.text, type ? type : "");
	if (page.cut && answer->open_ended)
		question_retry(s, q, why, answer);
	else
		list_fail(s, q, why, REFUSAL_NONE);
	return -1;
}

static void
list_page(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct tags_task *t = question_tags_task(q);
	struct str url = { 0 };
	struct error err = { 0 };
	size_t n_items;

	if (read_tags(s, q, answer, &n_items) < 0)
		return;
	/* What redirects led to must be new, too. */
	bool moved = strcmp(str_text(&q->url), str_text(&q->start)) != 0;
	if (moved && !note_text(&t->pages_seen, str_text(&q->url))) {
		list_break(s, q, "its pages go in a circle");
		return;
	}
	count_page(s, q);
	switch (find_next_page(&url, q, answer, &err)) {
	case 1:
		pages_keep(s, q, answer, n_items, str_text(&url));
		follow_link(s, q, str_text(&url));
		break;
	case 0:
		read_page_without_link(s, q, answer, n_items);
		break;
	default:
		list_break(s, q, err.text);
	}
	str_dispose(&url);
}

static void
list_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct tags_task *t = question_tags_task(q);
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
		if (t->pages == 0 && !t->list_without_n) {
			t->list_without_n = true;
			str_clear(&q->url);
			return;
		}
		break;
	case 403:
	case 404:
		oci_error_parse(&said, answer->body, answer->len);
		if (answer->status == 404 && t->pages == 0 && said.name_unknown) {
			list_absent(s, q);
			return;
		}
		t->list_refused_by_other = !said.found;
		break;
	case 405:
		break;
	default:
		list_fail(s, q, session_words_status(s, "list of tags", answer), REFUSAL_NONE);
		return;
	}
	list_refused(s, q, session_words_status(s, "list of tags", answer));
}

static const struct question_kind LIST = {
	.method = HTTP_GET,
	.body_limit = (size_t)32 * 1024 * 1024,
	.needs_grant = true,
	.add_url = list_add_url,
	.etag = pages_etag,
	.answer = list_answer,
	.fail = list_fail,
	.too_large = list_refused,
	.absent = list_absent,
};

void
tags_ask_list(struct registry_session *s, struct tags_task *t)
{
	t->list = LIST_OPEN;
	question_add(s, &LIST, &t->task, t->task.grant);
}
