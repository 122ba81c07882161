/* Single tags: HEAD, or GET where that is refused or the manifest itself is wanted. */
#include "registry/registry_tags.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/image_ref.h"
#include "registry/manifest.h"
#include "registry/oci_error.h"

#define HEADS_OPEN (2 * AT_ONCE)

static const struct question_kind HEAD;

static int
compare_tag(const void *tag, const void *wanted)
{
	return strcmp(tag, ((const struct wanted *)wanted)->tag);
}

struct wanted *
tags_find_wanted(const struct tags_task *t, const char *tag)
{
	if (t->n_wanted == 0)
		return NULL;
	return bsearch(tag, t->wanted, t->n_wanted, sizeof(*t->wanted), compare_tag);
}

/*
 * Let a few HEADs be open at a time, those under way and those that are next: a
 * hundred thousand would be looked through again and again.
 */
static void
add_heads(struct registry_session *s, struct tags_task *t)
{
	while (!t->heads_given_up && t->open_heads < HEADS_OPEN && t->next_head < t->n_wanted) {
		struct wanted *w = &t->wanted[t->next_head++];
		if (!w->want_head || w->asked)
			continue;
		w->asked = true;
		t->open_heads++;
		struct question *q = question_add(s, &HEAD, &t->task, t->task.grant);
		q->subject = w;
		q->method = t->use_get ? HTTP_GET : HTTP_HEAD;
	}
}

static void
ask_heads(struct registry_session *s, struct tags_task *t, bool unseen)
{
	for (size_t i = 0; i < t->n_wanted; i++) {
		struct wanted *w = &t->wanted[i];
		if (w->want_head || (unseen ? w->seen : !w->seen || !w->want_digest))
			continue;
		w->want_head = true;
		if (i < t->next_head)
			t->next_head = i;
	}
	add_heads(s, t);
}

void
tags_ask_unseen(struct registry_session *s, struct tags_task *t)
{
	ask_heads(s, t, true);
}

void
tags_ask_digests(struct registry_session *s, struct tags_task *t)
{
	ask_heads(s, t, false);
}

static void
head_add_url(struct question *q)
{
	const struct wanted *w = q->subject;

	question_add_path(q, "manifests/");
	str_adds(&q->url, w->tag);
}

static void
head_done(struct registry_session *s, struct question *q)
{
	struct tags_task *t = question_tags_task(q);

	t->open_heads--;
	add_heads(s, t);
}

/* ---- failures ---- */

const char *
tags_refused(struct registry_session *s, struct tags_task *t, const char *why,
             enum refusal refused)
{
	const struct repository_query *query = t->query;

	/* It may be that there is nothing yet to be refused. */
	t->counts_as_empty = refused == REFUSAL_ACCESS && query->create;
	if (refused == REFUSAL_ACCESS && !query->create && query->create_hint)
		why = session_words(s, "%s; if the repository is new, set \"create\": true in fleet.json", why);
	return t->why = why;
}

/* Nothing more will be learned by HEAD: say of the rest what was said of one, of q. */
static void
give_up_heads(struct registry_session *s, const struct question *q, const char *why)
{
	question_tags_task(q)->heads_given_up = true;
	for (size_t i = s->first_open; i < s->n_questions; i++) {
		struct question *other = s->questions[i];
		if (other == q || other->task != q->task || other->kind != &HEAD ||
		    other->state != QUESTION_WAITING)
			continue;
		((struct wanted *)other->subject)->why = why;
		question_done(s, other);
	}
}

static void
head_fail(struct registry_session *s, struct question *q, const char *why, enum refusal refused)
{
	struct wanted *w = q->subject;

	if (!q->grant->proved) {
		why = tags_refused(s, question_tags_task(q), why, refused);
		give_up_heads(s, q, why);
	}
	w->why = why;
	question_done(s, q);
}

/* ---- answers ---- */

static void
head_absent(struct registry_session *s, struct question *q)
{
	struct wanted *w = q->subject;

	if (grant_holds_404(q))
		return;
	w->head = VERDICT_ABSENT;
	q->grant->proved = true;
	question_done(s, q);
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
manifest_digest(struct registry_session *s, const struct question *q,
                const struct http_answer *answer)
{
	const char *digest = http_answer_header(answer, "Docker-Content-Digest");

	if (digest && image_ref_digest_valid(digest))
		return arena_strdup(s->a, digest);
	return q->request.method == HTTP_GET ? digest_of(answer->body, answer->len, s->a) : NULL;
}

static void
head_present(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct wanted *w = q->subject;

	if (!is_manifest(answer)) {
		const char *type = http_answer_header(answer, "Content-Type");
		head_fail(s, q, session_words(s, "tag %s: 200 with type \"%.80s\", which is not "
		                              "a manifest", w->tag, type ? type : ""), REFUSAL_NONE);
		return;
	}
	w->head = VERDICT_PRESENT;
	w->digest = manifest_digest(s, q, answer);
	if (question_tags_task(q)->query->want_ids)
		w->image_id = manifest_image_id(answer->body, answer->len, s->a);
	q->grant->proved = true;
	question_done(s, q);
}

/*
 * Is a 403 or 404 the registry's own?  A HEAD has no body: its headers must show it.  A
 * gateway's JSON looks the same, and is found out by what it says where a body may come.
 */
static bool
is_own(const struct question *q, const struct http_answer *answer)
{
	struct oci_error said;

	if (q->request.method == HTTP_HEAD)
		return http_answer_header(answer, "Docker-Distribution-Api-Version") ||
		       (!question_tags_task(q)->list_refused_by_other &&
		        http_answer_has_type(answer, "application/json"));
	oci_error_parse(&said, answer->body, answer->len);
	return answer->status == 403 ? said.found : said.manifest_unknown || said.name_unknown;
}

/* HEAD is refused: GET from now on, also for the questions that are there already. */
static void
turn_to_get(struct registry_session *s, struct question *q)
{
	question_tags_task(q)->use_get = true;
	for (size_t i = s->first_open; i < s->n_questions; i++)
		if (s->questions[i]->task == q->task && s->questions[i]->kind == &HEAD)
			s->questions[i]->method = HTTP_GET;
}

static void
head_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	const char *tag = session_words(s, "tag %s", ((struct wanted *)q->subject)->tag);

	switch (answer->status) {
	case 200:
		head_present(s, q, answer);
		return;
	case 404:
		if (is_own(q, answer))
			head_absent(s, q);
		else
			head_fail(s, q, session_words(s, "%s: 404 Not Found, but not from the registry itself", tag),
			          REFUSAL_NONE);
		return;
	case 403:
		head_fail(s, q, grant_words_refused(s, q->grant, session_words_status(s, tag, answer)),
		          is_own(q, answer) ? REFUSAL_ACCESS : REFUSAL_NONE);
		return;
	case 405:
		if (q->request.method == HTTP_HEAD) {
			turn_to_get(s, q);
			return;
		}
		break;
	}
	head_fail(s, q, session_words_status(s, tag, answer), REFUSAL_NONE);
}

/* Without the types of OCI, a registry says 404 for an OCI image that is there. */
static const struct question_kind HEAD = {
	.method = HTTP_HEAD,
	.accept = "application/vnd.oci.image.index.v1+json, "
	          "application/vnd.docker.distribution.manifest.list.v2+json, "
	          "application/vnd.oci.image.manifest.v1+json, "
	          "application/vnd.docker.distribution.manifest.v2+json",
	.body_limit = (size_t)4 * 1024 * 1024,
	.needs_grant = true,
	.add_url = head_add_url,
	.answer = head_answer,
	.fail = head_fail,
	.absent = head_absent,
	.done = head_done,
};
