/*
 * A registry that may say anything: the input is a list of answers.  Each starts with a
 * byte that chooses the status, then comes a text up to a NUL: header lines, an empty line,
 * the body.  When the input is at its end, everything is 404.
 */
#include "fuzz.h"

#include "http/credential.h"
#include "http/http_answer.h"
#include "http/url.h"
#include "registry/registry_query.h"
#include "registry/registry_session.h"

#define REQUESTS_MOST 5000
#define USER "who-i-am"

struct input {
	const uint8_t *p, *end;
};

static unsigned
next_byte(struct input *in)
{
	return in->p < in->end ? *in->p++ : 0;
}

static char *
next_text(struct input *in, struct arena *a)
{
	size_t left = (size_t)(in->end - in->p);
	const uint8_t *nul = left ? memchr(in->p, '\0', left) : NULL;
	size_t n = nul ? (size_t)(nul - in->p) : left;
	char *text = arena_copy(a, (const char *)in->p, n);
	in->p += n + (nul != NULL);
	return text;
}

static size_t
read_headers(struct http_header *out, size_t most, char **text)
{
	size_t n = 0;
	while (n < most) {
		char *eol = strchr(*text, '\n'), *colon = strchr(*text, ':');
		if (!eol || !colon || colon > eol)
			break;
		*eol = *colon = '\0';
		out[n++] = (struct http_header){ *text, colon + 1 };
		*text = eol + 1;
	}
	return n;
}

static void
answer(struct registry_session *s, const struct http_request *r, struct input *in,
       struct moment now)
{
	static const long statuses[] = { 404, 200, 401, 307, 202, 304, 403, 405, 400, 413, 429, 503,
	                                 500, 204, 302, 418 };
	struct arena a = { 0 };
	struct http_header headers[8];
	unsigned choice = next_byte(in);
	char *text = next_text(in, &a);
	size_t n = read_headers(headers, 8, &text);
	struct http_answer ans = {
		.outcome = choice < 240 ? HTTP_ANSWERED : (enum http_outcome)(choice % 8),
		.words = text, .status = statuses[choice % 16], .headers = headers, .n_headers = n,
		.body = text, .len = strlen(text), .open_ended = choice & 16,
	};
	registry_session_answer(s, r, &ans, now);
	arena_dispose(&a);
}

/* Secrets go to the registry and to safe token servers, to nobody else. */
static void
check_request(const struct http_request *r)
{
	struct origin o;
	MUST(url_origin(&o, r->url, NULL) == 0);
	MUST(url_origin_is_safe(&o));
	if (r->authorization)
		must_be_clean(r->authorization);
	if (r->authorization && strncmp(r->authorization, "Bearer ", 7) == 0)
		MUST(strncmp(r->url, "http://127.0.0.1:5000/", 22) == 0 ||
		     strncmp(r->url, "https://127.0.0.1:5000/", 23) == 0);
}

static bool
look_up(struct registry_session *s, unsigned choice)
{
	const char *registry, *repository;
	bool any = false;
	while (registry_session_wants(s, &registry, &repository)) {
		struct credential c = { 0 };
		if (choice & 1) {
			str_adds(&c.user, USER);
			str_adds(&c.password, "secret");
		}
		if (choice & 2)
			str_adds(&c.identity_token, USER);
		registry_session_credentials(s, registry, repository, &c, choice & 4 ? "trouble" : NULL);
		any = true;
	}
	return any;
}

static void
run(struct registry_session *s, struct input *in, struct moment *now, unsigned choice)
{
	const struct http_request *running[32];
	size_t n = 0, total = 0;

	while (!registry_session_is_done(s)) {
		const struct http_request *r;
		while ((r = registry_session_next(s, *now))) {
			check_request(r);
			MUST(n < 32 && ++total < REQUESTS_MOST);
			running[n++] = r;
		}
		if (look_up(s, choice))
			continue;
		if (n) {
			now->ms += 20;
			answer(s, running[--n], in, *now);
			continue;
		}
		if (registry_session_is_done(s))
			break;
		int64_t wake = registry_session_wake_ms(s);
		if (wake >= registry_session_deadline_ms(s)) {
			now->ms = registry_session_deadline_ms(s);
			registry_session_expire(s, *now);
			break;
		}
		MUST(wake > now->ms);
		now->ms = wake;
	}
	MUST(registry_session_is_done(s));
}

static void
check_answers(const struct repository_query *q)
{
	for (size_t i = 0; i < q->n_tags; i++) {
		const struct tag_query *tag = &q->tags[i];
		MUST((tag->verdict == VERDICT_UNKNOWN) == (tag->reason != NULL));
		if (tag->reason)
			must_be_clean(tag->reason);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct registry_rules rules = { .timeout_s = 60, .seed = 1 };
	struct arena a = { 0 };
	struct input in = { data, data + size };
	struct moment now = { 1000, 1700000000 };
	unsigned choice = next_byte(&in);
	const char *known[] = { "a", "z" };
	struct list_page page = { "http://127.0.0.1:5000/v2/r/tags/list?n=1000", "\"e\"", NULL, known, 2 };
	struct tag_query tags[] = { { .tag = "a" }, { .tag = "b" }, { .tag = "c" }, { .tag = "d" },
	                            { .tag = "e", .want_digest = true }, { .tag = "a" } };
	struct repository_query q = { .registry = "127.0.0.1:5000", .repository = "r", .tags = tags,
	                              .n_tags = choice & 8 ? 2 : 6,
	                              .collect_prefix = choice & 16 ? "z" : NULL,
	                              .create = choice & 32, .known_pages = &page,
	                              .n_known_pages = choice & 64 ? 1 : 0 };
	struct push_query push = { .registry = "127.0.0.1:5000", .repository = "r" };

	struct registry_memory *m = registry_memory_new(&rules);
	struct registry_session *s = registry_session_new(m, &a, now);
	registry_session_ask(s, &q);
	if (choice & 128)
		registry_session_ask_push(s, &push);
	run(s, &in, &now, choice);
	check_answers(&q);
	MUST(!(choice & 128) || (push.may == MAY_PUSH_YES) == (push.reason == NULL));
	registry_session_free(s);

	/* What the first left must not trip up a second. */
	s = registry_session_new(m, &a, now);
	registry_session_ask(s, &q);
	run(s, &in, &now, choice);
	registry_session_free(s);
	registry_memory_free(m);
	arena_dispose(&a);
	return 0;
}
