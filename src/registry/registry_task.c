/* What is asked of one repository, and what answers prove. */
#include "registry/registry_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/memory.h"
#include "registry/manifest.h"
#include "registry/oci_error.h"

#define HEADS_OPEN (2 * AT_ONCE)
#define HEADS_MOST 3u		/* so few tags are asked for without a list */

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

struct wanted *
task_find_wanted(const struct task *t, const char *tag)
{
	struct wanted key = { .tag = tag };
	if (t->n_wanted == 0)
		return NULL;
	return bsearch(&key, t->wanted, t->n_wanted, sizeof(key), by_tag);
}

/*
 * Let a few HEADs be open at a time, those under way and those that are next: a
 * hundred thousand would be looked through again and again.
 */
void
task_feed_heads(struct registry_session *s, struct task *t)
{
	while (!t->given_up && t->open_heads < HEADS_OPEN && t->next_head < t->n_wanted) {
		struct wanted *w = &t->wanted[t->next_head++];
		if (!w->want_head || w->asked)
			continue;
		w->asked = true;
		t->open_heads++;
		session_add(s, t->use_get ? ASK_GET : ASK_HEAD, t, t->grant)->wanted = w;
	}
}

void
task_ask_heads(struct registry_session *s, struct task *t, bool unseen)
{
	for (size_t i = 0; i < t->n_wanted; i++) {
		struct wanted *w = &t->wanted[i];
		if (!w->want_head && (unseen ? !w->seen : w->seen && w->want_digest)) {
			w->want_head = true;
			if (i < t->next_head)
				t->next_head = i;
		}
	}
	task_feed_heads(s, t);
}

void
task_start(struct registry_session *s, struct task *t)
{
	if (t->push) {
		session_add(s, ASK_UPLOAD, t, t->grant);
		return;
	}
	gather_wanted(t);
	t->use_get = t->query->want_ids;
	size_t plain = 0;
	for (size_t i = 0; i < t->n_wanted; i++)
		plain += !t->wanted[i].want_digest;
	if (t->query->collect_prefix || plain > HEADS_MOST) {
		t->list = LIST_OPEN;
		session_add(s, ASK_LIST, t, t->grant);
	} else if (t->n_wanted) {
		task_ask_heads(s, t, true);
	} else {
		task_finish(s, t);
	}
}

void
task_url(struct question *q)
{
	origin_add_url(&q->url, &q->server->origin);
	str_adds(&q->url, "/v2/");
	if (q->kind == ASK_PING)
		return;
	str_addf(&q->url, "%s/", q->grant->repository);
	switch (q->kind) {
	case ASK_LIST:
		list_add_url(q);
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
	t->given_up = true;
	for (size_t i = s->first_open; i < s->n_questions; i++) {
		struct question *q = s->questions[i];
		if (q->task != t || !q->wanted || q->state != QUESTION_WAITING)
			continue;
		q->wanted->why = why;
		session_done(s, q);
	}
}

/* Refused: it may be that there is nothing yet to be refused. */
static const char *
refused_words(struct registry_session *s, struct task *t, const char *why, enum refusal refused)
{
	const struct repository_query *query = t->query;

	t->empty = refused == REFUSAL_ACCESS && query->create;
	if (refused != REFUSAL_ACCESS || query->create || !query->create_hint)
		return why;
	return session_words(s, "%s; if it is new, say \"create\": true in fleet.json", why);
}

static void
head_failed(struct registry_session *s, struct question *q, const char *why,
            enum refusal refused)
{
	struct task *t = q->task;

	if (!t->grant->proved) {
		why = refused_words(s, t, why, refused);
		t->why = why;
		q->state = QUESTION_RUNNING;	/* not one of the rest */
		abandon_heads(s, t, why);
	}
	q->wanted->why = why;
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
	t->why = refused_words(s, t, why, refused);
	session_done(s, q);
}

/* ---- single tags ---- */

const char *
task_status_words(struct registry_session *s, const struct http_answer *answer, const char *what)
{
	struct oci_error said;
	oci_error_parse(&said, answer->body, answer->len);
	return session_words(s, "%s: %s%s%s%s", what, http_status_text(answer->status, s->a),
	                    *said.words ? " (" : "", said.words, *said.words ? ")" : "");
}

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
		t->list = LIST_WHOLE;
		session_done(s, q);
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
manifest_digest(struct registry_session *s, const struct question *q, const struct http_answer *answer)
{
	const char *digest = http_answer_header(answer, "Docker-Content-Digest");
	if (digest && image_ref_digest_valid(digest))
		return arena_strdup(s->a, digest);
	if (q->kind != ASK_GET)
		return NULL;
	return digest_of(answer->body, answer->len, s->a);
}

static void
tag_present(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	if (!is_manifest(answer)) {
		const char *type = http_answer_header(answer, "Content-Type");
		session_fail(s, q, session_words(s, "tag %s: 200 with type \"%.80s\", which is no "
		                                 "manifest", q->wanted->tag, type ? type : ""),
		             REFUSAL_NONE);
		return;
	}
	q->wanted->head = VERDICT_PRESENT;
	q->wanted->digest = manifest_digest(s, q, answer);
	if (q->task->query->want_ids)
		q->wanted->image_id = manifest_image_id(answer->body, answer->len, s->a);
	q->task->grant->proved = true;
	session_done(s, q);
}

/*
 * HEAD has no body: the headers must show that the registry itself speaks.  A gateway's
 * JSON looks the same, and is found out by what it says where a body may come.
 */
static bool
is_own_head(const struct question *q, const struct http_answer *answer)
{
	return http_answer_header(answer, "Docker-Distribution-Api-Version") ||
	       (!q->task->doubted && http_answer_has_type(answer, "application/json"));
}

static bool
is_registry_404(const struct question *q, const struct http_answer *answer)
{
	struct oci_error said;

	if (q->kind == ASK_HEAD)
		return is_own_head(q, answer);
	oci_error_parse(&said, answer->body, answer->len);
	return said.manifest_unknown || said.name_unknown;
}

static bool
is_registry_403(const struct question *q, const struct http_answer *answer)
{
	struct oci_error said;

	if (q->kind == ASK_HEAD)
		return is_own_head(q, answer);
	oci_error_parse(&said, answer->body, answer->len);
	return said.found;
}

static void
tag_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	const char *what = session_words(s, "tag %s", q->wanted->tag);
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
		why = session_words(s, "%s: 404 Not Found, but not the registry's own", what);
		break;
	case 405:
		if (q->kind == ASK_HEAD) {
			t->use_get = true;
			q->kind = ASK_GET;
			return;
		}
		break;
	case 403:
		why = grant_refusal(s, t->grant, task_status_words(s, answer, what));
		if (is_registry_403(q, answer))
			refused = REFUSAL_ACCESS;
		break;
	default:
		break;
	}
	session_fail(s, q, why ? why : task_status_words(s, answer, what), refused);
}

/* ---- pushing ---- */

static void
upload_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct task *t = q->task;
	struct str url = { 0 };
	struct origin to;

	if (answer->status == 403) {
		session_fail(s, q, grant_refusal(s, t->grant, task_status_words(s, answer, "push")),
		             REFUSAL_ACCESS);
		return;
	}
	if (answer->status != 202) {
		session_fail(s, q, task_status_words(s, answer, "push"), REFUSAL_NONE);
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
		const struct wanted *w = task_find_wanted(t, tag->tag);
		tag->verdict = conclude(&tag->reason, t, w);
		tag->digest = tag->verdict == VERDICT_PRESENT ? w->digest : NULL;
		tag->image_id = tag->verdict == VERDICT_PRESENT ? w->image_id : NULL;
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

static const char *
source_of(struct registry_session *s, const struct task *t)
{
	struct str url = { 0 };
	origin_add_url(&url, &t->server->origin);
	const char *source = arena_strdup(s->a, str_text(&url));
	str_dispose(&url);
	return source;
}

static void
fill_pages(struct registry_session *s, struct task *t)
{
	struct repository_query *query = t->query;

	query->source = source_of(s, t);
	query->listed = t->list == LIST_WHOLE;
	query->n_pages = query->listed ? t->n_pages_kept : 0;
	query->pages = arena_array(s->a, query->n_pages, sizeof(*query->pages));
	if (query->n_pages)
		memcpy(query->pages, t->pages_kept, query->n_pages * sizeof(*query->pages));
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
	fill_pages(s, t);
}

void
task_free(struct task *t)
{
	list_dispose(t);
	free(t->wanted);
	free(t);
}
