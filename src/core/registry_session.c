#include "core/registry_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "core/http_text.h"
#include "core/registry_parts.h"

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

struct registry_session *
registry_session_new(struct registry_memory *m, struct arena *a, struct moment now)
{
	struct registry_session *s = memory_resize(NULL, sizeof(*s));
	*s = (struct registry_session){ .m = m, .a = a, .now = now };
	s->deadline_ms = now.ms + (m->rules.timeout_s ? m->rules.timeout_s : TIMEOUT_S) * 1000;
	for (size_t i = 0; i < m->n_hosts; i++)
		m->hosts[i]->broken = false;
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

static const char *
text_until(struct registry_session *s, int64_t at_ms)
{
	int64_t wait_s = (at_ms - s->now.ms + 999) / 1000;
	time_t at = (time_t)(s->now.wall_s + wait_s);
	struct tm tm;
	char text[32] = "?";
	if (gmtime_r(&at, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	return arena_printf(s->a, "asks to be left alone until %s (%lld s)", text,
	                    (long long)wait_s);
}

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
		return over(s, q, text_until(s, q->host->not_before_ms), REFUSAL_NONE);
	if (q->not_before_ms > s->now.ms || q->host->not_before_ms > s->now.ms ||
	    q->host->running >= AT_ONCE || s->running >= AT_ONCE_ALL || (!q->server->settled && q->server->running))
		return CHANCE_WAIT;
	return CHANCE_START;
}

static enum http_method
method_of(const struct question *q)
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
	authorize(q);
	int64_t left = s->deadline_ms - s->now.ms;
	q->request = (struct http_request){
		.method = method_of(q),
		.url = str_text(&q->url),
		.accept = q->kind == ASK_HEAD || q->kind == ASK_GET ? ACCEPT_MANIFEST : ACCEPT_JSON,
		.authorization = q->authorization.len ? str_text(&q->authorization) : NULL,
		.form = method_of(q) == HTTP_POST ? str_text(&q->form) : NULL,
		.body_limit = body_limit(q),
		.timeout_ms = left < REQUEST_MS ? (long)left : REQUEST_MS,
	};
	q->state = QUESTION_RUNNING;
	q->host->running++;
	q->server->running++;
	q->grant->running++;
	s->running++;
	if (!q->first_ms)
		q->first_ms = s->now.ms;
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

/* ---- answers ---- */

static void
break_host(struct host *h, const char *why)
{
	h->broken = true;
	h->why = why;
}

/* How long to wait before try number n + 1: doubling, and up to half as much again. */
static int64_t
backoff_ms(struct registry_session *s, unsigned n)
{
	int64_t wait = WAIT_FIRST_MS;
	while (--n && wait < WAIT_MOST_MS)
		wait *= 2;
	wait += memory_random(s->m) % (uint32_t)(wait / 2 + 1);
	return wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
}

static bool
asked_to_wait(int64_t *wait_ms, const struct registry_session *s,
              const struct http_answer *answer)
{
	const char *value = answer ? http_answer_header(answer, "Retry-After") : NULL;
	int64_t wait_s;
	if (!value || !http_text_retry_after(&wait_s, value, s->now.wall_s))
		return false;
	*wait_ms = wait_s * 1000;
	return true;
}

static const char *
text_tries(struct registry_session *s, const struct question *q, const char *words)
{
	if (q->tries == 1)
		return words;
	return arena_printf(s->a, "%s, tried %u times", words, q->tries);
}

void
session_retry(struct registry_session *s, struct question *q, const char *words,
              const struct http_answer *answer)
{
	int64_t asked_ms = 0, wait_ms;

	if (q->kind == ASK_TOKEN && answer)
		words = arena_printf(s->a, "token server %.120s says %s", q->host->origin.host, words);
	q->tries++;
	q->last = words;
	wait_ms = backoff_ms(s, q->tries);
	bool asked = asked_to_wait(&asked_ms, s, answer);
	if (asked_ms > wait_ms)
		wait_ms = asked_ms;
	int64_t at_ms = s->now.ms + wait_ms;
	if ((asked || (answer && answer->status == 429)) && q->host->not_before_ms < at_ms)
		q->host->not_before_ms = at_ms;

	if (q->tries < TRIES && at_ms < s->deadline_ms) {
		q->not_before_ms = at_ms;
		q->redirects = 0;
		str_clear(&q->url);
		return;
	}
	const char *why = text_tries(s, q, words);
	if (asked && at_ms >= s->deadline_ms) {
		why = arena_printf(s->a, "%s; %s", why, text_until(s, at_ms));
		break_host(q->host, why);
	} else if (q->host->last_good_ms < q->first_ms) {
		break_host(q->host, why);
	}
	session_fail(s, q, why, REFUSAL_NONE);
}

const char *
session_resolve(struct str *out, struct origin *origin, struct registry_session *s,
                const char *base, const char *reference)
{
	struct error err = { 0 };

	if (strlen(reference) > URL_MOST || !s->m->rules.resolve(out, base, reference))
		return arena_printf(s->a, "\"%.120s\" is no usable url", reference);
	if (url_origin(origin, str_text(out), &err) < 0)
		return arena_strdup(s->a, err.text);
	return NULL;
}

static const char *
follow(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct str url = { 0 };
	struct origin to;
	struct error err = { 0 };
	const char *why = NULL;

	const char *location = http_answer_header(answer, "Location");
	if (!location) {
		why = "redirects without Location";
	} else if (++q->redirects > REDIRECTS) {
		why = arena_printf(s->a, "redirects more than %u times", REDIRECTS);
	} else if (!(why = session_resolve(&url, &to, s, str_text(&q->url), location))) {
		bool same = url_origin_equal(&to, &q->host->origin);
		if (!same && method_of(q) != HTTP_GET && method_of(q) != HTTP_HEAD)
			why = arena_printf(s->a, "redirects to %.100s what is only for itself", to.host);
		else if (url_may_lead(&q->server->origin, &to, s->m->rules.insecure, &err) < 0)
			why = arena_printf(s->a, "%s", err.text);
	}
	if (!why) {
		/* A token server's password is for it alone. */
		if (q->kind == ASK_TOKEN && !url_origin_equal(&to, &q->host->origin))
			credential_wipe_str(&q->authorization);
		str_clear(&q->url);
		str_add_bytes(&q->url, url.data, url.len);
	}
	str_dispose(&url);
	return why;
}

static bool
is_redirect(const struct question *q, long status)
{
	if (status == 307 || status == 308)
		return true;
	/* These turn a POST into a GET, which would be another question. */
	return (status == 301 || status == 302 || status == 303) && method_of(q) != HTTP_POST &&
	       method_of(q) != HTTP_DELETE;
}

static bool
is_passing(long status)
{
	return status == 408 || status == 429 || status == 500 || status == 502 ||
	       status == 503 || status == 504;
}

static void
note_limits(struct host *h, const struct http_answer *answer)
{
	const struct { const char *name; char *to; size_t size; } rows[] = {
		{ "ratelimit-limit", h->limit, sizeof(h->limit) },
		{ "ratelimit-remaining", h->remaining, sizeof(h->remaining) },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *value = http_answer_header(answer, rows[i].name);
		if (value && value[strspn(value, "0123456789;w= ")] == '\0' && *value)
			snprintf(rows[i].to, rows[i].size, "%s", value);
	}
}

/* From http to https or back; urls that were made before are made again. */
static void
turn(struct registry_session *s, struct server *server)
{
	memory_server_turn(server);
	for (size_t i = s->first_open; i < s->n_questions; i++)
		if (s->questions[i]->server == server &&
		    s->questions[i]->state == QUESTION_WAITING)
			str_clear(&s->questions[i]->url);
}

/*
 * A server that was spoken to by the wrong scheme: Go's says 400 in plain text,
 * others hang up.  Returns true if the other one is tried now.
 */
static bool
turned(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct server *server = q->server;

	if (server->settled || !q->own)
		return false;
	bool https = server->origin.https, wrong;
	if (answer->outcome == HTTP_ANSWERED)
		wrong = !https && answer->status == 400 &&
		        !http_answer_has_type(answer, "application/json");
	else if (https)
		wrong = answer->outcome == HTTP_NOT_TLS || answer->outcome == HTTP_UNREACHABLE;
	else
		wrong = answer->outcome == HTTP_NOT_HTTP;

	if (server->turned && answer->outcome != HTTP_ANSWERED && wrong) {
		turn(s, server);	/* it was not that: back, and stay */
		server->settled = true;
		return false;
	}
	if (wrong && !server->turned && server->may_turn) {
		server->turned = true;
		turn(s, server);
		return true;
	}
	if (answer->outcome == HTTP_ANSWERED)
		server->settled = true;
	return false;
}

static void
take_status(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	if (is_passing(answer->status)) {
		session_retry(s, q, http_status_text(answer->status, s->a), answer);
		return;
	}
	q->host->last_good_ms = s->now.ms;
	if (is_redirect(q, answer->status)) {
		const char *why = follow(s, q, answer);
		if (why)
			session_fail(s, q, why, REFUSAL_NONE);
		return;
	}
	if (answer->status == 401 && q->kind != ASK_TOKEN && q->kind != ASK_PING) {
		if (q->own)
			grant_unauthorized(s, q, answer);
		else
			session_fail(s, q, arena_printf(s->a, "%s, to which it redirects, says 401",
			                                q->host->origin.host), REFUSAL_NONE);
		return;
	}
	if (q->generation)
		q->grant->worked = q->generation;
	if (q->kind == ASK_PING)
		grant_ping_answer(s, q, answer);
	else if (q->kind == ASK_TOKEN)
		grant_token_answer(s, q, answer);
	else
		task_answer(s, q, answer);
}

static const char *
clean_words(struct registry_session *s, const char *words)
{
	struct error err = { 0 };
	error_set(&err, "%.200s", words ? words : "no answer");
	return arena_strdup(s->a, err.text);
}

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
	q->host->running--;
	q->server->running--;
	q->grant->running--;
	s->running--;

	if (turned(s, q, answer))
		return;
	switch (answer->outcome) {
	case HTTP_ANSWERED:
		note_limits(q->host, answer);
		take_status(s, q, answer);
		break;
	case HTTP_UNREACHABLE:
	case HTTP_TIMED_OUT:
	case HTTP_CUT:
	case HTTP_NOT_HTTP:
	case HTTP_NOT_TLS:
		session_retry(s, q, clean_words(s, answer->words), NULL);
		break;
	case HTTP_TOO_LARGE:
		if (q->kind == ASK_LIST) {
			task_list_refused(s, q, clean_words(s, answer->words));
			break;
		}
		/* fall through */
	case HTTP_IMPOSSIBLE:
		session_fail(s, q, clean_words(s, answer->words), REFUSAL_NONE);
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
	long timeout_s = s->m->rules.timeout_s ? s->m->rules.timeout_s : TIMEOUT_S;

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
		session_fail(s, q, arena_printf(s->a, "not answered within %ld s (--registry-timeout)%s%s", timeout_s,
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
