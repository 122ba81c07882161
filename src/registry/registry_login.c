/* Challenges and credentials: how a right is had. */
#include "registry/registry_grant.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define RENEWALS 2u		/* of a token, for one question */
#define NO_CHALLENGE "401 Unauthorized without a challenge that gen understands"

enum may_start
login_may_ask(struct registry_session *s, struct grant *g)
{
	switch (g->state) {
	case GRANT_READY:
		if (g->challenge.scheme != AUTH_BEARER || s->now.ms < g->expires_ms)
			return MAY_START;
		token_ask(s, g);
		return MAY_NOT_YET;
	case GRANT_OPEN:
		return MAY_START;
	case GRANT_FAILED:
		return MAY_NEVER;
	default:
		return MAY_NOT_YET;
	}
}

/* ---- challenges ---- */

static void
read_challenge(struct auth_challenge *out, const struct http_answer *answer, struct arena *a)
{
	size_t n;
	const char *const *values = http_answer_headers(&n, answer, "WWW-Authenticate", a);
	auth_challenge_parse(out, values, n, a);
}

static const char *
copy_if_there(struct arena *a, const char *text)
{
	return text ? arena_strdup(a, text) : NULL;
}

/* Keep the challenge that q got; NULL, or why it cannot be met. */
static const char *
keep_challenge(struct registry_session *s, const struct question *q,
               const struct auth_challenge *challenge)
{
	struct grant *g = q->grant;
	struct str url = { 0 };
	struct error err = { 0 };
	struct origin realm = { 0 };

	if (challenge->scheme == AUTH_BEARER &&
	    (url_resolve(&url, &realm, str_text(&q->url), challenge->realm, &err) < 0 ||
	     url_may_lead(&g->server->origin, &realm, s->m->rules.insecure, &err) < 0)) {
		str_dispose(&url);
		return session_words(s, "its token server %.120s cannot be used: %s",
		                     challenge->realm, err.text);
	}
	arena_dispose(&g->memory);
	g->challenge = (struct auth_challenge){
		.scheme = challenge->scheme,
		.realm = url.len ? arena_strdup(&g->memory, str_text(&url)) : NULL,
		.service = copy_if_there(&g->memory, challenge->service),
		.scope = copy_if_there(&g->memory, challenge->scope),
	};
	g->realm = realm;
	str_dispose(&url);
	return NULL;
}

/* A challenge is there, and perhaps credentials are: show them. */
static void
answer_challenge(struct registry_session *s, struct grant *g)
{
	if (g->challenge.scheme == AUTH_BEARER) {
		token_ask(s, g);
		return;
	}
	if (!credential_has_password(&g->credential)) {
		const char *words = http_status_text(401, s->a);
		grant_fail(s, g, grant_words_refused(s, g, words), REFUSAL_ACCESS);
		return;
	}
	str_clear(&g->authorization);
	credential_add_basic(&g->authorization, &g->credential);
	grant_ready(s, g);
}

static void
take_challenge(struct registry_session *s, struct question *q,
               const struct auth_challenge *challenge)
{
	struct grant *g = q->grant;
	const char *why = keep_challenge(s, q, challenge);

	if (why)
		grant_fail(s, g, why, REFUSAL_NONE);
	else if (g->looked_up)
		answer_challenge(s, g);
	else
		g->state = GRANT_WANTED;
}

/* ---- pings: some registries say only there what they want ---- */

static void
ping_add_url(struct question *q)
{
	url_add_origin(&q->url, &q->server->origin);
	str_adds(&q->url, "/v2/");
}

static void
ping_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct arena scratch = { 0 };
	struct auth_challenge challenge = { 0 };
	struct grant *g = q->grant;

	if (answer->status == 401)
		read_challenge(&challenge, answer, &scratch);
	if (challenge.scheme != AUTH_NONE)
		take_challenge(s, q, &challenge);
	else if (g->doubts_404)
		grant_believe_404(s, g);	/* it wants nothing */
	else
		grant_fail(s, g, NO_CHALLENGE, REFUSAL_NONE);
	arena_dispose(&scratch);
	question_done(s, q);
}

static const struct question_kind PING = {
	.method = HTTP_GET,
	.add_url = ping_add_url,
	.answer = ping_answer,
	.fail = grant_question_fail,
};

static void
ping_ask(struct registry_session *s, struct grant *g)
{
	g->pinged = true;
	g->state = GRANT_PING;
	question_add(s, &PING, NULL, g);
}

/* ---- 401 ---- */

/* To a question that showed nothing. */
static void
first_refusal(struct registry_session *s, struct question *q,
              const struct auth_challenge *challenge)
{
	if (challenge->scheme != AUTH_NONE)
		take_challenge(s, q, challenge);
	else if (!q->grant->pinged)
		ping_ask(s, q->grant);
	else
		grant_fail(s, q->grant, NO_CHALLENGE, REFUSAL_NONE);
}

static bool
may_renew_token(const struct question *q, const struct auth_challenge *challenge)
{
	const struct grant *g = q->grant;

	if (g->challenge.scheme != AUTH_BEARER || q->renewals >= RENEWALS)
		return false;
	return g->worked == q->generation ||
	       (challenge->error && strcmp(challenge->error, "invalid_token") == 0);
}

/* To a question that showed something. */
static void
next_refusal(struct registry_session *s, struct question *q,
             const struct auth_challenge *challenge)
{
	struct grant *g = q->grant;
	bool bearer = g->challenge.scheme == AUTH_BEARER;

	if (q->generation < g->generation)
		return;		/* it was renewed meanwhile: ask again */
	if (may_renew_token(q, challenge)) {
		q->renewals++;
		if (challenge->scheme == AUTH_BEARER)
			take_challenge(s, q, challenge);
		else
			answer_challenge(s, g);
		return;
	}
	const char *why = grant_words_refused(s, g, bearer ? "401 Unauthorized with a new token"
	                                                   : "401 Unauthorized");
	if (g->proved)
		question_fail(s, q, why, REFUSAL_NONE);
	else	/* a token server took the password; a registry that knows Basic did not */
		grant_fail(s, g, why, bearer ? REFUSAL_ACCESS : REFUSAL_PASSWORD);
}

void
login_refused(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct arena scratch = { 0 };
	struct auth_challenge challenge;
	const char *right = q->kind->other_right;

	read_challenge(&challenge, answer, &scratch);
	if (right && strcmp(q->grant->actions, right) != 0) {
		q->grant = memory_grant(s->m, q->server, q->grant->repository, right);
		q->generation = 0;
	}
	if (q->grant->state == GRANT_READY && q->generation)
		next_refusal(s, q, &challenge);
	else if (q->grant->state == GRANT_OPEN)
		first_refusal(s, q, &challenge);
	arena_dispose(&scratch);
}

/* ---- credentials ---- */

bool
registry_session_wants(struct registry_session *s, const char **registry,
                       const char **repository)
{
	for (size_t i = 0; i < s->m->n_grants; i++) {
		struct grant *g = s->m->grants[i];
		if (g->state != GRANT_WANTED)
			continue;
		g->state = GRANT_LOOKUP;
		*registry = g->server->name;
		*repository = g->repository;
		return true;
	}
	return false;
}

static void
take_credential(struct registry_session *s, struct grant *g, struct credential *c,
                const char *trouble)
{
	g->looked_up = true;
	if (url_origin_is_safe(&g->server->origin))
		credential_take(&g->credential, c);
	else if (!credential_is_empty(c))
		trouble = "they are not sent over plain http";
	if (trouble) {
		free(g->trouble);
		g->trouble = memory_copy(trouble);
	}
	if (g->challenge.scheme != AUTH_NONE)
		answer_challenge(s, g);
	else if (trouble)
		grant_fail(s, g, session_words(s, "404 Not Found, and credentials could not be "
		                               "looked up: %s", trouble), REFUSAL_NONE);
	else if (credential_is_empty(&g->credential))
		grant_believe_404(s, g);
	else
		ping_ask(s, g);
}

void
registry_session_credentials(struct registry_session *s, const char *registry,
                             const char *repository, struct credential *c, const char *trouble)
{
	for (size_t i = 0; i < s->m->n_grants; i++) {
		struct grant *g = s->m->grants[i];
		if (g->state == GRANT_LOOKUP && strcmp(g->server->name, registry) == 0 &&
		    strcmp(g->repository, repository) == 0) {
			take_credential(s, g, c, trouble);
			break;
		}
	}
	credential_wipe(c);	/* not taken if who wanted it was given up meanwhile */
}
