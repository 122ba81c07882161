#include "registry/registry_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "http/credential.h"
#include "http/http_answer.h"
#include "registry/registry_query.h"

#define R "http://127.0.0.1:5000"
#define LIST R "/v2/a/b/tags/list?n=1000"
#define JSON "Content-Type: application/json\n"
#define OCI "Content-Type: application/vnd.oci.image.manifest.v1+json\n"
#define DIGEST "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define BEARER "WWW-Authenticate: Bearer realm=\"" R "/token\",service=\"s\",scope=\"repository:a/b:pull\"\n"
#define TOKEN R "/token?service=s&scope=repository%3Aa%2Fb%3Apull"
#define WALL INT64_C(1700000000)	/* Tue, 14 Nov 2023 22:13:20 GMT */

/* What is asked next, as text, and the answer to it. */
struct step {
	const char *request;	/* "GET url", then " auth=..." and " form=..." if sent */
	long status;		/* or an enum http_outcome, negative */
	const char *headers;	/* "Name: value\n"... */
	const char *body;
};

#define OUTCOME(o) (-(long)(o))

struct world {
	struct registry_memory *memory;
	struct registry_session *session;
	struct arena arena;
	struct moment now;
	const char *user, *password, *identity, *trouble;	/* what look-ups find */
	bool create;
	unsigned lookups;
	int64_t waited_ms;
};

static void
begin(struct world *w, bool insecure)
{
	struct registry_rules rules = { .insecure = insecure, .timeout_s = 60, .seed = 1 };
	w->memory = registry_memory_new(&rules);
	w->now = (struct moment){ 1000000, WALL };
	w->session = registry_session_new(w->memory, &w->arena, w->now);
}

static void
end(struct world *w)
{
	registry_session_free(w->session);
	registry_memory_free(w->memory);
	arena_dispose(&w->arena);
}

static const char *
spell(const struct http_request *r, struct arena *a)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "DELETE" };
	return arena_printf(a, "%s %s%s%s%s%s%s%s", methods[r->method], r->url,
	                    r->authorization ? " auth=" : "", r->authorization ? r->authorization : "",
	                    r->form && *r->form ? " form=" : "", r->form ? r->form : "",
	                    r->if_none_match ? " etag=" : "", r->if_none_match ? r->if_none_match : "");
}

static size_t
split_headers(struct http_header *out, char *text)
{
	size_t n = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *colon = strchr(line, ':');
		*colon = '\0';
		out[n++] = (struct http_header){ line, colon + 2 };
	}
	return n;
}

static void
answer(struct world *w, const struct http_request *r, const struct step *step)
{
	struct arena a = { 0 };
	struct http_header headers[16];
	struct http_answer ans = {
		.outcome = step->status < 0 ? (enum http_outcome)-step->status : HTTP_ANSWERED,
		.words = "it broke",
		.status = step->status > 0 ? step->status : 0,
		.headers = headers,
		.n_headers = split_headers(headers, arena_strdup(&a, step->headers ? step->headers : "")),
		.body = step->body ? step->body : "",
		.len = step->body ? strlen(step->body) : 0,
	};
	ans.open_ended = http_answer_header(&ans, "Open-Ended") != NULL;
	registry_session_answer(w->session, r, &ans, w->now);
	arena_dispose(&a);
}

static void
look_up(struct world *w)
{
	const char *registry, *repository;
	while (registry_session_wants(w->session, &registry, &repository)) {
		struct credential c = { 0 };
		assert_string_equal(repository, "a/b");
		if (w->user)
			str_adds(&c.user, w->user);
		if (w->password)
			str_adds(&c.password, w->password);
		if (w->identity)
			str_adds(&c.identity_token, w->identity);
		w->lookups++;
		registry_session_credentials(w->session, registry, repository, &c, w->trouble);
	}
}

/* Go through all steps; just these requests are made, one after the other. */
static void
play(struct world *w, const struct step *steps, size_t n)
{
	size_t done = 0;
	while (!registry_session_is_done(w->session)) {
		const struct http_request *r = registry_session_next(w->session, w->now);
		if (r) {
			const char *text = spell(r, &w->arena);
			if (done == n)
				fail_msg("one request more: %s", text);
			assert_string_equal(text, steps[done].request);
			w->now.ms += 10;
			answer(w, r, &steps[done++]);
			look_up(w);
			continue;
		}
		int64_t wake = registry_session_wake_ms(w->session);
		int64_t deadline = registry_session_deadline_ms(w->session);
		if (wake >= deadline) {
			w->now.ms = deadline;
			registry_session_expire(w->session, w->now);
			break;
		}
		w->waited_ms += wake - w->now.ms;
		w->now.ms = wake;
	}
	assert_int_equal(done, n);
	assert_true(registry_session_is_done(w->session));
}

#define PLAY(w, steps) play(w, steps, sizeof(steps) / sizeof((steps)[0]))

/* "a=present b=absent c=unknown", with digests where there are some. */
static const char *
verdicts(const struct repository_query *q, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < q->n_tags; i++)
		text = arena_printf(a, "%s%s%s=%s%s%s", text, *text ? " " : "", q->tags[i].tag,
		                    verdict_name(q->tags[i].verdict), q->tags[i].digest ? "@" : "",
		                    q->tags[i].digest ? q->tags[i].digest : "");
	return text;
}

/* A question about tags, "a b c"; one with a '@' behind it is wanted with its digest. */
static struct repository_query
ask(struct world *w, const char *tags)
{
	struct repository_query q = { .registry = "127.0.0.1:5000", .repository = "a/b" };
	q.tags = arena_array(&w->arena, strlen(tags) + 1, sizeof(*q.tags));
	for (char *tag = strtok(arena_strdup(&w->arena, tags), " "); tag; tag = strtok(NULL, " ")) {
		char *at = strchr(tag, '@');
		if (at)
			*at = '\0';
		q.tags[q.n_tags++] = (struct tag_query){ .tag = tag, .want_digest = at != NULL };
	}
	return q;
}

/* ---- one row, one conversation ---- */

struct row {
	const char *tags;
	struct step steps[14];
	const char *want, *reason;
};

static void
play_rows(const struct row *rows, size_t n, const struct world *with)
{
	for (size_t i = 0; i < n; i++) {
		struct world w = *with;
		size_t n_steps = 0;

		begin(&w, false);
		struct repository_query q = ask(&w, rows[i].tags);
		q.create = with->create;
		registry_session_ask(w.session, &q);
		while (rows[i].steps[n_steps].request)
			n_steps++;
		play(&w, rows[i].steps, n_steps);
		assert_string_equal(verdicts(&q, &w.arena), rows[i].want);
		assert_string_equal(q.reason ? q.reason : "", rows[i].reason ? rows[i].reason : "");
		end(&w);
	}
}

#define PLAY_ROWS(rows, world) play_rows(rows, sizeof(rows) / sizeof((rows)[0]), world)

static void
a_list_tells_many_tags(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "p q x y", { { "GET " LIST, 200, JSON, "{\"tags\":[\"q\",\"p\",\"z\"]}" } },
		  "p=present q=present x=absent y=absent", NULL },
		/* the same tag twice, and asked for twice */
		{ "p p q x y", { { "GET " LIST, 200, JSON, "{\"tags\":[\"p\",\"p\"]}" } },
		  "p=present p=present q=absent x=absent y=absent", NULL },
		/* as few as three are asked for without one */
		{ "p q x",
		  { { "HEAD " R "/v2/a/b/manifests/p", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/q", 200, OCI "Docker-Content-Digest: " DIGEST "\n", "" },
		    { "HEAD " R "/v2/a/b/manifests/x", 404, JSON, "" } },
		  "p=present q=present@" DIGEST " x=absent", NULL },
		/* all seen: the second page is not needed */
		{ "p q r s", { { "GET " LIST, 200, JSON "Link: <?n=1000&last=s>; rel=next\n",
		                 "{\"tags\":[\"p\",\"q\",\"r\",\"s\"]}" } },
		  "p=present q=present r=present s=present", NULL },
		/* two pages read, four to go: HEADs cost less now */
		{ "a b c d",
		  { { "GET " LIST, 200, JSON "Link: </v2/a/b/tags/list?p=2>; rel=next\n", "{\"tags\":[]}" },
		    { "GET " R "/v2/a/b/tags/list?p=2", 200, JSON "Link: <?p=3>; rel=next\n", "{\"tags\":[\"d\"]}" },
		    { "HEAD " R "/v2/a/b/manifests/a", 404, JSON, "" },
		    { "HEAD " R "/v2/a/b/manifests/b", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/c", 404, "Docker-Distribution-Api-Version: registry/2.0\n", "" } },
		  "a=absent b=present c=absent d=present", NULL },
		/* a repository that is not there, says the registry */
		{ "a b c d", { { "GET " LIST, 404, JSON, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}" } },
		  "a=absent b=absent c=absent d=absent", NULL },
		/* a page size that is refused */
		{ "a b c d",
		  { { "GET " LIST, 400, JSON, "{\"errors\":[{\"code\":\"PAGINATION_NUMBER_INVALID\"}]}" },
		    { "GET " R "/v2/a/b/tags/list", 200, JSON, "{\"tags\":[\"a\"]}" } },
		  "a=present b=absent c=absent d=absent", NULL },
		/* a list that is refused */
		{ "a b c d",
		  { { "GET " LIST, 405, JSON, "" },
		    { "HEAD " R "/v2/a/b/manifests/a", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/b", 404, JSON, "" },
		    { "HEAD " R "/v2/a/b/manifests/c", 404, JSON, "" },
		    { "HEAD " R "/v2/a/b/manifests/d", 404, JSON, "" } },
		  "a=present b=absent c=absent d=absent", NULL },
		/* digests are asked for only where the list has the tag */
		{ "a@ b@ c d e f",
		  { { "GET " LIST, 200, JSON, "{\"tags\":[\"a\",\"c\"]}" },
		    { "HEAD " R "/v2/a/b/manifests/a", 200, OCI "Docker-Content-Digest: " DIGEST "\n", "" } },
		  "a=present@" DIGEST " b=absent c=present d=absent e=absent f=absent", NULL },
		/* gone between the list and the HEAD */
		{ "a@ c d e f",
		  { { "GET " LIST, 200, JSON, "{\"tags\":[\"a\"]}" },
		    { "HEAD " R "/v2/a/b/manifests/a", 404, JSON, "" } },
		  "a=absent c=absent d=absent e=absent f=absent", NULL },
		/* HEAD is refused: GET, and the digest is made of what came */
		{ "a@",
		  { { "HEAD " R "/v2/a/b/manifests/a", 405, "", "" },
		    { "GET " R "/v2/a/b/manifests/a", 200, OCI, "{}" } },
		  "a=present@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 405, "", "" },
		    { "GET " R "/v2/a/b/manifests/a", 404, JSON, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}" } },
		  "a=absent", NULL },
		/* no digest, or none that may be believed */
		{ "a@", { { "HEAD " R "/v2/a/b/manifests/a", 200, OCI "Docker-Content-Digest: sha256:x\n", "" } },
		  "a=present", NULL },
		/* nothing wanted, nothing asked */
		{ "", { { 0 } }, "", NULL },
	};
	static const struct world with = { 0 };
	PLAY_ROWS(rows, &with);
}

static void
what_proves_nothing_is_unknown(void **state)
{
	(void)state;
#define UNKNOWN "a=unknown b=unknown c=unknown d=unknown"
	static const struct row rows[] = {
		{ "a b c d", { { "GET " LIST, 200, "Content-Type: text/html\n", "<html>" } }, UNKNOWN,
		  "list of tags: the answer is a web page (type \"text/html\")" },
		{ "a b c d", { { "GET " LIST, 200, "Content-Type: text/html; charset=utf-8\n", "{\"tags\":[]}" } },
		  UNKNOWN, "list of tags: the answer is a web page (type \"text/html; charset=utf-8\")" },
		{ "a b c d", { { "GET " LIST, 200, JSON, "{\"tags\":[\"a\"" } }, UNKNOWN,
		  "list of tags: the answer is JSON that ends too early (type \"application/json\")" },
		{ "a b c d", { { "GET " LIST, 200, JSON "Content-Encoding: gzip\n", "\x1f\x8b" } }, UNKNOWN,
		  "sends compressed text, which gen did not ask for" },
		{ "a b c d", { { "GET " LIST, 204, "", "" } }, UNKNOWN, "list of tags: status 204" },
		{ "a b c d", { { "GET " LIST, 304, "", "" } }, UNKNOWN,
		  "list of tags: 304 Not Modified, but the page is not known" },
		{ "a b c d", { { "GET " LIST, 418, "", "{\"message\":\"\\u001b[31mtea\"}" } }, UNKNOWN,
		  "list of tags: status 418 (?[31mtea)" },
		{ "a b c d",
		  { { "GET " LIST, 200, JSON "Link: <http://evil.example/>; rel=next\n", "{\"tags\":[\"a\"]}" } },
		  "a=present b=unknown c=unknown d=unknown",
		  "list of tags: its next page is on another server, evil.example" },
		{ "a b c d",
		  { { "GET " LIST, 200, JSON "Link: <?n=1000>; rel=next\n", "{\"tags\":[\"a\"]}" } },
		  "a=present b=unknown c=unknown d=unknown", "list of tags: its pages go in a circle" },
		{ "a b c d", { { "GET " LIST, 200, JSON "Link: junk\n", "{\"tags\":[\"a\"]}" } },
		  "a=present b=unknown c=unknown d=unknown", "list of tags: Link \"junk\" cannot be read" },
		/* the first 404 of a web server is enough: it is asked no more */
		{ "a b c d",
		  { { "GET " LIST, 404, "Content-Type: text/html\n", "<html>" },
		    { "HEAD " R "/v2/a/b/manifests/a", 404, "Content-Type: text/html\n", "" } }, UNKNOWN,
		  "tag a: 404 Not Found, but not from the registry itself" },
		/* a gateway's JSON is known by what it says of the list */
		{ "a b c d",
		  { { "GET " LIST, 404, JSON, "{\"message\":\"no route\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a", 404, JSON, "" } }, UNKNOWN,
		  "tag a: 404 Not Found, but not from the registry itself" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 200, "Content-Type: text/html\n", "" } },
		  "a=unknown", "tag a: 200 with type \"text/html\", which is not a manifest" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 200, "", "" } },
		  "a=unknown", "tag a: 200 with type \"\", which is not a manifest" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 400, JSON, "" } }, "a=unknown",
		  "tag a: 400 Bad Request" },
		/* half a list, then nothing more: what was seen is there, the rest is open */
		{ "a b c d",
		  { { "GET " LIST, 200, JSON "Link: <?p=2>; rel=next\n", "{\"tags\":[\"a\"]}" },
		    { "GET " R "/v2/a/b/tags/list?p=2", 200, JSON, "{\"nope\":1}" } },
		  "a=present b=unknown c=unknown d=unknown",
		  "list of tags: the answer has no \"tags\" (type \"application/json\")" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", OUTCOME(HTTP_IMPOSSIBLE), "", "" } }, "a=unknown",
		  "it broke" },
		/* the list is too large for us, and then so are single tags */
		{ "a b c d",
		  { { "GET " LIST, OUTCOME(HTTP_TOO_LARGE), "", "" },
		    { "HEAD " R "/v2/a/b/manifests/a", OUTCOME(HTTP_TOO_LARGE), "", "" } }, UNKNOWN, "it broke" },
	};
	static const struct world with = { 0 };
	PLAY_ROWS(rows, &with);
}

#define HINT "private or missing, and nobody is logged in: use \"docker login 127.0.0.1:5000\""

static void
a_stranger_asks_for_a_token(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		/* one token for all */
		{ "a b c",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/b auth=Bearer t1", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/c auth=Bearer t1", 404, JSON, "" } },
		  "a=present b=present c=absent", NULL },
		/* it expired: a new one, for the same question */
		{ "a b",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/b auth=Bearer t1", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t2\"}" },
		    { "HEAD " R "/v2/a/b/manifests/b auth=Bearer t2", 200, OCI, "" } },
		  "a=present b=present", NULL },
		/* one that never was good is not renewed, and nothing else is asked */
		{ "a b",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 401, BEARER, "" } },
		  "a=unknown b=unknown", "401 Unauthorized with a new token: " HINT },
		/* unless the registry calls it invalid: twice, then no more */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 401,
		      "WWW-Authenticate: Bearer realm=\"" R "/token\",service=\"s\",scope=\"repository:a/b:pull\",error=\"invalid_token\"\n", "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t2\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t2", 401,
		      "WWW-Authenticate: Bearer realm=\"" R "/token\",service=\"s\",scope=\"repository:a/b:pull\",error=\"invalid_token\"\n", "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t3\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t3", 401,
		      "WWW-Authenticate: Bearer realm=\"" R "/token\",error=\"invalid_token\"\n", "" } },
		  "a=unknown", "401 Unauthorized with a new token: " HINT },
		/* no challenge: the ping may have one */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "", "" },
		    { "GET " R "/v2/", 401, "WWW-Authenticate: Bearer realm=\"" R "/token\",service=\"s\"\n", "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "", "" },
		    { "GET " R "/v2/", 200, "", "" } },
		  "a=unknown", "401 Unauthorized without a challenge that gen understands" },
		/* token servers that are no use */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{}" } },
		  "a=unknown", "the answer from token server 127.0.0.1 has no token" },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 403, JSON, "{\"errors\":[{\"code\":\"DENIED\"}]}" } },
		  "a=unknown", "token server 127.0.0.1 says 403 Forbidden: DENIED: " HINT },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 404, "", "" } },
		  "a=unknown", "token server 127.0.0.1 says 404 Not Found" },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Bearer realm=\"file:///etc/passwd\"\n", "" } },
		  "a=unknown", "its token server file:///etc/passwd cannot be used: url \"file:///etc/passwd\": is neither https nor http" },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Bearer realm=\"http://auth.example/\"\n", "" } },
		  "a=unknown", "its token server http://auth.example/ cannot be used: leads to plain http on another machine (auth.example:80)" },
		/* Basic, and nobody is logged in */
		{ "a b", { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" } },
		  "a=unknown b=unknown", "401 Unauthorized: " HINT },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 403, JSON, "" } }, "a=unknown",
		  "tag a: 403 Forbidden: " HINT },
	};
	static const struct world with = { 0 };
	PLAY_ROWS(rows, &with);
}

static void
a_user_shows_a_password(void **state)
{
	(void)state;
	/* user:secret is dXNlcjpzZWNyZXQ= */
	static const struct row rows[] = {
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN " auth=Basic dXNlcjpzZWNyZXQ=", 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a b",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Basic dXNlcjpzZWNyZXQ=", 200, OCI, "" },
		    { "HEAD " R "/v2/a/b/manifests/b auth=Basic dXNlcjpzZWNyZXQ=", 404, JSON, "" } },
		  "a=present b=absent", NULL },
		/* a wrong one is shown once */
		{ "a b",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Basic dXNlcjpzZWNyZXQ=", 401, "WWW-Authenticate: Basic realm=x\n", "" } },
		  "a=unknown b=unknown", "401 Unauthorized: private or missing, or the credentials from \"docker login 127.0.0.1:5000\" are not enough or out of date" },
		/* never to where a redirect leads, be it by one port only */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Basic dXNlcjpzZWNyZXQ=", 307, "Location: http://127.0.0.1:5001/x\n", "" },
		    { "HEAD http://127.0.0.1:5001/x", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Basic dXNlcjpzZWNyZXQ=", 307, "Location: /elsewhere\n", "" },
		    { "HEAD " R "/elsewhere auth=Basic dXNlcjpzZWNyZXQ=", 200, OCI, "" } },
		  "a=present", NULL },
		/* who is there and wants some is not given any */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 307, "Location: https://other.example/x\n", "" },
		    { "HEAD https://other.example/x", 401, "WWW-Authenticate: Basic realm=x\n", "" } },
		  "a=unknown", "redirects to other.example, which answers 401" },
		/* a token server that sends us on does not pass them on */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN " auth=Basic dXNlcjpzZWNyZXQ=", 302, "Location: http://127.0.0.1:5001/t\n", "" },
		    { "GET http://127.0.0.1:5001/t", 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		/* a 404 to a stranger is asked again by name, where there is a way to */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 404, JSON, "" },
		    { "GET " R "/v2/", 401, "WWW-Authenticate: Bearer realm=\"" R "/token\",service=\"s\"\n", "" },
		    { "GET " TOKEN " auth=Basic dXNlcjpzZWNyZXQ=", 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a b c d",
		  { { "GET " LIST, 404, JSON, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}" },
		    { "GET " R "/v2/", 200, "", "" } },
		  "a=absent b=absent c=absent d=absent", NULL },
	};
	static const struct world with = { .user = "user", .password = "secret" };
	PLAY_ROWS(rows, &with);
}

static void
an_identity_token_is_posted(void **state)
{
	(void)state;
#define FORM " form=grant_type=refresh_token&service=s&scope=repository%3Aa%2Fb%3Apull&client_id=stampmill&refresh_token=id%2B1"
	static const struct row rows[] = {
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "POST " R "/token" FORM, 200, JSON, "{\"access_token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "POST " R "/token" FORM, 404, "", "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "POST " R "/token" FORM, 307, "Location: http://127.0.0.1:5001/t\n", "" } },
		  "a=unknown", "redirects: to 127.0.0.1, which must not get this request" },
	};
	static const struct world with = { .identity = "id+1" };
	PLAY_ROWS(rows, &with);
}

static void
credentials_that_cannot_be_had_are_no_proof(void **state)
{
	(void)state;
	static const struct row rows[] = {
		/* what everybody may read is read all the same */
		{ "a b c d",
		  { { "GET " LIST, 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "GET " LIST " auth=Bearer t1", 200, JSON, "{\"tags\":[\"a\"]}" } },
		  "a=present b=absent c=absent d=absent", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" } },
		  "a=unknown", "401 Unauthorized: private or missing, and there are no credentials to show: docker-credential-x: no such program in PATH" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 404, JSON, "" } },
		  "a=unknown", "404 Not Found, and credentials could not be looked up: docker-credential-x: no such program in PATH" },
	};
	static const struct world with = { .trouble = "docker-credential-x: no such program in PATH" };
	PLAY_ROWS(rows, &with);
}

static void
a_new_repository_may_be_unreadable(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "a b c d",
		  { { "GET " LIST, 401, BEARER, "" },
		    { "GET " TOKEN, 200, JSON, "{\"token\":\"t1\"}" },
		    { "GET " LIST " auth=Bearer t1", 401, BEARER, "" } },
		  "a=absent b=absent c=absent d=absent", NULL },
		{ "a b",
		  { { "HEAD " R "/v2/a/b/manifests/a", 403, JSON, "" } },
		  "a=absent b=absent", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 403, JSON, "" } },
		  "a=absent", NULL },
		/* but no answer is no answer */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 404, "", "" } },
		  "a=unknown", "tag a: 404 Not Found, but not from the registry itself" },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "", "" },
		    { "GET " R "/v2/", 404, "", "" } },
		  "a=unknown", "401 Unauthorized without a challenge that gen understands" },
		/* nor is what a firewall says */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 403, "Content-Type: text/html\n", "" } },
		  "a=unknown", "tag a: 403 Forbidden: " HINT },
		{ "a b c d",
		  { { "GET " LIST, 403, JSON, "{\"message\":\"blocked\"}" },
		    { "HEAD " R "/v2/a/b/manifests/a", 403, JSON, "" } },
		  "a=unknown b=unknown c=unknown d=unknown", "tag a: 403 Forbidden: " HINT },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		    { "GET " TOKEN, 403, "Content-Type: text/html\n", "<html>" } },
		  "a=unknown", "token server 127.0.0.1 says 403 Forbidden" },
	};
	static const struct world with = { .create = true };
	PLAY_ROWS(rows, &with);

	/* And a password that is refused is no new repository. */
	static const struct row wrong[] = {
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" },
		    { "HEAD " R "/v2/a/b/manifests/a auth=Basic dXNlcjpzZWNyZXQ=", 401, "", "" } },
		  "a=unknown", "401 Unauthorized: private or missing, or the credentials from \"docker login 127.0.0.1:5000\" are not enough or out of date" },
	};
	static const struct world user = { .user = "user", .password = "secret", .create = true };
	PLAY_ROWS(wrong, &user);
}

/* ---- waiting ---- */

static void
what_passes_is_tried_again(void **state)
{
	(void)state;
	static const struct {
		struct step steps[8];
		const char *want, *reason;
		int64_t least_ms, most_ms;
	} rows[] = {
#define HEAD_A "HEAD " R "/v2/a/b/manifests/a"
		{ { { HEAD_A, 503, "", "" }, { HEAD_A, 200, OCI, "" } }, "a=present", "", 500, 760 },
		{ { { HEAD_A, OUTCOME(HTTP_UNREACHABLE), "", "" }, { HEAD_A, OUTCOME(HTTP_TIMED_OUT), "", "" },
		    { HEAD_A, OUTCOME(HTTP_CUT), "", "" }, { HEAD_A, 200, OCI, "" } }, "a=present", "", 3500, 5260 },
		{ { { HEAD_A, 429, "Retry-After: 7\n", "" }, { HEAD_A, 200, OCI, "" } }, "a=present", "", 7000, 7010 },
		{ { { HEAD_A, 503, "Retry-After: Tue, 14 Nov 2023 22:13:27 GMT\n", "" }, { HEAD_A, 200, OCI, "" } },
		  "a=present", "", 7000, 7010 },
		{ { { HEAD_A, 429, "Retry-After: Tue, 14 Nov 2023 22:13:00 GMT\n", "" }, { HEAD_A, 200, OCI, "" } },
		  "a=present", "", 500, 760 },
		{ { { HEAD_A, 429, "Retry-After: nonsense\n", "" }, { HEAD_A, 200, OCI, "" } }, "a=present", "", 500, 760 },
		{ { { HEAD_A, 429, "Retry-After: 3600\n", "" } }, "a=unknown",
		  "429 Too Many Requests; asks us to wait until 2023-11-14 23:13:20 UTC (3600 s)", 0, 0 },
		{ { { HEAD_A, 500, "", "" }, { HEAD_A, 502, "", "" }, { HEAD_A, 503, "", "" }, { HEAD_A, 504, "", "" },
		    { HEAD_A, 429, "", "" } }, "a=unknown", "429 Too Many Requests, tried 5 times", 7500, 11260 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w = { 0 };
		size_t n = 0;

		begin(&w, false);
		struct repository_query q = ask(&w, "a");
		registry_session_ask(w.session, &q);
		while (rows[i].steps[n].request)
			n++;
		play(&w, rows[i].steps, n);
		assert_string_equal(verdicts(&q, &w.arena), rows[i].want);
		assert_string_equal(q.reason ? q.reason : "", rows[i].reason);
		assert_in_range(w.waited_ms, rows[i].least_ms, rows[i].most_ms);
		end(&w);
	}
}

/*
 * Ask for n tags by HEAD, answering all with one status, so many ms later; returns the
 * number of requests.
 */
static unsigned
flood(struct world *w, struct repository_query *q, size_t n, const struct step *step, int64_t ms)
{
	unsigned count = 0;

	begin(w, false);
	*q = ask(w, "");
	q->tags = arena_array(&w->arena, n, sizeof(*q->tags));
	for (q->n_tags = 0; q->n_tags < n; q->n_tags++)
		q->tags[q->n_tags] = (struct tag_query){
			.tag = arena_printf(&w->arena, "t%04zu", q->n_tags), .want_digest = true };
	registry_session_ask(w->session, q);
	while (!registry_session_is_done(w->session)) {
		const struct http_request *running[64];
		size_t n_running = 0;
		while ((running[n_running] = registry_session_next(w->session, w->now)))
			n_running++;
		assert_in_range(n_running, 0, 4);
		w->now.ms += ms;
		for (size_t i = 0; i < n_running; i++)
			answer(w, running[i], count + i ? step : &(struct step){ "", 200, OCI, "" });
		look_up(w);
		count += (unsigned)n_running;
		if (n_running == 0)
			w->now.ms = registry_session_wake_ms(w->session);
	}
	return count;
}

static void
a_host_that_fails_is_left_alone(void **state)
{
	(void)state;
	static const int64_t rows[] = { 10, 0 };	/* ms that an answer takes */

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		struct world w = { 0 };
		struct repository_query q;

		/* One is well, four fail at once, then one after the other. */
		unsigned n = flood(&w, &q, 500, &(struct step){ "", 500, "", "" }, rows[r]);
		assert_int_equal(n, 1 + 4 + 4);
		assert_int_equal(q.tags[0].verdict, VERDICT_PRESENT);
		for (size_t i = 1; i < q.n_tags; i++)
			assert_int_equal(q.tags[i].verdict, VERDICT_UNKNOWN);
		assert_string_equal(q.reason, "500 Internal Server Error, tried 5 times");
		end(&w);
	}
}

static void
four_questions_are_open_at_a_time(void **state)
{
	(void)state;
	struct world w = { 0 };
	struct repository_query q;

	unsigned n = flood(&w, &q, 3000, &(struct step){ "", 404, JSON, "" }, 10);
	assert_int_equal(n, 3000);
	assert_int_equal(q.tags[2999].verdict, VERDICT_ABSENT);
	assert_null(q.reason);
	end(&w);
}

static void
one_tag_that_fails_does_not_hide_others(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ "HEAD " R "/v2/a/b/manifests/a", 200, OCI, "" },
		{ "HEAD " R "/v2/a/b/manifests/b", 500, "", "" },
		{ "HEAD " R "/v2/a/b/manifests/c", 200, OCI, "" },
		{ "HEAD " R "/v2/a/b/manifests/b", 500, "", "" },
		{ "HEAD " R "/v2/a/b/manifests/b", 500, "", "" },
		{ "HEAD " R "/v2/a/b/manifests/b", 500, "", "" },
		{ "HEAD " R "/v2/a/b/manifests/b", 500, "", "" },
	};
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a b c");
	registry_session_ask(w.session, &q);
	PLAY(&w, steps);
	assert_string_equal(verdicts(&q, &w.arena), "a=present b=unknown c=present");
	assert_string_equal(q.reason, "500 Internal Server Error, tried 5 times");
	end(&w);
}

static void
the_deadline_ends_everything(void **state)
{
	(void)state;
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a b c d"), other = ask(&w, "x");
	other.repository = "c/d";
	registry_session_ask(w.session, &q);
	registry_session_ask(w.session, &other);
	const struct http_request *r = registry_session_next(w.session, w.now);
	w.now.ms = registry_session_deadline_ms(w.session);
	assert_null(registry_session_next(w.session, w.now));
	/* Its own time was up just before, which is the same thing. */
	answer(&w, r, &(struct step){ "", OUTCOME(HTTP_TIMED_OUT), "", "" });
	registry_session_expire(w.session, w.now);
	assert_true(registry_session_is_done(w.session));
	assert_string_equal(q.reason, "no answer within 60 s (--registry-timeout)");
	assert_string_equal(other.reason, q.reason);
	end(&w);
}

static void
sessions_share_their_time(void **state)
{
	(void)state;
	struct world w = { 0 };

	begin(&w, false);
	w.now.ms += 59000;
	registry_session_end(w.session, w.now);
	registry_session_free(w.session);
	w.now.ms += 500000;		/* what is done between is not counted */
	w.session = registry_session_new(w.memory, &w.arena, w.now);
	assert_int_equal(registry_session_deadline_ms(w.session) - w.now.ms, 1000);
	struct repository_query q = ask(&w, "a");
	registry_session_ask(w.session, &q);
	assert_non_null(registry_session_next(w.session, w.now));
	w.now.ms += 1000;
	assert_null(registry_session_next(w.session, w.now));
	registry_session_expire(w.session, w.now);
	assert_string_equal(q.reason, "no answer within 60 s (--registry-timeout)");
	end(&w);
}

static void
a_long_wait_is_remembered_for_the_next_session(void **state)
{
	(void)state;
	static const struct step busy[] = {
		{ "HEAD " R "/v2/a/b/manifests/a", 429, "Retry-After: 100\n", "" },
	};
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a");
	registry_session_ask(w.session, &q);
	PLAY(&w, busy);
	registry_session_free(w.session);

	w.session = registry_session_new(w.memory, &w.arena, w.now);
	q = ask(&w, "a");
	registry_session_ask(w.session, &q);
	play(&w, NULL, 0);
	assert_string_equal(q.reason, "asks us to wait until 2023-11-14 22:15:00 UTC (100 s)");
	end(&w);
}

/* ---- further cases ---- */

static void
a_token_is_renewed_before_it_expires(void **state)
{
	(void)state;
	static const struct step first[] = {
		{ "HEAD " R "/v2/a/b/manifests/a", 401, BEARER, "" },
		{ "GET " TOKEN, 200, JSON, "{\"token\":\"t1\",\"expires_in\":300}" },
		{ "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" },
	}, again[] = {
		{ "HEAD " R "/v2/a/b/manifests/a auth=Bearer t1", 200, OCI, "" },
	}, later[] = {
		{ "GET " TOKEN, 200, JSON, "{\"token\":\"t2\",\"expires_in\":300}" },
		{ "HEAD " R "/v2/a/b/manifests/a auth=Bearer t2", 200, OCI, "" },
	};
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a");
	registry_session_ask(w.session, &q);
	PLAY(&w, first);

	registry_session_free(w.session);
	w.now.ms += 294000;
	w.session = registry_session_new(w.memory, &w.arena, w.now);
	registry_session_ask(w.session, &q);
	PLAY(&w, again);

	registry_session_free(w.session);
	w.now.ms += 1000;
	w.session = registry_session_new(w.memory, &w.arena, w.now);
	registry_session_ask(w.session, &q);
	PLAY(&w, later);
	assert_int_equal(w.lookups, 1);
	end(&w);
}

static void
other_tags_are_gathered(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ "GET " LIST, 200, JSON "Link: <?p=2>; rel=next\n", "{\"tags\":[\"b-2\",\"b-1\",\"a\",\"x\"]}" },
		{ "GET " R "/v2/a/b/tags/list?p=2", 200, JSON, "{\"tags\":[\"b-0\",\"b-2\",\"b\"]}" },
	};
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a b-1");
	q.collect_prefix = "b-";
	registry_session_ask(w.session, &q);
	PLAY(&w, steps);
	assert_string_equal(verdicts(&q, &w.arena), "a=present b-1=present");
	assert_int_equal(q.n_others, 2);
	assert_string_equal(q.others[0], "b-0");
	assert_string_equal(q.others[1], "b-2");
	assert_true(q.others_complete);
	assert_string_equal(q.source, R);
	end(&w);
}

/* A registry with n pages, each with a link to the next; HEAD says 404. */
static unsigned
endless(struct world *w, struct repository_query *q)
{
	unsigned lists = 0;

	registry_session_ask(w->session, q);
	while (!registry_session_is_done(w->session)) {
		const struct http_request *r = registry_session_next(w->session, w->now);
		assert_non_null(r);
		w->now.ms += 1;
		if (r->method == HTTP_HEAD) {
			answer(w, r, &(struct step){ "", 404, JSON, "" });
			continue;
		}
		const char *link = arena_printf(&w->arena, JSON "Link: <?p=%u>; rel=next\n", ++lists);
		answer(w, r, &(struct step){ "", 200, link, "{\"tags\":[\"z\"]}" });
		look_up(w);
	}
	return lists;
}

static void
a_list_without_end_is_left(void **state)
{
	(void)state;
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a b c d e f g h i j k l m n o p q r s t");
	assert_int_equal(endless(&w, &q), 5);		/* as many as HEADs take in turn */
	assert_null(q.reason);
	assert_int_equal(q.tags[0].verdict, VERDICT_ABSENT);
	end(&w);

	w = (struct world){ 0 };
	begin(&w, false);
	q = ask(&w, "a b c d");
	q.collect_prefix = "z";
	assert_int_equal(endless(&w, &q), 50);
	assert_null(q.reason);
	assert_int_equal(q.tags[0].verdict, VERDICT_ABSENT);
	assert_int_equal(q.n_others, 1);
	assert_false(q.others_complete);
	end(&w);
}

static void
full_pages_without_link_are_doubted(void **state)
{
	(void)state;
	struct str page = { 0 }, more = { 0 };
	struct world w = { 0 };

	str_adds(&page, "{\"tags\":[");
	for (int i = 0; i < 1000; i++)
		str_addf(&page, "%s\"t%04d\"", i ? "," : "", i);
	str_adds(&page, "]}");
	str_adds(&more, "{\"tags\":[\"t1000\"]}");

	struct step two[] = {
		{ "GET " LIST, 200, JSON, page.data },
		{ "GET " LIST "&last=t0999", 200, JSON, more.data },
	};
	begin(&w, false);
	struct repository_query q = ask(&w, "t0001 t1000 x y");
	registry_session_ask(w.session, &q);
	PLAY(&w, two);
	assert_string_equal(verdicts(&q, &w.arena), "t0001=present t1000=present x=absent y=absent");
	end(&w);

	/* One that knows no "last" sends the same again. */
	struct step same[] = {
		{ "GET " LIST, 200, JSON, page.data },
		{ "GET " LIST "&last=t0999", 200, JSON, page.data },
	};
	w = (struct world){ 0 };
	begin(&w, false);
	q = ask(&w, "t0001 t1000 x y");
	registry_session_ask(w.session, &q);
	PLAY(&w, same);
	assert_string_equal(verdicts(&q, &w.arena), "t0001=present t1000=absent x=absent y=absent");
	end(&w);
	str_dispose(&page);
	str_dispose(&more);
}

static void
a_page_that_is_unchanged_is_not_sent_again(void **state)
{
	(void)state;
	static const struct step first[] = {
		{ "GET " LIST, 200, JSON "ETag: \"e1\"\nLink: <?p=2>; rel=next\n", "{\"tags\":[\"a\",null,\"x\"]}" },
		{ "GET " R "/v2/a/b/tags/list?p=2", 200, JSON "ETag: W/\"e2\"\n", "{\"tags\":[\"b\"]}" },
	}, again[] = {
		{ "GET " LIST " etag=\"e1\"", 304, "", "" },
		{ "GET " R "/v2/a/b/tags/list?p=2 etag=W/\"e2\"", 200, JSON "ETag: \"e3\"\n", "{\"tags\":[\"b\",\"c\"]}" },
	};
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a b c d"), next = ask(&w, "a b c d");
	q.collect_prefix = next.collect_prefix = "x";
	registry_session_ask(w.session, &q);
	PLAY(&w, first);
	assert_int_equal(q.n_pages, 2);
	registry_session_free(w.session);

	w.session = registry_session_new(w.memory, &w.arena, w.now);
	next.known_pages = q.pages;
	next.n_known_pages = q.n_pages;
	registry_session_ask(w.session, &next);
	PLAY(&w, again);
	assert_string_equal(verdicts(&next, &w.arena), "a=present b=present c=present d=absent");
	assert_int_equal(next.n_others, 1);
	assert_int_equal(next.n_pages, 2);
	assert_string_equal(next.pages[0].etag, "\"e1\"");
	assert_string_equal(next.pages[1].etag, "\"e3\"");
	end(&w);
}

static void
a_scheme_is_found_out(void **state)
{
	(void)state;
#define S "https://127.0.0.1:5000"
	static const struct row rows[] = {
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 400, "Content-Type: text/plain\n", "" },
		    { "HEAD " S "/v2/a/b/manifests/a", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a b",
		  { { "HEAD " R "/v2/a/b/manifests/a", OUTCOME(HTTP_NOT_HTTP), "", "" },
		    { "HEAD " S "/v2/a/b/manifests/a", 200, OCI, "" },
		    { "HEAD " S "/v2/a/b/manifests/b", 200, OCI, "" } },
		  "a=present b=present", NULL },
		/* neither: http is what it stays with */
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", OUTCOME(HTTP_NOT_HTTP), "", "" },
		    { "HEAD " S "/v2/a/b/manifests/a", OUTCOME(HTTP_NOT_TLS), "", "" },
		    { "HEAD " R "/v2/a/b/manifests/a", 200, OCI, "" } },
		  "a=present", NULL },
	};
	static const struct world with = { 0 };
	PLAY_ROWS(rows, &with);
}

static void
http_elsewhere_is_for_those_who_say_so(void **state)
{
	(void)state;
	static const struct step https_only[] = {
		{ "HEAD https://r.example/v2/a/b/manifests/a", OUTCOME(HTTP_NOT_TLS), "", "" },
		{ "HEAD https://r.example/v2/a/b/manifests/a", 200, OCI, "" },
	}, insecure[] = {
		{ "HEAD https://r.example/v2/a/b/manifests/a", OUTCOME(HTTP_NOT_TLS), "", "" },
		{ "HEAD http://r.example/v2/a/b/manifests/a", 401, "WWW-Authenticate: Basic realm=x\n", "" },
	};
	for (int i = 0; i < 2; i++) {
		struct world w = { .user = "user", .password = "secret" };
		begin(&w, i);
		struct repository_query q = ask(&w, "a");
		q.registry = "r.example";
		registry_session_ask(w.session, &q);
		play(&w, i ? insecure : https_only, 2);
		/* And even then no password goes there. */
		assert_string_equal(q.reason ? q.reason : "", i ?
			"401 Unauthorized: private or missing, and there are no credentials to show: "
			"they are not sent over plain http" : "");
		end(&w);
	}
}

static void
docker_hub_has_a_name_and_a_server(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ "HEAD https://registry-1.docker.io/v2/a/b/manifests/a", 401,
		  "WWW-Authenticate: Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"\n", "" },
		{ "GET https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Aa%2Fb%3Apull", 200,
		  JSON, "{\"token\":\"t1\"}" },
		{ "HEAD https://registry-1.docker.io/v2/a/b/manifests/a auth=Bearer t1", 401, "", "" },
	};
	struct world w = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a");
	q.registry = "docker.io";
	q.create_hint = true;
	registry_session_ask(w.session, &q);
	PLAY(&w, steps);
	assert_string_equal(q.reason, "401 Unauthorized with a new token: private or missing, and nobody "
	                    "is logged in: use \"docker login\"; if the repository is new, set \"create\": true in fleet.json");
	end(&w);
}

static void
the_right_to_push_is_tried(void **state)
{
	(void)state;
#define UPLOADS R "/v2/a/b/blobs/uploads/"
	static const struct {
		struct step steps[10];
		enum may_push may;
		const char *reason;
	} rows[] = {
		{ { { "POST " UPLOADS, 202, "Location: /v2/a/b/blobs/uploads/1\n", "" },
		    { "DELETE " UPLOADS "1", 204, "", "" } }, MAY_PUSH_YES, "" },
		/* cancelling needs another right, which may be had or not */
		{ { { "POST " UPLOADS, 401, "WWW-Authenticate: Bearer realm=\"" R "/token\",scope=\"repository:a/b:pull,push\"\n", "" },
		    { "GET " R "/token?scope=repository%3Aa%2Fb%3Apull%2Cpush auth=Basic dXNlcjpzZWNyZXQ=", 200, JSON, "{\"token\":\"t1\"}" },
		    { "POST " UPLOADS " auth=Bearer t1", 202, "Location: " UPLOADS "1\n", "" },
		    { "DELETE " UPLOADS "1 auth=Bearer t1", 401, "WWW-Authenticate: Bearer realm=\"" R "/token\",scope=\"repository:a/b:delete\"\n", "" },
		    { "GET " R "/token?scope=repository%3Aa%2Fb%3Adelete auth=Basic dXNlcjpzZWNyZXQ=", 200, JSON, "{\"token\":\"t2\"}" },
		    { "DELETE " UPLOADS "1 auth=Bearer t2", 401, "", "" } }, MAY_PUSH_YES, "" },
		/* an upload on another server is nobody's to cancel with our token */
		{ { { "POST " UPLOADS, 202, "Location: http://127.0.0.1:5001/upload\n", "" } }, MAY_PUSH_YES, "" },
		{ { { "POST " UPLOADS, 202, "", "" } }, MAY_PUSH_YES, "" },
		{ { { "POST " UPLOADS, 403, JSON, "{\"errors\":[{\"code\":\"DENIED\"}]}" } }, MAY_PUSH_NO,
		  "push: 403 Forbidden (DENIED): no right to push, and nobody is logged in: use \"docker login 127.0.0.1:5000\"" },
		{ { { "POST " UPLOADS, 401, "WWW-Authenticate: Basic realm=x\n", "" },
		    { "POST " UPLOADS " auth=Basic dXNlcjpzZWNyZXQ=", 401, "", "" } }, MAY_PUSH_NO,
		  "401 Unauthorized: no right to push, or the credentials from \"docker login 127.0.0.1:5000\" are not enough or out of date" },
		{ { { "POST " UPLOADS, 404, JSON, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}" } }, MAY_PUSH_UNKNOWN,
		  "push: 404 Not Found (NAME_UNKNOWN)" },
		{ { { "POST " UPLOADS, 302, "Location: /x\n", "" } }, MAY_PUSH_UNKNOWN, "push: status 302" },
		{ { { "POST " UPLOADS, 307, "Location: http://127.0.0.1:5001/x\n", "" } }, MAY_PUSH_UNKNOWN,
		  "redirects: to 127.0.0.1, which must not get this request" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w = { .user = "user", .password = "secret" };
		struct push_query q = { .registry = "127.0.0.1:5000", .repository = "a/b" };
		size_t n = 0;

		begin(&w, false);
		registry_session_ask_push(w.session, &q);
		while (rows[i].steps[n].request)
			n++;
		play(&w, rows[i].steps, n);
		assert_int_equal(q.may, rows[i].may);
		assert_string_equal(q.reason ? q.reason : "", rows[i].reason);
		end(&w);
	}
}

static void
redirects_have_an_end(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 301, "Location: /1\n", "" }, { "HEAD " R "/1", 302, "Location: /2\n", "" },
		    { "HEAD " R "/2", 303, "Location: /3\n", "" }, { "HEAD " R "/3", 307, "Location: /4\n", "" },
		    { "HEAD " R "/4", 308, "Location: /5\n", "" }, { "HEAD " R "/5", 200, OCI, "" } },
		  "a=present", NULL },
		{ "a",
		  { { "HEAD " R "/v2/a/b/manifests/a", 301, "Location: /1\n", "" }, { "HEAD " R "/1", 302, "Location: /2\n", "" },
		    { "HEAD " R "/2", 303, "Location: /3\n", "" }, { "HEAD " R "/3", 307, "Location: /4\n", "" },
		    { "HEAD " R "/4", 308, "Location: /5\n", "" }, { "HEAD " R "/5", 307, "Location: /6\n", "" } },
		  "a=unknown", "redirects: more than 5 times" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 307, "", "" } }, "a=unknown", "redirects: without Location" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 307, "Location: http://r.example/\n", "" } }, "a=unknown",
		  "redirects: leads to plain http on another machine (r.example:80)" },
		{ "a", { { "HEAD " R "/v2/a/b/manifests/a", 307, "Location: ftp://r.example/\n", "" } }, "a=unknown",
		  "redirects: url \"ftp://r.example/\": is neither https nor http" },
	};
	static const struct world with = { 0 };
	PLAY_ROWS(rows, &with);
}

static void
limits_are_noted(void **state)
{
	(void)state;
	static const struct step steps[] = {
		{ "HEAD " R "/v2/a/b/manifests/a", 200,
		  OCI "ratelimit-limit: 100;w=21600\nRateLimit-Remaining: 76;w=21600\n", "" },
	};
	struct world w = { 0 };
	struct str text = { 0 };

	begin(&w, false);
	struct repository_query q = ask(&w, "a");
	registry_session_ask(w.session, &q);
	PLAY(&w, steps);
	registry_memory_limits(w.memory, &text);
	assert_string_equal(text.data, "127.0.0.1: 76 of 100 pulls left in 6 h\n");
	str_dispose(&text);
	end(&w);
}

GROUP(test_registry_session)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_tells_many_tags),
		cmocka_unit_test(what_proves_nothing_is_unknown),
		cmocka_unit_test(a_stranger_asks_for_a_token),
		cmocka_unit_test(a_user_shows_a_password),
		cmocka_unit_test(an_identity_token_is_posted),
		cmocka_unit_test(credentials_that_cannot_be_had_are_no_proof),
		cmocka_unit_test(a_new_repository_may_be_unreadable),
		cmocka_unit_test(what_passes_is_tried_again),
		cmocka_unit_test(a_host_that_fails_is_left_alone),
		cmocka_unit_test(four_questions_are_open_at_a_time),
		cmocka_unit_test(one_tag_that_fails_does_not_hide_others),
		cmocka_unit_test(the_deadline_ends_everything),
		cmocka_unit_test(sessions_share_their_time),
		cmocka_unit_test(a_long_wait_is_remembered_for_the_next_session),
		cmocka_unit_test(a_token_is_renewed_before_it_expires),
		cmocka_unit_test(other_tags_are_gathered),
		cmocka_unit_test(a_list_without_end_is_left),
		cmocka_unit_test(full_pages_without_link_are_doubted),
		cmocka_unit_test(a_page_that_is_unchanged_is_not_sent_again),
		cmocka_unit_test(a_scheme_is_found_out),
		cmocka_unit_test(http_elsewhere_is_for_those_who_say_so),
		cmocka_unit_test(docker_hub_has_a_name_and_a_server),
		cmocka_unit_test(the_right_to_push_is_tried),
		cmocka_unit_test(redirects_have_an_end),
		cmocka_unit_test(limits_are_noted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
