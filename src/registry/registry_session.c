#include "registry/registry_session.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "http/credential.h"
#include "registry/registry_grant.h"
#include "registry/registry_question.h"

#define TIMEOUT_S 120L
#define AT_ONCE_ALL 16u		/* requests at a time, to all hosts together */
#define REQUEST_MS 60000L
#define BODY_LIMIT ((size_t)64 * 1024)

static long
timeout_s(const struct registry_memory *m)
{
	return m->rules.timeout_s ? m->rules.timeout_s : TIMEOUT_S;
}

struct registry_session *
registry_session_new(struct registry_memory *m, struct arena *a, struct moment now)
{
	struct registry_session *s = memory_resize(NULL, sizeof(*s));

	*s = (struct registry_session){ .m = m, .a = a, .now = now, .start_ms = now.ms };
	s->deadline_ms = now.ms + timeout_s(m) * 1000 - m->spent_ms;
	for (size_t i = 0; i < m->n_hosts; i++) {
		struct host *h = m->hosts[i];
		h->broken_why = NULL;
		h->failures = 0;
		if (!h->asked_to_wait)
			h->not_before_ms = 0;
	}
	for (size_t i = 0; i < m->n_grants; i++)
		grant_reopen(m->grants[i]);
	return s;
}

static void
question_free(struct question *q)
{
	str_dispose(&q->start);
	str_dispose(&q->url);
	credential_wipe_str(&q->authorization);
	credential_wipe_str(&q->form);
	free(q);
}

static void
task_free(struct task *t)
{
	if (t->kind->dispose)
		t->kind->dispose(t);
	free(t);
}

void
registry_session_free(struct registry_session *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_questions; i++)
		question_free(s->questions[i]);
	for (size_t i = 0; i < s->n_tasks; i++)
		task_free(s->tasks[i]);
	free(s->questions);
	free(s->tasks);
	free(s);
}

/* ---- starting ---- */

/* Where q goes: sets url, host and own. */
static void
question_set_target(struct registry_session *s, struct question *q)
{
	struct origin origin;

	if (q->url.len == 0) {
		if (q->start.len)
			str_add_bytes(&q->url, q->start.data, q->start.len);
		else
			q->kind->add_url(q);
		if (url_origin(&origin, str_text(&q->url), NULL) < 0)
			origin = q->server->origin;	/* not so: what is in url was checked */
		q->host = memory_host(s->m, &origin);
	}
	q->own = url_origin_equal(&q->host->origin, &q->server->origin);
}

static enum may_start
question_may_go_to_host(struct registry_session *s, const struct question *q, const char **why)
{
	const struct host *h = q->host;

	*why = h->broken_why;
	if (!*why && h->not_before_ms >= s->deadline_ms)
		*why = session_words_until(s, h->not_before_ms);
	if (*why)
		return MAY_NEVER;
	if (q->not_before_ms > s->now.ms || h->not_before_ms > s->now.ms ||
	    h->running >= (h->failures ? 1 : AT_ONCE) || s->running >= AT_ONCE_ALL ||
	    (!q->server->settled && q->server->running))
		return MAY_NOT_YET;
	return MAY_START;
}

/* For MAY_NEVER *why is set, and *refused says what that proves. */
static enum may_start
question_may_start(struct registry_session *s, struct question *q, const char **why,
                   enum refusal *refused)
{
	struct grant *g = q->grant;

	*refused = REFUSAL_NONE;
	if (q->kind->needs_grant) {
		enum may_start may = login_may_ask(s, g);
		if (may == MAY_NEVER) {
			*why = arena_strdup(s->a, g->why);
			*refused = g->refused;
		}
		if (may != MAY_START)
			return may;
		/* Until the registry let us in, one request finds out for all. */
		if (!g->proved && g->running)
			return MAY_NOT_YET;
	}
	question_set_target(s, q);
	return question_may_go_to_host(s, q, why);
}

static void
question_authorize(struct question *q)
{
	const struct grant *g = q->grant;

	if (!q->kind->needs_grant)
		return;		/* a token question has set its own */
	str_clear(&q->authorization);
	q->generation = 0;
	if (q->own && g->state == GRANT_READY) {
		str_add_bytes(&q->authorization, g->authorization.data, g->authorization.len);
		q->generation = g->generation;
	}
}

static void
question_count_running(struct registry_session *s, struct question *q, int n)
{
	q->host->running += (unsigned)n;
	q->server->running += (unsigned)n;
	q->grant->running += (unsigned)n;
	s->running += (unsigned)n;
}

static const struct http_request *
question_start(struct registry_session *s, struct question *q)
{
	const struct question_kind *kind = q->kind;
	int64_t left = s->deadline_ms - s->now.ms + 1;	/* it ends behind the deadline, never before */

	question_authorize(q);
	q->request = (struct http_request){
		.method = q->method,
		.url = str_text(&q->url),
		.accept = kind->accept ? kind->accept : "application/json",
		.authorization = q->authorization.len ? str_text(&q->authorization) : NULL,
		.if_none_match = kind->etag ? kind->etag(q) : NULL,
		.form = q->method == HTTP_POST ? str_text(&q->form) : NULL,
		.body_limit = kind->body_limit ? kind->body_limit : BODY_LIMIT,
		.timeout_ms = left < REQUEST_MS ? (long)left : REQUEST_MS,
	};
	q->state = QUESTION_RUNNING;
	question_count_running(s, q, 1);
	q->n_failed_before = q->host->n_failed;
	return &q->request;
}

const struct http_request *
registry_session_next(struct registry_session *s, struct moment now)
{
	bool failed;

	s->now = now;
	if (now.ms >= s->deadline_ms)
		return NULL;
	do {
		failed = false;
		while (s->first_open < s->n_questions &&
		       s->questions[s->first_open]->state == QUESTION_DONE)
			s->first_open++;
		for (size_t i = s->first_open; i < s->n_questions; i++) {
			struct question *q = s->questions[i];
			const char *why;
			enum refusal refused;
			if (q->state != QUESTION_WAITING)
				continue;
			enum may_start may = question_may_start(s, q, &why, &refused);
			if (may == MAY_START)
				return question_start(s, q);
			if (may == MAY_NEVER)
				question_fail(s, q, why, refused);
			failed |= may == MAY_NEVER;
		}
	} while (failed);	/* which may let others go on */
	return NULL;
}

/* ---- ending ---- */

void
registry_session_answer(struct registry_session *s, const struct http_request *request,
                        const struct http_answer *answer, struct moment now)
{
	struct question *q = NULL;

	s->now = now;
	for (size_t i = s->first_open; i < s->n_questions && !q; i++)
		if (&s->questions[i]->request == request)
			q = s->questions[i];
	if (!q || q->state != QUESTION_RUNNING)
		return;
	q->state = QUESTION_WAITING;
	question_count_running(s, q, -1);
	if (answer->outcome != HTTP_ANSWERED && now.ms >= s->deadline_ms)
		return;		/* registry_session_expire is next, and says that time is up */
	question_take_answer(s, q, answer);
}

void
registry_session_expire(struct registry_session *s, struct moment now)
{
	s->now = now;
	for (size_t i = 0; i < s->n_questions; i++) {
		struct question *q = s->questions[i];
		if (q->state == QUESTION_DONE)
			continue;
		if (q->state == QUESTION_RUNNING)
			question_count_running(s, q, -1);
		q->state = QUESTION_WAITING;
		const char *last = q->last_failure;
		question_fail(s, q, session_words(s, "no answer within %ld s (--registry-timeout)%s%s",
		                                  timeout_s(s->m), last ? "; last failure: " : "",
		                                  last ? last : ""), REFUSAL_NONE);
	}
}

void
registry_session_end(struct registry_session *s, struct moment now)
{
	s->m->spent_ms += now.ms - s->start_ms;
}

bool
registry_session_is_done(const struct registry_session *s)
{
	for (size_t i = 0; i < s->n_tasks; i++)
		if (!s->tasks[i]->finished)
			return false;
	return true;
}

/* ---- for those who wait ---- */

int64_t
registry_session_wake_ms(const struct registry_session *s)
{
	int64_t wake = INT64_MAX;
	for (size_t i = s->first_open; i < s->n_questions; i++) {
		const struct question *q = s->questions[i];
		if (q->state != QUESTION_WAITING)
			continue;
		int64_t at = q->not_before_ms;
		if (q->host && q->host->not_before_ms > at)
			at = q->host->not_before_ms;
		if (at > s->now.ms && at < wake)
			wake = at;
	}
	return wake;
}

int64_t
registry_session_deadline_ms(const struct registry_session *s)
{
	return s->deadline_ms;
}

void
registry_session_progress(const struct registry_session *s, struct str *out)
{
	size_t asked = 0, done = 0;
	const struct task *t = NULL;

	for (size_t i = 0; i < s->n_questions; i++) {
		asked += s->questions[i]->task != NULL;
		done += s->questions[i]->task && s->questions[i]->state == QUESTION_DONE;
	}
	for (size_t i = 0; i < s->n_tasks && !t; i++)
		if (!s->tasks[i]->finished)
			t = s->tasks[i];
	if (!t)
		return;
	str_addf(out, "%s/%s: ", t->server->name, t->grant->repository);
	if (!t->kind->add_progress || !t->kind->add_progress(t, out))
		str_addf(out, "%zu of %zu questions answered", done, asked);
}
