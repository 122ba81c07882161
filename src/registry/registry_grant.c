/* Tokens and passwords: how a question gets the right to be asked. */
#include "registry/registry_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "http/token_answer.h"
#include "registry/oci_error.h"

#define CLIENT_ID "stampmill"
#define EARLY_MS 5000		/* a token is renewed so long before it expires */

void
grant_reopen(struct grant *g)
{
	g->running = 0;
	if (g->state == GRANT_READY)
		return;
	g->state = GRANT_OPEN;
	g->pinged = g->insisted = false;
}

/* Let the questions go on whose 404 was doubted. */
static void
release(struct registry_session *s, const struct grant *g, bool again)
{
	for (size_t i = s->first_open; i < s->n_questions; i++) {
		struct question *q = s->questions[i];
		if (q->grant != g || q->state != QUESTION_HELD)
			continue;
		q->state = QUESTION_WAITING;
		if (again)
			str_clear(&q->url);
		else
			task_absent(s, q);
	}
}

void
grant_fail(struct registry_session *s, struct grant *g, const char *why, enum refusal refused)
{
	free(g->why);
	g->why = memory_copy(why);
	g->refused = refused == REFUSAL_ACCESS && g->trouble ? REFUSAL_PASSWORD : refused;
	g->state = GRANT_FAILED;
	release(s, g, true);
}

static void
ready(struct registry_session *s, struct grant *g)
{
	g->state = GRANT_READY;
	g->generation++;
	release(s, g, true);
}

const char *
grant_refusal(struct registry_session *s, const struct grant *g, const char *words)
{
	struct str text = { 0 };
	const char *name = strcmp(g->server->name, "docker.io") == 0 ? "" : g->server->name;
	bool push = strcmp(g->actions, "pull") != 0;

	str_addf(&text, "%s: %s", words, push ? "no right to push" : "private or missing");
	if (g->trouble)
		str_addf(&text, ", and no credentials to show: %s", g->trouble);
	else if (credential_is_empty(&g->credential))
		str_addf(&text, ", and nobody is logged in: use \"docker login%s%s\"",
		         *name ? " " : "", name);
	else
		str_addf(&text, ", or what \"docker login%s%s\" left is not enough or out of date",
		         *name ? " " : "", name);
	const char *why = arena_strdup(s->a, str_text(&text));
	str_dispose(&text);
	return why;
}

enum grant_ready
grant_ready(struct registry_session *s, struct grant *g)
{
	switch (g->state) {
	case GRANT_OPEN:
		return GRANT_GO;
	case GRANT_READY:
		if (g->challenge.scheme == AUTH_BEARER && s->now.ms >= g->expires_ms) {
			g->state = GRANT_ASKING;
			session_add(s, ASK_TOKEN, NULL, g);
			return GRANT_WAIT;
		}
		return GRANT_GO;
	case GRANT_FAILED:
		return GRANT_NEVER;
	default:
		return GRANT_WAIT;
	}
}

bool
grant_insist(struct grant *g)
{
	if (g->state != GRANT_OPEN || g->looked_up || g->proved)
		return g->state == GRANT_WANT || g->state == GRANT_LOOKUP || g->state == GRANT_PING;
	g->insisted = true;
	g->state = GRANT_WANT;
	return true;
}

/* ---- challenges ---- */

static const char *
copy_in(struct arena *a, const char *text)
{
	return text ? arena_strdup(a, text) : NULL;
}

/* Keep a challenge; NULL, or why it cannot be answered. */
static const char *
keep_challenge(struct registry_session *s, struct grant *g, const struct question *q,
               const struct auth_challenge *challenge)
{
	struct str url = { 0 };
	struct error err = { 0 };
	struct origin realm = { 0 };
	const char *why = NULL;

	if (challenge->scheme == AUTH_BEARER) {
		why = session_resolve(&url, &realm, s, str_text(&q->url), challenge->realm);
		if (!why && url_may_lead(&g->server->origin, &realm, s->m->rules.insecure, &err) < 0)
			why = session_words(s, "%s", err.text);
	}
	if (why) {
		why = session_words(s, "its token server %.120s cannot be used: %s",
		                   challenge->realm, why);
	} else {
		arena_dispose(&g->memory);
		g->challenge = (struct auth_challenge){
			.scheme = challenge->scheme,
			.realm = copy_in(&g->memory, url.len ? str_text(&url) : NULL),
			.service = copy_in(&g->memory, challenge->service),
			.scope = copy_in(&g->memory, challenge->scope),
		};
		g->realm = realm;
	}
	str_dispose(&url);
	return why;
}

static bool
has_password(const struct credential *c)
{
	return c->user.len && c->password.len;
}

/* A challenge and perhaps credentials are there: use them. */
static void
proceed(struct registry_session *s, struct grant *g)
{
	if (g->challenge.scheme == AUTH_BEARER) {
		g->state = GRANT_ASKING;
		session_add(s, ASK_TOKEN, NULL, g);
		return;
	}
	if (!has_password(&g->credential)) {
		grant_fail(s, g, grant_refusal(s, g, http_status_text(401, s->a)), REFUSAL_ACCESS);
		return;
	}
	str_clear(&g->authorization);
	credential_add_basic(&g->authorization, &g->credential);
	ready(s, g);
}

static void
take_challenge(struct registry_session *s, struct grant *g, const struct question *q,
               const struct auth_challenge *challenge)
{
	const char *why = keep_challenge(s, g, q, challenge);
	if (why) {
		grant_fail(s, g, why, REFUSAL_NONE);
		return;
	}
	if (g->looked_up)
		proceed(s, g);
	else
		g->state = GRANT_WANT;
}

static void
parse_challenge(struct auth_challenge *out, const struct http_answer *answer, struct arena *a)
{
	size_t n;
	const char *const *values = http_answer_headers(&n, answer, "WWW-Authenticate", a);
	auth_challenge_parse(out, values, n, a);
}

static void
ping(struct registry_session *s, struct grant *g)
{
	g->pinged = true;
	g->state = GRANT_PING;
	session_add(s, ASK_PING, NULL, g);
}

static void
first_refusal(struct registry_session *s, struct question *q, struct grant *g,
              const struct auth_challenge *challenge)
{
	if (challenge->scheme != AUTH_NONE)
		take_challenge(s, g, q, challenge);
	else if (!g->pinged)
		ping(s, g);	/* some registries say there what they want */
	else
		grant_fail(s, g, "401 Unauthorized without a challenge that can be answered", REFUSAL_NONE);
}

static bool
may_renew(const struct question *q, const struct grant *g, const struct auth_challenge *challenge)
{
	if (g->challenge.scheme != AUTH_BEARER || q->renewals >= RENEWALS)
		return false;
	if (g->worked == q->generation)
		return true;	/* it was good once: it expired */
	return challenge->error && strcmp(challenge->error, "invalid_token") == 0;
}

/* What we showed was not enough. */
static void
next_refusal(struct registry_session *s, struct question *q, struct grant *g,
             const struct auth_challenge *challenge)
{
	if (q->generation < g->generation)
		return;		/* it was renewed meanwhile: ask again */
	if (may_renew(q, g, challenge)) {
		q->renewals++;
		if (challenge->scheme == AUTH_BEARER)
			take_challenge(s, g, q, challenge);
		else
			proceed(s, g);
		return;
	}
	bool bearer = g->challenge.scheme == AUTH_BEARER;
	const char *why = grant_refusal(s, g, bearer ? "401 Unauthorized after a fresh token"
	                                             : "401 Unauthorized");
	if (g->proved)
		session_fail(s, q, why, REFUSAL_NONE);
	else	/* a token server took the password; a registry that knows Basic did not */
		grant_fail(s, g, why, bearer ? REFUSAL_ACCESS : REFUSAL_PASSWORD);
}

void
grant_unauthorized(struct registry_session *s, struct question *q,
                   const struct http_answer *answer)
{
	struct arena scratch = { 0 };
	struct auth_challenge challenge;

	parse_challenge(&challenge, answer, &scratch);
	if (q->kind == ASK_CANCEL && strcmp(q->grant->actions, "delete") != 0) {
		/* The right to push is not the right to take back: ask for that. */
		q->grant = memory_grant(s->m, q->server, q->grant->repository, "delete");
		q->generation = 0;
	}
	struct grant *g = q->grant;
	if (g->state == GRANT_READY && q->generation)
		next_refusal(s, q, g, &challenge);
	else if (g->state == GRANT_OPEN)
		first_refusal(s, q, g, &challenge);
	arena_dispose(&scratch);
}

void
grant_ping_answer(struct registry_session *s, struct question *q,
                  const struct http_answer *answer)
{
	struct arena scratch = { 0 };
	struct auth_challenge challenge = { 0 };
	struct grant *g = q->grant;

	if (answer->status == 401)
		parse_challenge(&challenge, answer, &scratch);
	if (challenge.scheme != AUTH_NONE) {
		take_challenge(s, g, q, &challenge);
	} else if (g->insisted) {
		g->state = GRANT_OPEN;	/* it wants nothing: what it said first stands */
		release(s, g, false);
	} else {
		grant_fail(s, g, "401 Unauthorized without a challenge that can be answered", REFUSAL_NONE);
	}
	arena_dispose(&scratch);
	session_done(s, q);
}

void
grant_credentials(struct registry_session *s, struct grant *g, struct credential *c,
                  const char *trouble)
{
	bool safe = url_origin_is_safe(&g->server->origin);

	g->looked_up = true;
	if (safe)
		credential_take(&g->credential, c);
	else if (!credential_is_empty(c))
		trouble = "they are not sent over plain http";
	credential_wipe(c);
	if (trouble) {
		free(g->trouble);
		g->trouble = memory_copy(trouble);
	}
	if (g->challenge.scheme != AUTH_NONE) {
		proceed(s, g);
	} else if (trouble) {
		grant_fail(s, g, session_words(s, "404 Not Found without credentials, which "
		                              "could not be had: %s", trouble), REFUSAL_NONE);
	} else if (credential_is_empty(&g->credential)) {
		g->state = GRANT_OPEN;
		release(s, g, false);
	} else {
		ping(s, g);
	}
}

/* ---- token servers ---- */

static void
add_scope(struct str *out, const struct grant *g)
{
	if (g->challenge.scope)
		str_adds(out, g->challenge.scope);
	else
		str_addf(out, "repository:%s:%s", g->repository, g->actions);
}

static void
add_get(struct question *q, const struct grant *g)
{
	struct str scope = { 0 };

	str_adds(&q->url, g->challenge.realm);
	char sep = strchr(g->challenge.realm, '?') ? '&' : '?';
	if (g->challenge.service) {
		str_addf(&q->url, "%cservice=", sep);
		url_add_encoded(&q->url, g->challenge.service);
		sep = '&';
	}
	add_scope(&scope, g);
	const char *p = str_text(&scope);
	while (*(p += strspn(p, " "))) {
		struct str one = { 0 };
		size_t n = strcspn(p, " ");
		str_add_bytes(&one, p, n);
		str_addf(&q->url, "%cscope=", sep);
		url_add_encoded(&q->url, str_text(&one));
		str_dispose(&one);
		sep = '&';
		p += n;
	}
	str_dispose(&scope);
}

static void
add_field(struct str *form, const char *name, const char *value)
{
	str_addf(form, "%s%s=", form->len ? "&" : "", name);
	url_add_encoded(form, value);
}

static void
add_post(struct question *q, const struct grant *g)
{
	struct str scope = { 0 };

	str_adds(&q->url, g->challenge.realm);
	add_field(&q->form, "grant_type", "refresh_token");
	if (g->challenge.service)
		add_field(&q->form, "service", g->challenge.service);
	add_scope(&scope, g);
	add_field(&q->form, "scope", str_text(&scope));
	add_field(&q->form, "client_id", CLIENT_ID);
	add_field(&q->form, "refresh_token", str_text(&g->credential.identity_token));
	str_dispose(&scope);
}

void
grant_token_request(struct registry_session *s, struct question *q)
{
	struct grant *g = q->grant;
	bool safe = url_origin_is_safe(&g->realm);

	(void)s;
	credential_wipe_str(&q->authorization);
	credential_wipe_str(&q->form);
	if (safe && g->credential.identity_token.len && !g->no_post) {
		add_post(q, g);
		return;
	}
	add_get(q, g);
	if (safe && has_password(&g->credential))
		credential_add_basic(&q->authorization, &g->credential);
}

static void
take_token(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct grant *g = q->grant;
	struct str token = { 0 };
	struct error err = { 0 };
	long expires_s;

	if (token_answer_parse(&token, &expires_s, answer->body, answer->len, &err) < 0) {
		grant_fail(s, g, session_words(s, "the answer of token server %.120s %s",
		                              g->realm.host, err.text), REFUSAL_NONE);
	} else {
		str_clear(&g->authorization);
		str_adds(&g->authorization, "Bearer ");
		str_add_bytes(&g->authorization, token.data, token.len);
		g->expires_ms = s->now.ms + expires_s * 1000 - EARLY_MS;
		ready(s, g);
	}
	credential_wipe_str(&token);
	session_done(s, q);
}

void
grant_token_answer(struct registry_session *s, struct question *q,
                   const struct http_answer *answer)
{
	struct grant *g = q->grant;

	if (answer->status == 200) {
		take_token(s, q, answer);
		return;
	}
	if (q->form.len && (answer->status == 404 || answer->status == 405)) {
		g->no_post = true;
		str_clear(&q->url);
		return;
	}
	struct oci_error said;
	oci_error_parse(&said, answer->body, answer->len);
	const char *words = session_words(s, "token server %.120s says %s%s%s", g->realm.host,
	                                 http_status_text(answer->status, s->a),
	                                 *said.words ? ": " : "", said.words);
	bool anonymous = credential_is_empty(&g->credential);
	bool refused = answer->status == 401 || answer->status == 403;
	if (refused && !http_answer_has_type(answer, "text/html"))	/* which firewalls send */
		/* With a password, 401 is about the password; else it is about the repository. */
		grant_fail(s, g, grant_refusal(s, g, words),
		           anonymous || answer->status == 403 ? REFUSAL_ACCESS : REFUSAL_PASSWORD);
	else
		grant_fail(s, g, words, REFUSAL_NONE);
	session_done(s, q);
}
