/* Tokens: what a token server is asked. */
#include "registry/registry_grant.h"

#include <string.h>

#include "http/token_answer.h"
#include "registry/oci_error.h"

#define CLIENT_ID "stampmill"
#define EARLY_MS 5000		/* a token is renewed so long before it expires */

static void
add_scope(struct str *out, const struct grant *g)
{
	if (g->challenge.scope)
		str_adds(out, g->challenge.scope);
	else
		str_addf(out, "repository:%s:%s", g->repository, g->actions);
}

/* Add "<before>name=value". */
static void
add_field(struct str *out, char before, const char *name, const char *value)
{
	str_addf(out, "%c%s=", before, name);
	url_add_encoded(out, value);
}

static void
add_get(struct question *q, const struct grant *g)
{
	struct str scope = { 0 };
	char before = strchr(str_text(&q->url), '?') ? '&' : '?';

	if (g->challenge.service) {
		add_field(&q->url, before, "service", g->challenge.service);
		before = '&';
	}
	add_scope(&scope, g);
	for (char *rest, *one = strtok_r(scope.data, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
		add_field(&q->url, before, "scope", one);
		before = '&';
	}
	str_dispose(&scope);
}

static void
add_post(struct question *q, const struct grant *g)
{
	struct str scope = { 0 };

	str_adds(&q->form, "grant_type=refresh_token");
	if (g->challenge.service)
		add_field(&q->form, '&', "service", g->challenge.service);
	add_scope(&scope, g);
	add_field(&q->form, '&', "scope", str_text(&scope));
	add_field(&q->form, '&', "client_id", CLIENT_ID);
	add_field(&q->form, '&', "refresh_token", str_text(&g->credential.identity_token));
	str_dispose(&scope);
}

/* The whole request: credentials go along where they are safe. */
static void
token_add_url(struct question *q)
{
	struct grant *g = q->grant;
	bool safe = url_origin_is_safe(&g->realm);

	credential_wipe_str(&q->authorization);
	credential_wipe_str(&q->form);
	str_adds(&q->url, g->challenge.realm);
	bool post = safe && g->credential.identity_token.len && !g->no_post;
	q->method = post ? HTTP_POST : HTTP_GET;
	if (post)
		add_post(q, g);
	else
		add_get(q, g);
	if (!post && safe && credential_has_password(&g->credential))
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
		grant_fail(s, g, session_words(s, "the answer from token server %.120s %s",
		                               g->realm.host, err.text), REFUSAL_NONE);
	} else {
		str_clear(&g->authorization);
		str_adds(&g->authorization, "Bearer ");
		str_add_bytes(&g->authorization, token.data, token.len);
		g->expires_ms = s->now.ms + expires_s * 1000 - EARLY_MS;
		grant_ready(s, g);
	}
	credential_wipe_str(&token);
	question_done(s, q);
}

static void
token_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	struct grant *g = q->grant;
	struct oci_error said;

	if (answer->status == 200) {
		take_token(s, q, answer);
		return;
	}
	if (q->form.len && (answer->status == 404 || answer->status == 405)) {
		g->no_post = true;
		str_clear(&q->url);
		return;
	}
	oci_error_parse(&said, answer->body, answer->len);
	const char *words = session_words(s, "token server %.120s says %s%s%s", g->realm.host,
	                                  http_status_text(answer->status, s->a),
	                                  *said.words ? ": " : "", said.words);
	enum refusal refused = REFUSAL_NONE;
	bool may_refuse = answer->status == 401 || answer->status == 403;
	if (may_refuse && !http_answer_has_type(answer, "text/html")) {	/* which firewalls send */
		/* With a password, 401 is about the password; else it is about the repository. */
		bool password = answer->status == 401 && !credential_is_empty(&g->credential);
		refused = password ? REFUSAL_PASSWORD : REFUSAL_ACCESS;
		words = grant_words_refused(s, g, words);
	}
	grant_question_fail(s, q, words, refused);
}

static const struct question_kind TOKEN = {
	.method = HTTP_GET,
	.body_limit = (size_t)1024 * 1024,
	.answerer = "token server",
	.add_url = token_add_url,
	.answer = token_answer,
	.fail = grant_question_fail,
};

void
token_ask(struct registry_session *s, struct grant *g)
{
	g->state = GRANT_TOKEN;
	question_add(s, &TOKEN, NULL, g);
}
