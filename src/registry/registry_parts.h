/* registry_parts.h - what the registry_*.c files share with each other only.  Pure. */
#ifndef GEN_REGISTRY_PARTS_H
#define GEN_REGISTRY_PARTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "http/auth_challenge.h"
#include "http/credential.h"
#include "http/http_answer.h"
#include "http/url.h"
#include "registry/registry_query.h"
#include "registry/registry_session.h"

#define AT_ONCE 4u		/* requests at a time, a host */
#define AT_ONCE_ALL 16u		/* ... and of all hosts together */
#define TRIES 5u
#define WAIT_FIRST_MS 500
#define WAIT_MOST_MS 30000
#define REQUEST_MS 60000L
#define REDIRECTS 5u
#define RENEWALS 2u		/* of a token, for one question */

/* One scheme, host and port, whoever's it is. */
struct host {
	struct origin origin;
	unsigned running;
	int64_t not_before_ms;
	bool asked_to_wait;	/* ... by Retry-After */
	unsigned failures;	/* one after the other; what fails together counts once */
	unsigned n_failed;	/* requests, in all */
	bool broken;		/* in this session */
	const char *why;	/* of broken; in the session's arena */
	char limit[32], remaining[32];	/* what ratelimit-* said */
};

/* A registry by its name in queries, and the scheme that it turned out to speak. */
struct server {
	char *name;
	struct origin origin;
	bool settled;		/* the scheme is known */
	bool turned;		/* the other scheme was tried */
	bool may_turn;
	unsigned running;
};

enum refusal {
	REFUSAL_NONE,		/* no answer, or one that says nothing */
	REFUSAL_PASSWORD,	/* what we showed is wrong, or could not be had */
	REFUSAL_ACCESS,		/* we may not, or it is not there */
};

enum grant_state {
	GRANT_OPEN,		/* ask without credentials and see */
	GRANT_WANT,		/* the driver is to look up credentials */
	GRANT_LOOKUP,		/* it does */
	GRANT_PING,		/* GET /v2/ for a challenge */
	GRANT_ASKING,		/* for a token */
	GRANT_READY,		/* authorization is set */
	GRANT_FAILED,		/* why is set */
};

/* The right to do some actions in one repository. */
struct grant {
	struct server *server;
	char *repository;
	const char *actions;	/* "pull", "pull,push" or "delete" */
	enum grant_state state;

	struct arena memory;	/* of challenge */
	struct auth_challenge challenge;
	struct origin realm;
	struct credential credential;
	bool looked_up;
	char *trouble;		/* why credentials could not be had; NULL */

	struct str authorization;	/* the header's value; secret */
	unsigned generation;	/* counts values of authorization, from 1 */
	unsigned worked;	/* the last generation that was no 401 */
	int64_t expires_ms;
	bool pinged;
	bool no_post;		/* the token server knows no POST: identity tokens are no use */
	bool insisted;		/* a 404 was doubted for want of credentials */
	bool proved;		/* the registry let us read (or push) with what we have */
	unsigned running;

	char *why;		/* of GRANT_FAILED; in malloc'ed memory */
	enum refusal refused;
};

struct registry_memory {
	struct registry_rules rules;
	int64_t spent_ms;	/* by sessions that ended */
	uint32_t random;
	struct host **hosts;
	size_t n_hosts, hosts_cap;
	struct server **servers;
	size_t n_servers, servers_cap;
	struct grant **grants;
	size_t n_grants, grants_cap;
};

void origin_add_url(struct str *out, const struct origin *o);	/* "https://host[:port]" */
struct host *memory_host(struct registry_memory *m, const struct origin *origin);
uint32_t memory_random(struct registry_memory *m);
struct server *memory_server(struct registry_memory *m, const char *name);
void memory_server_turn(struct server *server);	/* from http to https, or back */
struct grant *memory_grant(struct registry_memory *m, struct server *server,
                           const char *repository, const char *actions);

enum question_kind {
	ASK_LIST,
	ASK_HEAD,
	ASK_GET,
	ASK_UPLOAD,
	ASK_CANCEL,
	ASK_PING,
	ASK_TOKEN,
};

enum question_state {
	QUESTION_WAITING,
	QUESTION_RUNNING,
	QUESTION_HELD,		/* a 404, until it is known whether we have credentials */
	QUESTION_DONE,
};

/* Something to find out; it may take several requests. */
struct question {
	enum question_kind kind;
	enum question_state state;
	struct task *task;	/* NULL for ASK_PING and ASK_TOKEN, which serve all */
	struct wanted *wanted;	/* of ASK_HEAD and ASK_GET */
	struct grant *grant;
	struct server *server;

	struct str start;	/* where it begins; empty: made from kind and task */
	struct str url;		/* where it is now: start, or where redirects led */
	struct host *host;	/* of url */
	bool own;		/* url is the registry's, not a place that it sent us to */
	unsigned generation;	/* of the authorization sent, 0 for none */
	struct http_request request;
	struct str authorization, form;

	unsigned tries, redirects, renewals;
	unsigned n_failed_before;	/* the host's n_failed when the last request began */
	int64_t not_before_ms;
	const char *last;	/* what went wrong last, in the session's arena; NULL */
};

/* A tag that somebody wants, once however often it was asked for. */
struct wanted {
	const char *tag;
	bool want_digest;
	bool seen;		/* in a list */
	bool want_head;		/* a HEAD is to tell */
	bool asked;		/* it was, or is being asked */
	enum verdict head;	/* what that gave */
	const char *digest;
	const char *image_id;
	const char *why;	/* of an unknown head */
};

/* How a list went. */
enum list_state {
	LIST_NONE,		/* not asked for */
	LIST_OPEN,
	LIST_WHOLE,		/* read to its end */
	LIST_LEFT,		/* left: the rest is asked by HEAD, or all was seen */
	LIST_FAILED,		/* task->why says why */
};

/* One query being answered. */
struct task {
	struct server *server;
	struct grant *grant;
	struct repository_query *query;	/* or */
	struct push_query *push;
	unsigned open;		/* questions not done */
	bool finished;

	struct wanted *wanted;	/* sorted by tag */
	size_t n_wanted;
	enum list_state list;
	bool plain;		/* list without n: it was refused */
	bool doubted;		/* what refused the list was not the registry itself */
	bool unlinked;		/* following with last=, for want of Link */
	unsigned pages;
	struct page_url *pages_seen;
	struct page_tag *tags_seen;	/* kept while unlinked */
	size_t n_fresh;		/* tags of the last page that were new, if unlinked */
	char last_tag[129];	/* of the last page */
	bool use_get;		/* HEAD was refused with 405, or says too little */
	bool given_up;		/* no further HEADs */
	unsigned open_heads;
	size_t next_head;	/* wanted before it need no HEAD, or were asked */
	bool empty;		/* the repository does not exist, or counts as empty */
	const char *why;	/* of LIST_FAILED, and for tags that nothing else explains */

	struct list_page *pages_kept;	/* with validators; texts in the session's arena */
	size_t n_pages_kept, pages_kept_cap;
	size_t n_tags_kept;

	const char **others;
	size_t n_others, others_cap;
	bool others_overflow;
	enum may_push may;
};

struct registry_session {
	struct registry_memory *m;
	struct arena *a;
	int64_t start_ms, deadline_ms;
	struct moment now;	/* of the call under way */
	struct task **tasks;
	size_t n_tasks, tasks_cap;
	struct question **questions;
	size_t n_questions, questions_cap;
	size_t first_open;	/* questions before it are done */
	unsigned running;
};

/* registry_session.c: when what is sent. */
struct question *session_add(struct registry_session *s, enum question_kind kind,
                             struct task *task, struct grant *grant);
void session_done(struct registry_session *s, struct question *q);

/* q cannot be answered. */
void session_fail(struct registry_session *s, struct question *q, const char *why, enum refusal refused);

enum http_method session_method(const struct question *q);

/* registry_status.c: what is the same for all questions. */
/* Words for a person, which hold text from outside: ASCII only, nothing that controls. */
const char *session_words(struct registry_session *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *session_text_until(struct registry_session *s, int64_t at_ms);
bool session_turned(struct registry_session *s, struct question *q,
                    const struct http_answer *answer);
void session_take_status(struct registry_session *s, struct question *q,
                         const struct http_answer *answer);

/* What went wrong is worth another try: later, or never if it is enough. */
void session_retry(struct registry_session *s, struct question *q, const char *words,
                   const struct http_answer *answer);

/* Go to another URL, told by the page at q->url; NULL, or why not. */
const char *session_resolve(struct str *out, struct origin *origin, struct registry_session *s,
                            const char *base, const char *reference);

/* registry_grant.c: who may ask. */
enum grant_ready {
	GRANT_GO,		/* ask now */
	GRANT_WAIT,
	GRANT_NEVER,		/* grant->why says why */
};
enum grant_ready grant_ready(struct registry_session *s, struct grant *g);
void grant_unauthorized(struct registry_session *s, struct question *q,
                        const struct http_answer *answer);
void grant_ping_answer(struct registry_session *s, struct question *q,
                       const struct http_answer *answer);
void grant_token_request(struct registry_session *s, struct question *q);
void grant_token_answer(struct registry_session *s, struct question *q,
                        const struct http_answer *answer);
void grant_reopen(struct grant *g);	/* for a new session */
void grant_fail(struct registry_session *s, struct grant *g, const char *why, enum refusal refused);
void grant_credentials(struct registry_session *s, struct grant *g, struct credential *c,
                       const char *trouble);

/* Should a 404 wait until it is known that we have no credentials to ask better with? */
bool grant_insist(struct grant *g);

/* Words for a refusal: what it may mean, and what to do. */
const char *grant_refusal(struct registry_session *s, const struct grant *g, const char *words);

/* registry_task.c: what is asked of a repository, and what answers mean. */
void task_start(struct registry_session *s, struct task *t);
void task_url(struct question *q);
void task_answer(struct registry_session *s, struct question *q,
                 const struct http_answer *answer);
void task_absent(struct registry_session *s, struct question *q);
void task_failed(struct registry_session *s, struct question *q, const char *why, enum refusal refused);
void task_finish(struct registry_session *s, struct task *t);
void task_free(struct task *t);
void task_feed_heads(struct registry_session *s, struct task *t);
struct wanted *task_find_wanted(const struct task *t, const char *tag);
void task_ask_heads(struct registry_session *s, struct task *t, bool unseen);
const char *task_status_words(struct registry_session *s, const struct http_answer *answer,
                              const char *what);

/* registry_list.c: lists of tags. */
void list_add_url(struct question *q);
const char *list_etag(const struct question *q);	/* to ask for changes only; NULL */
void list_answer(struct registry_session *s, struct question *q,
                 const struct http_answer *answer);

/* The list is no use, but single tags may be. */
void list_refused(struct registry_session *s, struct question *q, const char *why);
void list_dispose(struct task *t);

#endif
