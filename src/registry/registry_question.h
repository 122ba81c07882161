/* registry_question.h - a session's tasks and questions, and what a kind of question is.  Pure.
 *
 * Each kind of question is a row of functions in a file of its own: registry_list.c,
 * registry_head.c, registry_push.c, registry_login.c (pings) and registry_token.c.  The rest of
 * the machine knows kinds by their rows only.  A further kind is one more file, with a row, and
 * with a struct task of its own if a caller is to ask for it.
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

#define AT_ONCE 4u	/* requests to one host at a time */
#define TRIES 5u	/* failures of one question, or of one host in a row, that are enough */

struct question;
struct task;

struct registry_session {
	struct registry_memory *m;
	struct arena *a;	/* what it fills into queries lives here */
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
	void (*finish)(struct registry_session *s, struct task *t);	/* fill in its query */
	void (*dispose)(struct task *t);	/* free all that it owns, but not t itself */

	/* Tell a person who waits how far it is; false if it cannot say. */
	bool (*add_progress)(const struct task *t, struct str *out);
};

/* A query that is being answered: the first member of a struct with what its kind needs. */
struct task {
	const struct task_kind *kind;
	struct server *server;
	struct grant *grant;
	unsigned open;		/* its questions that are not done; the last one finishes it */
	bool finished;
};

/* Ownership: t, from malloc, belongs to the session from now on. */
void session_add_task(struct registry_session *s, struct task *t, const struct task_kind *kind,
                      const char *registry, const char *repository, const char *actions);
void task_finish(struct registry_session *s, struct task *t);

/* ---- questions ---- */

struct question_kind {
	enum http_method method;
	const char *accept;	/* NULL: JSON */
	size_t body_limit;	/* bytes; 0: 64 KiB */

	/* Its grant must allow it, and lends it the authorization.  Not so for a ping and a token
	 * question, which are asked for the grant's sake. */
	bool needs_grant;
	const char *other_right;	/* the actions to ask for after a 401, if not its task's */
	const char *answerer;	/* who answers, as messages call it; NULL: it is the registry */

	/* Put the URL to begin with into q->url.  NULL if q->start always has one. */
	void (*add_url)(struct question *q);

	/* The validator of an answer that is known, so that only a change is sent.  It returns
	 * NULL, or is NULL, if none is known. */
	const char *(*etag)(const struct question *q);

	/* Read an answer that is not a redirect and that another try would not better: be done
	 * with q, or change it and have it asked again.  NULL: every answer is good. */
	void (*answer)(struct registry_session *s, struct question *q,
	               const struct http_answer *answer);

	/* There will be no answer: be done with q.  NULL: that is good, too. */
	void (*fail)(struct registry_session *s, struct question *q, const char *why,
	             enum refusal refused);

	/* The body was over the limit: be done with q.  NULL: fail. */
	void (*too_large)(struct registry_session *s, struct question *q, const char *why);

	/* The 404 for which q was held counts: be done with q.  NULL if it is never held. */
	void (*absent)(struct registry_session *s, struct question *q);

	/* Called once, when q is done.  May be NULL. */
	void (*done)(struct registry_session *s, struct question *q);
};

enum may_start {
	MAY_START,
	MAY_NOT_YET,
	MAY_NEVER,
};

enum question_state {
	QUESTION_WAITING,	/* for its turn */
	QUESTION_RUNNING,	/* the driver has its request */
	QUESTION_HELD,		/* its answer was 404, which counts only if there are no credentials */
	QUESTION_DONE,
};

/* Something to find out; it may take several requests. */
struct question {
	const struct question_kind *kind;
	enum question_state state;
	struct task *task;		/* that asks it; NULL: it is asked for the grant's sake */
	void *subject;			/* for its kind: of a single tag, its struct wanted */
	struct grant *grant;
	struct server *server;
	enum http_method method;	/* at first its kind's */

	struct str start;		/* the URL to begin with; empty: its kind makes one */
	struct str url;			/* the URL to ask now: the first one, or where redirects led.  If it
					 * is cleared, the question begins again */
	struct host *host;		/* of url */
	bool own;			/* url is on the registry itself: only there the authorization is
					 * sent, and a 401 or a 404 counts */
	struct http_request request;	/* the last one */
	struct str authorization, form;	/* of the request; secret */
	unsigned generation;		/* of the grant's authorization in the request; 0: none */

	unsigned tries;			/* that failed */
	unsigned redirects;		/* since it began, or began again */
	unsigned renewals;		/* new tokens after a 401 */
	unsigned n_failed_before;	/* the host's n_failed when the request started */
	int64_t not_before_ms;		/* it does not start earlier; a failure sets this */
	const char *last_failure;	/* in the session's arena, or NULL */
};

struct question *question_add(struct registry_session *s, const struct question_kind *kind,
                              struct task *task, struct grant *grant);
void question_done(struct registry_session *s, struct question *q);
void question_fail(struct registry_session *s, struct question *q, const char *why,
                   enum refusal refused);

/* Add "https://host/v2/repository/path" to q->url. */
void question_add_path(struct question *q, const char *path);

/* registry_retry.c: q failed, and another try may help: later, or not at all after too many. */
void question_retry(struct registry_session *s, struct question *q, const char *words,
                    const struct http_answer *answer);

/*
 * registry_status.c: take an answer to q, which has gone back to waiting: try again, follow a
 * redirect, turn to the other scheme, log in, or let the kind of q read it.
 */
void question_take_answer(struct registry_session *s, struct question *q,
                          const struct http_answer *answer);

/* ---- registry_words.c: words for a person ---- */

/* In the session's arena.  They may quote a server: what is not printable ASCII becomes '?'. */
const char *session_words(struct registry_session *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "asks us to wait until 2026-11-24 05:00:00 UTC (100 s)". */
const char *session_words_until(struct registry_session *s, int64_t at_ms);

/* "what: 403 Forbidden (DENIED: the server's words)". */
const char *session_words_status(struct registry_session *s, const char *what,
                                 const struct http_answer *answer);

#endif
