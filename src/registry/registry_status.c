/* What a status says of any question: try again, go elsewhere, or read on. */
#include "registry/registry_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "http/http_text.h"

#define WORDS_MOST ((size_t)900)	/* what an error holds, and a place before it */

const char *
session_words(struct registry_session *s, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	char *words = arena_copy(s->a, str_text(&text), text.len < WORDS_MOST ? text.len : WORDS_MOST);
	for (char *p = words; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	str_dispose(&text);
	return words;
}

const char *
session_text_until(struct registry_session *s, int64_t at_ms)
{
	int64_t wait_s = (at_ms - s->now.ms + 999) / 1000;
	time_t at = (time_t)(s->now.wall_s + wait_s);
	struct tm tm;
	char text[32] = "?";
	if (gmtime_r(&at, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	return session_words(s, "asks to be left alone until %s (%lld s)", text,
	                    (long long)wait_s);
}

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
	unsigned n = q->tries > q->host->failures ? q->tries : q->host->failures;
	return n == 1 ? words : session_words(s, "%s, tried %u times", words, n);
}

/*
 * Count a failure of the host and hold back all that would go there: while it fails,
 * one request at a time finds out whether it still does, and not always the same.
 */
static void
note_failure(struct registry_session *s, struct question *q, int64_t asked_ms)
{
	struct host *h = q->host;

	/* By count, not by time: a near registry fails several within one millisecond. */
	if (h->failures == 0 || q->n_failed_before == h->n_failed)
		h->failures++;
	h->n_failed++;
	int64_t hold_ms = backoff_ms(s, h->failures);
	if (asked_ms > hold_ms) {
		hold_ms = asked_ms;
		h->asked_to_wait = true;
	}
	if (h->not_before_ms < s->now.ms + hold_ms)
		h->not_before_ms = s->now.ms + hold_ms;
}

void
session_retry(struct registry_session *s, struct question *q, const char *words,
              const struct http_answer *answer)
{
	int64_t asked_ms = 0;

	if (q->kind == ASK_TOKEN && answer)
		words = session_words(s, "token server %.120s says %s", q->host->origin.host, words);
	q->tries++;
	q->last = words;
	bool asked = asked_to_wait(&asked_ms, s, answer);
	note_failure(s, q, asked_ms);

	/* A little later than the host's own turn: others have theirs before. */
	q->not_before_ms = s->now.ms + backoff_ms(s, q->tries) + 1;
	if (q->not_before_ms <= q->host->not_before_ms)
		q->not_before_ms = q->host->not_before_ms + 1;
	bool late = q->not_before_ms >= s->deadline_ms;
	if (q->tries < TRIES && q->host->failures < TRIES && !late) {
		q->redirects = 0;
		str_clear(&q->url);
		return;
	}
	const char *why = text_tries(s, q, words);
	if (asked && late)
		why = session_words(s, "%s; %s", why, session_text_until(s, q->host->not_before_ms));
	if (q->host->failures >= TRIES || q->host->not_before_ms >= s->deadline_ms)
		break_host(q->host, why);
	session_fail(s, q, why, REFUSAL_NONE);
}

const char *
session_resolve(struct str *out, struct origin *origin, struct registry_session *s,
                const char *base, const char *reference)
{
	struct error err = { 0 };

	if (strlen(reference) > URL_MOST || !url_resolve(out, base, reference))
		return session_words(s, "\"%.120s\" is no usable url", reference);
	if (url_origin(origin, str_text(out), &err) < 0)
		return session_words(s, "%s", err.text);
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
		why = session_words(s, "redirects more than %u times", REDIRECTS);
	} else if ((why = session_resolve(&url, &to, s, str_text(&q->url), location))) {
		why = session_words(s, "redirects: %s", why);
	} else {
		bool same = url_origin_equal(&to, &q->host->origin);
		if (!same && session_method(q) != HTTP_GET && session_method(q) != HTTP_HEAD)
			why = session_words(s, "redirects to %.100s what is only for itself", to.host);
		else if (url_may_lead(&q->server->origin, &to, s->m->rules.insecure, &err) < 0)
			why = session_words(s, "redirects: %s", err.text);
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
	return (status == 301 || status == 302 || status == 303) && session_method(q) != HTTP_POST &&
	       session_method(q) != HTTP_DELETE;
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
bool
session_turned(struct registry_session *s, struct question *q, const struct http_answer *answer)
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

void
session_take_status(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	note_limits(q->host, answer);
	if (is_passing(answer->status)) {
		session_retry(s, q, http_status_text(answer->status, s->a), answer);
		return;
	}
	q->host->failures = 0;
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
			session_fail(s, q, session_words(s, "%s, to which it redirects, says 401",
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

