#include "registry/registry_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "http/http_text.h"
#include "registry/registry_parts.h"

#define TIMEOUT_S 120L
#define LIST_LIMIT ((size_t)32 * 1024 * 1024)
#define MANIFEST_LIMIT ((size_t)4 * 1024 * 1024)
#define TOKEN_LIMIT ((size_t)1024 * 1024)
#define OTHER_LIMIT ((size_t)64 * 1024)

static const char ACCEPT_JSON[] = "application/json";

/* Without the types of OCI, a registry says 404 for an OCI image that is there. */
static const char ACCEPT_MANIFEST[] =
	"application/vnd.oci.image.index.v1+json, "
	"application/vnd.docker.distribution.manifest.list.v2+json, "
	"application/vnd.oci.image.manifest.v1+json, "
	"application/vnd.docker.distribution.manifest.v2+json";

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
		m->hosts[i]->broken = false;
		m->hosts[i]->failures = 0;
		if (!m->hosts[i]->asked_to_wait)
			m->hosts[i]->not_before_ms = 0;
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

struct question *
session_add(struct registry_session *s, enum question_kind kind, struct task *task,
            struct grant *grant)
{
	struct question *q = memory_resize(NULL, sizeof(*q));
	*q = (struct question){ .kind = kind, .task = task, .grant = grant,
	                        .server = grant->server };
	s->questions = memory_grow(s->questions, &s->questions_cap, s->n_questions,
	                           sizeof(struct question *));
	s->questions[s->n_questions++] = q;
	if (task)
		task->open++;
	return q;
}

void
session_done(struct registry_session *s, struct question *q)
{
	if (q->state == QUESTION_DONE)
		return;
	q->state = QUESTION_DONE;
	credential_wipe_str(&q->authorization);
	credential_wipe_str(&q->form);
	if (q->wanted) {
		q->task->open_heads--;
		task_feed_heads(s, q->task);
	}
	if (q->task && --q->task->open == 0)
		task_finish(s, q->task);
}

void
session_fail(struct registry_session *s, struct question *q, const char *why, enum refusal refused)
{
	if (q->task) {
		task_failed(s, q, why, refused);
	} else {
		grant_fail(s, q->grant, why, refused);
		session_done(s, q);
	}
}

static struct task *
add_task(struct registry_session *s, const char *registry, const char *repository,
         const char *actions)
{
	struct task *t = memory_resize(NULL, sizeof(*t));
	*t = (struct task){ 0 };
	t->server = memory_server(s->m, registry);
	t->grant = memory_grant(s->m, t->server, repository, actions);
	s->tasks = memory_grow(s->tasks, &s->tasks_cap, s->n_tasks, sizeof(struct task *));
	s->tasks[s->n_tasks++] = t;
	return t;
}

void
registry_session_ask(struct registry_session *s, struct repository_query *query)
{
	struct task *t = add_task(s, query->registry, query->repository, "pull");
	t->query = query;
	task_start(s, t);
}

void
registry_session_ask_push(struct registry_session *s, struct push_query *query)
{
	struct task *t = add_task(s, query->registry, query->repository, "pull,push");
	t->push = query;
	task_start(s, t);
}

/* Where q goes: sets url, host and own. */
static void
aim(struct registry_session *s, struct question *q)
{
	if (q->url.len == 0) {
		if (q->kind == ASK_TOKEN)
			grant_token_request(s, q);
		else if (q->start.len)
			str_add_bytes(&q->url, q->start.data, q->start.len);
		else
			task_url(q);
	}
	struct origin origin;
	if (url_origin(&origin, str_text(&q->url), NULL) < 0)
		origin = q->server->origin;	/* not so: what is in url was checked */
	q->host = memory_host(s->m, &origin);
	q->own = q->kind != ASK_TOKEN && url_origin_equal(&origin, &q->server->origin);
}

/* ---- starting ---- */

enum chance {
	CHANCE_START,
	CHANCE_WAIT,
	CHANCE_OVER,	/* it was failed, which may let others go on */
};

static enum chance
over(struct registry_session *s, struct question *q, const char *why, enum refusal refused)
{
	session_fail(s, q, why, refused);
	return CHANCE_OVER;
}

static enum chance
chance(struct registry_session *s, struct question *q)
{
	bool serves_all = q->kind == ASK_PING || q->kind == ASK_TOKEN;

	if (!serves_all) {
		switch (grant_ready(s, q->grant)) {
		case GRANT_GO:
			break;
		case GRANT_WAIT:
			return CHANCE_WAIT;
		case GRANT_NEVER:
			return over(s, q, arena_strdup(s->a, q->grant->why), q->grant->refused);
		}
		/* Until the registry let us in, one request finds out for all. */
		if (!q->grant->proved && q->grant->running)
			return CHANCE_WAIT;
	}
	aim(s, q);
	if (q->host->broken)
		return over(s, q, q->host->why, REFUSAL_NONE);
	if (q->host->not_before_ms >= s->deadline_ms)
		return over(s, q, session_text_until(s, q->host->not_before_ms), REFUSAL_NONE);
	if (q->host->failures && q->host->running)
		return CHANCE_WAIT;
	if (q->not_before_ms > s->now.ms || q->host->not_before_ms > s->now.ms ||
	    q->host->running >= AT_ONCE || s->running >= AT_ONCE_ALL || (!q->server->settled && q->server->running))
		return CHANCE_WAIT;
	return CHANCE_START;
}

enum http_method
session_method(const struct question *q)
{
	switch (q->kind) {
	case ASK_HEAD:
		return HTTP_HEAD;
	case ASK_UPLOAD:
		return HTTP_POST;
	case ASK_CANCEL:
		return HTTP_DELETE;
	case ASK_TOKEN:
		return q->form.len ? HTTP_POST : HTTP_GET;
	default:
		return HTTP_GET;
	}
}

static size_t
body_limit(const struct question *q)
{
	switch (q->kind) {
	case ASK_LIST:
		return LIST_LIMIT;
	case ASK_GET:
		return MANIFEST_LIMIT;
	case ASK_TOKEN:
		return TOKEN_LIMIT;
	default:
		return OTHER_LIMIT;
	}
}

static void
authorize(struct question *q)
{
	const struct grant *g = q->grant;
	if (q->kind == ASK_TOKEN)
		return;		/* grant_token_request did it */
	str_clear(&q->authorization);
	q->generation = 0;
	if (q->own && q->kind != ASK_PING && g->state == GRANT_READY) {
		str_add_bytes(&q->authorization, g->authorization.data, g->authorization.len);
		q->generation = g->generation;
	}
}

static const struct http_request *
start(struct registry_session *s, struct question *q)
{
	if (q->kind == ASK_HEAD && q->task->use_get)
		q->kind = ASK_GET;
	authorize(q);
	int64_t left = s->deadline_ms - s->now.ms + 1;	/* it ends behind the deadline, never before */
	q->request = (struct http_request){
		.method = session_method(q),
		.url = str_text(&q->url),
		.accept = q->kind == ASK_HEAD || q->kind == ASK_GET ? ACCEPT_MANIFEST : ACCEPT_JSON,
		.authorization = q->authorization.len ? str_text(&q->authorization) : NULL,
		.if_none_match = list_etag(q),
		.form = session_method(q) == HTTP_POST ? str_text(&q->form) : NULL,
		.body_limit = body_limit(q),
		.timeout_ms = left < REQUEST_MS ? (long)left : REQUEST_MS,
	};
	q->state = QUESTION_RUNNING;
	q->host->running++;
	q->server->running++;
	q->grant->running++;
	s->running++;
	q->n_failed_before = q->host->n_failed;
	return &q->request;
}

const struct http_request *
registry_session_next(struct registry_session *s, struct moment now)
{
	s->now = now;
	if (now.ms >= s->deadline_ms)
		return NULL;

	bool changed;
	do {
		changed = false;
		while (s->first_open < s->n_questions &&
		       s->questions[s->first_open]->state == QUESTION_DONE)
			s->first_open++;
		for (size_t i = s->first_open; i < s->n_questions; i++) {
			struct question *q = s->questions[i];
			if (q->state != QUESTION_WAITING)
				continue;
			enum chance c = chance(s, q);
			if (c == CHANCE_START)
				return start(s, q);
			changed |= c == CHANCE_OVER;
		}
	} while (changed);
	return NULL;
}

void
registry_session_answer(struct registry_session *s, const struct http_request *request,
                        const struct http_answer *answer, struct moment now)
{
	struct question *q = NULL;
	const char *words = NULL;

	s->now = now;
	for (size_t i = s->first_open; i < s->n_questions && !q; i++)
		if (&s->questions[i]->request == request)
			q = s->questions[i];
	if (!q || q->state != QUESTION_RUNNING)
		return;
	q->state = QUESTION_WAITING;
	q->host->running--;
	q->server->running--;
	q->grant->running--;
	s->running--;

	if (answer->outcome != HTTP_ANSWERED && now.ms >= s->deadline_ms)
		return;		/* registry_session_expire is next, and says that time is up */
	if (session_turned(s, q, answer))
		return;
	if (answer->outcome != HTTP_ANSWERED)
		words = session_words(s, "%.300s", answer->words ? answer->words : "no answer");
	switch (answer->outcome) {
	case HTTP_ANSWERED:
		session_take_status(s, q, answer);
		break;
	case HTTP_UNREACHABLE:
	case HTTP_TIMED_OUT:
	case HTTP_CUT:
	case HTTP_NOT_HTTP:
	case HTTP_NOT_TLS:
		session_retry(s, q, words, NULL);
		break;
	case HTTP_TOO_LARGE:
		if (q->kind == ASK_LIST) {
			list_refused(s, q, words);
			break;
		}
		/* fall through */
	case HTTP_IMPOSSIBLE:
		session_fail(s, q, words, REFUSAL_NONE);
		break;
	}
}

/* ---- credentials ---- */

bool
registry_session_wants(struct registry_session *s, const char **registry,
                       const char **repository)
{
	for (size_t i = 0; i < s->m->n_grants; i++) {
		struct grant *g = s->m->grants[i];
		if (g->state != GRANT_WANT)
			continue;
		g->state = GRANT_LOOKUP;
		*registry = g->server->name;
		*repository = g->repository;
		return true;
	}
	return false;
}

void
registry_session_credentials(struct registry_session *s, const char *registry,
                             const char *repository, struct credential *c, const char *trouble)
{
	for (size_t i = 0; i < s->m->n_grants; i++) {
		struct grant *g = s->m->grants[i];
		if (g->state == GRANT_LOOKUP && strcmp(g->server->name, registry) == 0 &&
		    strcmp(g->repository, repository) == 0) {
			grant_credentials(s, g, c, trouble);
			return;
		}
	}
	credential_wipe(c);	/* who wanted them was given up meanwhile */
}

/* ---- the rest ---- */

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

void
registry_session_expire(struct registry_session *s, struct moment now)
{
	s->now = now;
	for (size_t i = 0; i < s->n_questions; i++) {
		struct question *q = s->questions[i];
		if (q->state == QUESTION_RUNNING) {
			q->host->running--;
			q->server->running--;
			q->grant->running--;
			s->running--;
		}
		if (q->state == QUESTION_DONE)
			continue;
		q->state = QUESTION_WAITING;
		session_fail(s, q, session_words(s, "not answered within %ld s (--registry-timeout)%s%s", timeout_s(s->m),
		                                q->last ? "; last: " : "", q->last ? q->last : ""),
		             REFUSAL_NONE);
	}
}

void
registry_session_progress(const struct registry_session *s, struct str *out)
{
	size_t asked = 0, done = 0;
	const struct task *open = NULL;

	for (size_t i = 0; i < s->n_questions; i++) {
		asked += s->questions[i]->task != NULL;
		done += s->questions[i]->task && s->questions[i]->state == QUESTION_DONE;
	}
	for (size_t i = 0; i < s->n_tasks && !open; i++)
		if (!s->tasks[i]->finished)
			open = s->tasks[i];
	if (!open)
		return;
	str_addf(out, "%s/%s: ", open->server->name, open->grant->repository);
	if (open->list == LIST_OPEN)
		str_addf(out, "page %u", open->pages + 1);
	else
		str_addf(out, "%zu of %zu questions answered", done, asked);
}
