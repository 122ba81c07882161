/* What an answer means for any kind of question. */
#include "registry/registry_question.h"

#include <stdio.h>
#include <string.h>

#include "http/credential.h"
#include "registry/registry_grant.h"

#define REDIRECTS 5u

/* ---- redirects ---- */

static bool
is_redirect(const struct question *q, long status)
{
	if (status == 307 || status == 308)
		return true;
	/* These turn a POST into a GET, which would be another question. */
	return (status == 301 || status == 302 || status == 303) && q->method != HTTP_POST &&
	       q->method != HTTP_DELETE;
}

static int
follow_redirect(struct registry_session *s, struct question *q, const struct http_answer *answer,
                struct error *err)
{
	const char *location = http_answer_header(answer, "Location");
	bool may_leave = q->method == HTTP_GET || q->method == HTTP_HEAD, same = false;
	struct str url = { 0 };
	struct origin to;
	int ret = -1;

	if (!location)
		error_set(err, "without Location");
	else if (++q->redirects > REDIRECTS)
		error_set(err, "more than %u times", REDIRECTS);
	else if (url_resolve(&url, &to, str_text(&q->url), location, err) == 0) {
		same = url_origin_equal(&to, &q->host->origin);
		ret = same || may_leave ? url_may_lead(&q->server->origin, &to, s->m->rules.insecure, err)
		                        : error_set(err, "to %.100s, which must not get this request", to.host);
	}
	if (ret == 0) {
		if (!same)	/* a token server's password is for it alone */
			credential_wipe_str(&q->authorization);
		str_clear(&q->url);
		str_add_bytes(&q->url, url.data, url.len);
		q->host = memory_host(s->m, &to);
	}
	str_dispose(&url);
	return ret;
}

/* ---- the other scheme ---- */

static void
turn_scheme(struct registry_session *s, struct server *server)
{
	server_turn(server);
	for (size_t i = s->first_open; i < s->n_questions; i++)
		if (s->questions[i]->server == server && s->questions[i]->state == QUESTION_WAITING)
			str_clear(&s->questions[i]->url);
}

/* Go's servers say 400 in plain text when they are spoken to by the wrong scheme, others hang up. */
static bool
is_wrong_scheme(const struct server *server, const struct http_answer *answer)
{
	if (server->origin.https)
		return answer->outcome == HTTP_NOT_TLS || answer->outcome == HTTP_UNREACHABLE;
	if (answer->outcome == HTTP_ANSWERED)
		return answer->status == 400 && !http_answer_has_type(answer, "application/json");
	return answer->outcome == HTTP_NOT_HTTP;
}

/* Returns true if q is to be asked by the other scheme now. */
static bool
try_other_scheme(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct server *server = q->server;
	bool answered = answer->outcome == HTTP_ANSWERED;

	if (server->settled || !q->own)
		return false;
	bool wrong = is_wrong_scheme(server, answer);
	if (wrong && !server->turned && server->may_turn) {
		server->turned = true;
		turn_scheme(s, server);
		return true;
	}
	if (wrong && server->turned && !answered)
		turn_scheme(s, server);	/* it was not that: back, and stay */
	server->settled = answered || (wrong && server->turned);
	return false;
}

/* ---- answers ---- */

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

static bool
may_pass(long status)
{
	return status == 408 || status == 429 || status == 500 || status == 502 ||
	       status == 503 || status == 504;
}

static bool
is_compressed(const struct http_answer *answer)
{
	const char *coding = http_answer_header(answer, "Content-Encoding");
	return answer->status == 200 && coding && strcmp(coding, "identity") != 0;
}

static void
take_status(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	const struct question_kind *kind = q->kind;
	struct error err = { 0 };

	note_limits(q->host, answer);
	if (may_pass(answer->status)) {
		question_retry(s, q, http_status_text(answer->status, s->a), answer);
		return;
	}
	q->host->failures = 0;
	if (is_redirect(q, answer->status)) {
		if (follow_redirect(s, q, answer, &err) < 0)
			question_fail(s, q, session_words(s, "redirects: %s", err.text), REFUSAL_NONE);
		return;
	}
	if (answer->status == 401 && kind->needs_grant) {
		if (q->own)
			login_refused(s, q, answer);
		else
			question_fail(s, q, session_words(s, "redirects to %s, which answers 401",
			                                  q->host->origin.host), REFUSAL_NONE);
		return;
	}
	if (q->generation)
		q->grant->worked = q->generation;
	if (kind->needs_grant && is_compressed(answer))
		question_fail(s, q, "sends compressed text, which gen did not ask for", REFUSAL_NONE);
	else if (kind->answer)
		kind->answer(s, q, answer);
	else
		question_done(s, q);
}

void
question_take_answer(struct registry_session *s, struct question *q,
                     const struct http_answer *answer)
{
	bool too_large = answer->outcome == HTTP_TOO_LARGE;

	if (try_other_scheme(s, q, answer))
		return;
	if (answer->outcome == HTTP_ANSWERED) {
		take_status(s, q, answer);
		return;
	}
	const char *words = session_words(s, "%.300s", answer->words ? answer->words : "no answer");
	if (too_large && q->kind->too_large)
		q->kind->too_large(s, q, words);
	else if (too_large || answer->outcome == HTTP_IMPOSSIBLE)
		question_fail(s, q, words, REFUSAL_NONE);
	else
		question_retry(s, q, words, NULL);
}
