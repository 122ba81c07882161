/* Lists, HEADs and uploads: what is asked of one repository, and what answers prove. */
#include "core/registry_parts.h"

#include <sha256.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/error.h"
#include "base/memory.h"
#include "core/image_ref.h"
#include "core/link_header.h"
#include "core/oci_error.h"
#include "core/tag_page.h"

#define PAGE_SIZE 1000u		/* ECR and distribution 3.1 refuse more */
#define PAGES_MOST 1000u
#define PAGES_LEAST 2u		/* before HEADs take over */
#define PAGES_COLLECT 50u	/* read for tags that nobody asked for by name */
#define OTHERS_MOST ((size_t)100000)
#define HEADS_MOST 3u		/* so few tags are asked for without a list */

struct page_url {
	UT_hash_handle hh;
	char url[];
};

struct page_tag {
	UT_hash_handle hh;
	char tag[];
};

/* ---- what is wanted ---- */

static int
by_tag(const void *a, const void *b)
{
	return strcmp(((const struct wanted *)a)->tag, ((const struct wanted *)b)->tag);
}

static void
gather_wanted(struct task *t)
{
	const struct repository_query *query = t->query;
	size_t n = 0;

	t->wanted = memory_resize(NULL, query->n_tags * sizeof(*t->wanted));
	for (size_t i = 0; i < query->n_tags; i++)
		t->wanted[i] = (struct wanted){ .tag = query->tags[i].tag,
		                                .want_digest = query->tags[i].want_digest };
	if (query->n_tags)
		qsort(t->wanted, query->n_tags, sizeof(*t->wanted), by_tag);
	for (size_t i = 0; i < query->n_tags; i++) {
		if (n && strcmp(t->wanted[n - 1].tag, t->wanted[i].tag) == 0)
			t->wanted[n - 1].want_digest |= t->wanted[i].want_digest;
		else
			t->wanted[n++] = t->wanted[i];
	}
	t->n_wanted = n;
}

static struct wanted *
find_wanted(const struct task *t, const char *tag)
{
	struct wanted key = { .tag = tag };
	if (t->n_wanted == 0)
		return NULL;
	return bsearch(&key, t->wanted, t->n_wanted, sizeof(key), by_tag);
}

static void
ask_head(struct registry_session *s, struct task *t, struct wanted *w)
{
	if (w->asked)
		return;
	w->asked = true;
	session_add(s, t->use_get ? ASK_GET : ASK_HEAD, t, t->grant)->wanted = w;
}

static void
ask_heads(struct registry_session *s, struct task *t, bool unseen)
{
	for (size_t i = 0; i < t->n_wanted; i++)
		if (unseen ? !t->wanted[i].seen : t->wanted[i].seen && t->wanted[i].want_digest)
			ask_head(s, t, &t->wanted[i]);
}

void
task_start(struct registry_session *s, struct task *t)
{
	if (t->push) {
		session_add(s, ASK_UPLOAD, t, t->grant);
		return;
	}
	gather_wanted(t);
	size_t plain = 0;
	for (size_t i = 0; i < t->n_wanted; i++)
		plain += !t->wanted[i].want_digest;
	if (t->query->collect_prefix || plain > HEADS_MOST) {
		t->list = LIST_OPEN;
		session_add(s, ASK_LIST, t, t->grant);
	} else if (t->n_wanted) {
		ask_heads(s, t, true);
	} else {
		task_finish(s, t);
	}
}

void
task_url(struct question *q)
{
	const struct task *t = q->task;
	const struct origin *o = &q->server->origin;

	str_addf(&q->url, "%s://%s:%u/v2/", o->https ? "https" : "http", o->host, o->port);
	if (q->kind == ASK_PING)
		return;
	str_addf(&q->url, "%s/", q->grant->repository);
	switch (q->kind) {
	case ASK_LIST:
		str_adds(&q->url, "tags/list");
		if (!t->plain)
			str_addf(&q->url, "?n=%u", PAGE_SIZE);
		if (t->unlinked)
			str_addf(&q->url, "&last=%s", t->last_tag);
		break;
	case ASK_UPLOAD:
		str_adds(&q->url, "blobs/uploads/");
		break;
	default:
		str_addf(&q->url, "manifests/%s", q->wanted->tag);
		break;
	}
}

/* ---- failures ---- */

/* Nothing more will be learned by HEAD: say of the rest what was said of one. */
static void
abandon_heads(struct registry_session *s, struct task *t, const char *why)
{
	for (size_t i = 0; i < s->n_questions; i++) {
		struct question *q = s->questions[i];
		if (q->task != t || !q->wanted || q->state != QUESTION_WAITING)
			continue;
		q->wanted->why = why;
		session_done(s, q);
	}
}

static void
head_failed(struct registry_session *s, struct question *q, const char *why,
            enum refusal refused)
{
	struct task *t = q->task;

	q->wanted->why = why;
	if (!t->grant->proved) {
		t->why = why;
		t->empty = refused == REFUSAL_ACCESS && t->query->create;
		q->state = QUESTION_RUNNING;	/* not one of the rest */
		abandon_heads(s, t, why);
	}
	session_done(s, q);
}

static void
push_failed(struct registry_session *s, struct question *q, const char *why,
            enum refusal refused)
{
	struct task *t = q->task;

	if (q->kind == ASK_UPLOAD) {
		t->may = refused ? MAY_PUSH_NO : MAY_PUSH_UNKNOWN;
		t->why = why;
	}
	session_done(s, q);
}

void
task_failed(struct registry_session *s, struct question *q, const char *why,
            enum refusal refused)
{
	struct task *t = q->task;

	if (t->push) {
		push_failed(s, q, why, refused);
		return;
	}
	if (q->wanted) {
		head_failed(s, q, why, refused);
		return;
	}
	t->list = LIST_FAILED;
	t->why = why;
	t->empty = refused == REFUSAL_ACCESS && t->query->create;
	session_done(s, q);
}

/* The list is no use, but single tags may be. */
void
task_list_refused(struct registry_session *s, struct question *q, const char *why)
{
	q->task->list = LIST_LEFT;
	q->task->why = why;
	ask_heads(s, q->task, true);
	session_done(s, q);
}

/* ---- lists ---- */

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

	struct wanted *w = find_wanted(t, tag);
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
		ask_heads(s, t, true);
	if (t->query->collect_prefix)
		return t->pages < PAGES_COLLECT && !t->others_overflow;
	return rest && t->pages < enough && t->pages < PAGES_MOST;
}

static void
list_left(struct registry_session *s, struct question *q)
{
	q->task->list = LIST_LEFT;
	ask_heads(s, q->task, true);
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
		*why = arena_printf(s->a, "list of tags: %s", err.text);
	if (found <= 0)
		return found;
	*why = session_resolve(url, &to, s, str_text(&q->url), target);
	if (!*why && !url_origin_equal(&to, &q->host->origin))
		*why = arena_printf(s->a, "its next page is on another server, %s", to.host);
	if (*why) {
		*why = arena_printf(s->a, "list of tags: %s", *why);
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
	q->first_ms = 0;
}

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
		if (note_page(q->task, str_text(&url)))
			follow_page(s, q, &url);
		else
			session_fail(s, q, "list of tags: its pages go in a circle", REFUSAL_NONE);
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

static void
list_page(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	struct page_reader r = { s, t };
	struct tag_page page;
	struct error err = { 0 };

	if (tag_page_parse(&page, answer->body, answer->len, see_tag, &r, &err) < 0) {
		const char *type = http_answer_header(answer, "Content-Type");
		struct error clean = { 0 };
		error_set(&clean, "list of tags: what came with 200 %s (type \"%.60s\")", err.text,
		          type ? type : "");
		const char *why = arena_strdup(s->a, clean.text);
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
	ask_heads(s, t, false);
	list_continue(s, q, answer, page.n_items);
}

static const char *
status_words(struct registry_session *s, const struct http_answer *answer, const char *what)
{
	struct oci_error said;
	oci_error_parse(&said, answer->body, answer->len);
	return arena_printf(s->a, "%s: %s%s%s%s", what, http_status_text(answer->status, s->a),
	                    *said.words ? " (" : "", said.words, *said.words ? ")" : "");
}

static void
list_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	struct oci_error said;

	switch (answer->status) {
	case 200:
		list_page(s, q, answer);
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
		break;
	case 403:
	case 405:
		break;
	default:
		session_fail(s, q, status_words(s, answer, "list of tags"), REFUSAL_NONE);
		return;
	}
	task_list_refused(s, q, status_words(s, answer, "list of tags"));
}

/* ---- single tags ---- */

/* A 404 that is the registry's own.  Credentials, if we have some, could change it. */
void
task_absent(struct registry_session *s, struct question *q)
{
	struct task *t = q->task;

	if (q->own && grant_insist(t->grant)) {
		q->state = QUESTION_HELD;
		return;
	}
	if (q->kind == ASK_LIST) {
		t->empty = true;
		list_whole(s, q);
		return;
	}
	q->wanted->head = VERDICT_ABSENT;
	t->grant->proved = true;
	session_done(s, q);
}

static bool
is_manifest(const struct http_answer *answer)
{
	static const char *const types[] = {
		"application/vnd.oci.image.index.v1+json",
		"application/vnd.oci.image.manifest.v1+json",
		"application/vnd.docker.distribution.manifest.list.v2+json",
		"application/vnd.docker.distribution.manifest.v2+json",
		"application/vnd.docker.distribution.manifest.v1+json",
		"application/vnd.docker.distribution.manifest.v1+prettyjws",
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (http_answer_has_type(answer, types[i]))
			return true;
	return false;
}

static const char *
digest_of(struct registry_session *s, const struct question *q, const struct http_answer *answer)
{
	const char *digest = http_answer_header(answer, "Docker-Content-Digest");
	if (digest && image_ref_digest_valid(digest))
		return arena_strdup(s->a, digest);
	if (q->kind != ASK_GET)
		return NULL;

	char hex[SHA256_DIGEST_STRING_LENGTH];
	SHA256Data((const uint8_t *)answer->body, answer->len, hex);
	return arena_printf(s->a, "sha256:%s", hex);
}

static void
tag_present(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	if (!is_manifest(answer)) {
		const char *type = http_answer_header(answer, "Content-Type");
		struct error clean = { 0 };
		error_set(&clean, "tag %s: 200 with type \"%.80s\", which is no manifest",
		          q->wanted->tag, type ? type : "");
		session_fail(s, q, arena_strdup(s->a, clean.text), REFUSAL_NONE);
		return;
	}
	q->wanted->head = VERDICT_PRESENT;
	q->wanted->digest = digest_of(s, q, answer);
	q->task->grant->proved = true;
	session_done(s, q);
}

/* HEAD has no body: the headers must show that the registry itself speaks. */
static bool
is_registry_404(const struct question *q, const struct http_answer *answer)
{
	if (q->kind == ASK_HEAD)
		return http_answer_header(answer, "Docker-Distribution-Api-Version") ||
		       http_answer_has_type(answer, "application/json");
	struct oci_error said;
	oci_error_parse(&said, answer->body, answer->len);
	return said.manifest_unknown || said.name_unknown;
}

static void
tag_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	const char *what = arena_printf(s->a, "tag %s", q->wanted->tag);
	const char *why = NULL;
	enum refusal refused = REFUSAL_NONE;

	switch (answer->status) {
	case 200:
		tag_present(s, q, answer);
		return;
	case 404:
		if (is_registry_404(q, answer)) {
			task_absent(s, q);
			return;
		}
		why = arena_printf(s->a, "%s: 404 Not Found, but not the registry's own", what);
		break;
	case 405:
		if (q->kind == ASK_HEAD) {
			t->use_get = true;
			q->kind = ASK_GET;
			return;
		}
		break;
	case 403:
		why = grant_refusal(s, t->grant, status_words(s, answer, what));
		refused = REFUSAL_ACCESS;
		break;
	default:
		break;
	}
	session_fail(s, q, why ? why : status_words(s, answer, what), refused);
}

/* ---- pushing ---- */

static void
upload_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	struct str url = { 0 };
	struct origin to;

	if (answer->status == 403) {
		session_fail(s, q, grant_refusal(s, t->grant, status_words(s, answer, "push")),
		             REFUSAL_ACCESS);
		return;
	}
	if (answer->status != 202) {
		session_fail(s, q, status_words(s, answer, "push"), REFUSAL_NONE);
		return;
	}
	t->may = MAY_PUSH_YES;
	t->grant->proved = true;
	const char *location = http_answer_header(answer, "Location");
	if (location && !session_resolve(&url, &to, s, str_text(&q->url), location) &&
	    url_origin_equal(&to, &q->server->origin))
		str_adds(&session_add(s, ASK_CANCEL, t, t->grant)->start, str_text(&url));
	str_dispose(&url);
	session_done(s, q);
}

void
task_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	const char *coding = http_answer_header(answer, "Content-Encoding");
	if (coding && strcmp(coding, "identity") != 0 && answer->status == 200) {
		session_fail(s, q, "sends compressed text, unasked", REFUSAL_NONE);
		return;
	}
	switch (q->kind) {
	case ASK_LIST:
		list_answer(s, q, answer);
		break;
	case ASK_UPLOAD:
		upload_answer(s, q, answer);
		break;
	case ASK_CANCEL:
		session_done(s, q);	/* whatever it said: nothing was sent */
		break;
	default:
		tag_answer(s, q, answer);
		break;
	}
}

/* ---- verdicts ---- */

static enum verdict
conclude(const char **why, const struct task *t, const struct wanted *w)
{
	*why = NULL;
	if (w->head != VERDICT_UNKNOWN)
		return w->head;
	if (w->seen && !w->asked)
		return VERDICT_PRESENT;
	if (w->seen && !w->want_digest)
		return VERDICT_PRESENT;
	if (!w->seen && (t->empty || t->list == LIST_WHOLE))
		return VERDICT_ABSENT;
	*why = w->why ? w->why : t->why ? t->why : "was not asked";
	return VERDICT_UNKNOWN;
}

static void
fill_tags(const struct task *t)
{
	struct repository_query *query = t->query;

	query->reason = NULL;
	for (size_t i = 0; i < query->n_tags; i++) {
		struct tag_query *tag = &query->tags[i];
		const struct wanted *w = find_wanted(t, tag->tag);
		tag->verdict = conclude(&tag->reason, t, w);
		tag->digest = tag->verdict == VERDICT_PRESENT ? w->digest : NULL;
		if (tag->verdict == VERDICT_UNKNOWN && !query->reason)
			query->reason = tag->reason;
	}
	if (query->n_tags == 0 && t->list != LIST_WHOLE && !t->empty)
		query->reason = t->why;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
fill_others(struct registry_session *s, struct task *t)
{
	size_t n = 0;

	if (t->n_others)
		qsort(t->others, t->n_others, sizeof(*t->others), by_text);
	for (size_t i = 0; i < t->n_others; i++)
		if (n == 0 || strcmp(t->others[n - 1], t->others[i]) != 0)
			t->others[n++] = t->others[i];
	t->query->others = arena_array(s->a, n, sizeof(*t->others));
	if (n)
		memcpy(t->query->others, t->others, n * sizeof(*t->others));
	t->query->n_others = n;
	t->query->others_complete = (t->list == LIST_WHOLE || t->empty) && !t->others_overflow;
}

void
task_finish(struct registry_session *s, struct task *t)
{
	t->finished = true;
	if (t->push) {
		t->push->may = t->may;
		t->push->reason = t->may == MAY_PUSH_YES ? NULL : t->why;
		return;
	}
	fill_tags(t);
	fill_others(s, t);
}

void
task_free(struct task *t)
{
	struct page_url *page, *next;
	HASH_ITER(hh, t->pages_seen, page, next) {
		HASH_DEL(t->pages_seen, page);
		free(page);
	}
	forget_tags(t);
	free(t->wanted);
	free(t->others);
	free(t);
}
