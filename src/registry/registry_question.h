/* registry_question.h - the session's parts: tasks, questions, and what kinds there are.  Pure.
 *
 * A kind of question is a row of functions, and a file: registry_list.c, registry_head.c,
 * registry_push.c, registry_login.c (pings) and registry_token.c.  What is the same for all kinds
 * calls them through the row: a further kind is a further file with a row, a struct task of its
 * own and a function that adds it.
 */
#ifndef GEN_REGISTRY_QUESTION_H
#define GEN_REGISTRY_QUESTION_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "http/http_answer.h"
#include "http/url.h"
#include "registry/registry_memory.h"
#include "registry/registry_session.h"

#define AT_ONCE 4u		/* requests at a time, to one host */
#define TRIES 5u		/* of one question, and failures in a row of one host */

struct question;
struct task;

struct registry_session {
	struct registry_memory *m;
	struct arena *a;	/* of what queries are filled with */
	int64_t start_ms, deadline_ms;
	struct moment now;	/* of the call under way */
	struct task **tasks;
	size_t n_tasks, tasks_cap;
	struct question **questions;
	size_t n_questions, questions_cap;
	size_t first_open;	/* questions before it are done */
	unsigned running;	/* requests under way, to all hosts */
};

/* ---- tasks ---- */

/* Each function may be NULL. */
struct task_kind {
	void (*finish)(struct registry_session *s, struct task *t);	/* fill its query in */
	void (*dispose)(struct task *t);	/* what it owns, but for t itself */

	/* How far it is, for a person who waits; false if it cannot say. */
	bool (*add_progress)(const struct task *t, struct str *out);
};

/* A query being answered.  The first member of a struct of its kind's own. */
struct task {
	const struct task_kind *kind;
	struct server *server;
	struct grant *grant;
	unsigned open;		/* its questions that are not done: without any, it is finished */
	bool finished;
};

/* Ownership: t was malloc'ed, and is the session's from now on. */
void session_add_task(struct registry_session *s, struct task *t, const struct task_kind *kind,
                      const char *registry, const char *repository, const char *actions);
void task_finish(struct registry_session *s, struct task *t);

/* ---- questions ---- */

struct question_kind {
	enum http_method method;
	const char *accept;	/* NULL: JSON */
	size_t body_limit;	/* bytes; 0: 64 KiB */

	/* Asked with its grant's authorization, once the grant allows it.  A ping and a token
	 * question are asked for the grant, and are not. */
	bool needs_grant;
	const char *other_right;	/* actions to ask for after a 401, instead of its task's */
	const char *answerer;	/* who answers, in words about failures; NULL: the registry */

	/* Add to q->url where it begins; NULL if q->start is always set. */
	void (*add_url)(struct question *q);

	/* The validator of what is known, to ask for changes only; NULL: ask for all. */
	const char *(*etag)(const struct question *q);

	/* An answer that is no redirect and worth no further try: set q up to be asked again, or
	 * be done with it.  NULL: any answer will do. */
	void (*answer)(struct registry_session *s, struct question *q,
	               const struct http_answer *answer);

	/* There is no answer: be done with q.  NULL: no answer will do, too. */
	void (*fail)(struct registry_session *s, struct question *q, const char *why,
	             enum refusal refused);

	/* A body over the limit came; NULL: as fail. */
	void (*too_large)(struct registry_session *s, struct question *q, const char *why);

	/* The 404 that q was held for counts; NULL if it never is held. */
	void (*absent)(struct registry_session *s, struct question *q);

	/* q is done; NULL: nothing is to be noted. */
	void (*done)(struct registry_session *s, struct question *q);
};

enum may_start {
	MAY_START,
	MAY_NOT_YET,
	MAY_NEVER,
};

enum question_state {
	QUESTION_WAITING,	/* for its turn */
	QUESTION_RUNNING,	/* its request is the driver's */
	QUESTION_HELD,		/* it was answered 404: whether credentials are to be had will tell
				 * if that counts */
	QUESTION_DONE,
};

/* Something to find out; it may take several requests. */
struct question {
	const struct question_kind *kind;
	enum question_state state;
	struct task *task;	/* NULL: asked for the grant, and so for all who need it */
	void *subject;		/* what its kind asks about: the struct wanted of a single tag */
	struct grant *grant;
	struct server *server;
	enum http_method method;	/* first the kind's, which may change it */

	struct str start;	/* a URL to begin with; empty: the kind's */
	struct str url;		/* where to ask now: the start, or where redirects led.  Whoever
				 * clears it has the question begin again */
	struct host *host;	/* of url */
	bool own;		/* url is on the registry itself: only there authorization is sent, and
				 * a 401 or 404 counts */
	struct http_request request;	/* as it was sent last */
	struct str authorization, form;	/* of the request; secret */
	unsigned generation;	/* of the grant's authorization that was sent; 0: none was */

	unsigned tries;		/* that failed */
	unsigned redirects;	/* since the start */
	unsigned renewals;	/* of tokens, after a 401 */
	unsigned n_failed_before;	/* the host's n_failed when the request began */
	int64_t not_before_ms;	/* it does not start earlier: a failure sets it */
	const char *last_failure;	/* in the session's arena; NULL: none */
};

struct question *question_add(struct registry_session *s, const struct question_kind *kind,
                              struct task *task, struct grant *grant);
void question_done(struct registry_session *s, struct question *q);
void question_fail(struct registry_session *s, struct question *q, const char *why,
                   enum refusal refused);

/* Add "https://host/v2/repository/path" to the URL. */
void question_add_path(struct question *q, const char *path);

/* registry_retry.c: what went wrong is worth another try: later, or never if it is enough. */
void question_retry(struct registry_session *s, struct question *q, const char *words,
                    const struct http_answer *answer);

/*
 * registry_status.c: take the answer to q, which waits again: try once more, go where it
 * redirects, turn to the other scheme, show who we are, or let the question's kind read it.
 */
void question_take_answer(struct registry_session *s, struct question *q,
                          const struct http_answer *answer);

/* ---- registry_words.c: words for a person ---- */

/* They hold text from outside: ASCII only, without control characters.  In the session's arena. */
const char *session_words(struct registry_session *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "asks us to wait until 2026-11-24 05:00:00 UTC (100 s)". */
const char *session_words_until(struct registry_session *s, int64_t at_ms);

/* "what: 403 Forbidden (DENIED: its own words)". */
const char *session_words_status(struct registry_session *s, const char *what,
                                 const struct http_answer *answer);

#endif
