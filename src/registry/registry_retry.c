/* Failures that may pass: how long to leave a host alone, and when to give it up. */
#include "registry/registry_question.h"

#include "http/http_text.h"

#define WAIT_FIRST_MS 500
#define WAIT_MOST_MS 30000

/* How long to wait after the n-th failure: doubling, and up to half as much again. */
static int64_t
backoff_ms(struct registry_session *s, unsigned n)
{
	int64_t wait = WAIT_FIRST_MS;
	while (--n && wait < WAIT_MOST_MS)
		wait *= 2;
	wait += memory_random(s->m) % (uint32_t)(wait / 2 + 1);
	return wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
}

/* What Retry-After asks for; -1: nothing. */
static int64_t
asked_wait_ms(const struct registry_session *s, const struct http_answer *answer)
{
	const char *value = answer ? http_answer_header(answer, "Retry-After") : NULL;
	int64_t wait_s;

	return value && http_text_retry_after(&wait_s, value, s->now.wall_s) ? wait_s * 1000 : -1;
}

/*
 * Count a failure of the host and hold back all that would go there: while it fails,
 * one request at a time finds out whether it still does, and not always the same.
 */
static void
host_note_failure(struct registry_session *s, struct question *q, int64_t asked_ms)
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

static const char *
words_tries(struct registry_session *s, const struct question *q, const char *words)
{
	unsigned n = q->tries > q->host->failures ? q->tries : q->host->failures;
	return n == 1 ? words : session_words(s, "%s, tried %u times", words, n);
}

void
question_retry(struct registry_session *s, struct question *q, const char *words,
               const struct http_answer *answer)
{
	struct host *h = q->host;
	int64_t asked_ms = asked_wait_ms(s, answer);

	if (q->kind->answerer && answer)
		words = session_words(s, "%s %.120s says %s", q->kind->answerer, h->origin.host, words);
	q->tries++;
	q->last_failure = words;
	host_note_failure(s, q, asked_ms);

	/* A little later than the host's own turn: others have theirs before. */
	q->not_before_ms = s->now.ms + backoff_ms(s, q->tries) + 1;
	if (q->not_before_ms <= h->not_before_ms)
		q->not_before_ms = h->not_before_ms + 1;
	bool late = q->not_before_ms >= s->deadline_ms;
	if (q->tries < TRIES && h->failures < TRIES && !late) {
		q->redirects = 0;
		str_clear(&q->url);
		return;
	}
	const char *why = words_tries(s, q, words);
	if (asked_ms >= 0 && late)
		why = session_words(s, "%s; %s", why, session_words_until(s, h->not_before_ms));
	if (h->failures >= TRIES || h->not_before_ms >= s->deadline_ms)
		h->broken_why = why;
	question_fail(s, q, why, REFUSAL_NONE);
}
