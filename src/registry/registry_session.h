/* registry_session.h - what to ask a registry next, and what answers mean.  Pure.
 *
 * The session decides, its driver acts: it starts the requests that registry_session_next
 * hands out, looks up credentials when asked to, and reports each answer; the session turns
 * answers into further requests and into verdicts.  It reads no clock: every call says what
 * time it is.
 *
 * A query becomes a task, which asks questions until it can fill the query in:
 *
 *    WAITING ----its turn----> RUNNING ----an answer for its kind----> DONE
 *      ^  ^                     |   |                                   ^
 *      |  '---- asked again ----'   | a 404 that credentials            |
 *      |                            v could change                      |
 *      '---- there are some ------ HELD ---- there are none ------------'
 *
 * It is asked again after a failure that may pass, a redirect or a 401, or by the other
 * scheme.  The deadline, a host that is given up and a grant that failed lead from any state
 * to DONE.  Questions about one repository share a grant, the right to ask them:
 *
 *    OPEN    --401 with a challenge, or a 404 in doubt--> WANTED --told the driver--> LOOKUP
 *            --401 without a challenge--> PING --401 with one--> WANTED, or TOKEN
 *    LOOKUP  --for a Bearer challenge--> TOKEN --the token server's answer--> READY
 *            --for a Basic challenge, with a password--> READY
 *            --for a 404 in doubt, with credentials--> PING, without any--> OPEN
 *    READY   --the token's time is up, or it worked and got a 401--> TOKEN
 *    any     --what rules the right out--> FAILED, until the next session
 *
 * What it keeps to:
 *
 *   verdict    present: in a list, or a HEAD answered 200 with a manifest's type.
 *              absent: not in a list read to its end, or a 404 that is plainly the
 *              registry's.  Everything else is unknown.
 *   questions  a list, 1000 tags per page; HEAD instead for up to 3 tags, where lists
 *              are refused, for digests, and for the rest once as many pages were
 *              read as HEADs would take in turn.  GET only after a 405 to HEAD.
 *   manners    4 requests at once per host; Retry-After holds for the host; 5 tries,
 *              0.5 s doubling and at most 30 s apart; a host that
 *              fails gets one at a time, and after 5 failures in a row none.
 *   secrets    credentials go to the registry's own scheme, host and port, and to the
 *              token server it names, by https or on this machine; to nobody else.
 */
#ifndef GEN_REGISTRY_SESSION_H
#define GEN_REGISTRY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct credential;
struct http_answer;
struct http_request;
struct push_query;
struct registry_memory;
struct registry_session;
struct repository_query;
struct str;

/* Now: a clock that only goes forward, and seconds since 1970. */
struct moment {
	int64_t ms;
	int64_t wall_s;
};

struct registry_rules {
	bool insecure;		/* http is allowed for hosts that are not loopback */
	long timeout_s;		/* for all sessions together; 0: 120 */
	uint32_t seed;		/* for the jitter of waits */
};

/* What outlives a session: tokens, credentials, how long hosts want to be left alone. */
struct registry_memory *registry_memory_new(const struct registry_rules *rules);
void registry_memory_free(struct registry_memory *m);

/* Ownership: what is filled into queries lives as long as a; the caller frees the session. */
struct registry_session *registry_session_new(struct registry_memory *m, struct arena *a,
                                              struct moment now);
void registry_session_free(struct registry_session *s);

/* Ownership: q is borrowed until the session is freed. */
void registry_session_ask(struct registry_session *s, struct repository_query *q);
void registry_session_ask_push(struct registry_session *s, struct push_query *q);

/*
 * The next request to start at this moment, NULL if none may be.
 *
 * Ownership: borrowed until registry_session_answer was told of it.
 */
const struct http_request *registry_session_next(struct registry_session *s, struct moment now);

/* Tell what came of a request. */
void registry_session_answer(struct registry_session *s, const struct http_request *request,
                             const struct http_answer *answer, struct moment now);

/*
 * Does the session want credentials looked up?  Asked once for each; answered by
 * registry_session_credentials, at any time.
 */
bool registry_session_wants(struct registry_session *s, const char **registry,
                            const char **repository);

/*
 * Answer it: c is taken, empty when there are none; trouble says why they could not
 * be had, else NULL.
 */
void registry_session_credentials(struct registry_session *s, const char *registry,
                                  const char *repository, struct credential *c,
                                  const char *trouble);

/* When something may be started that may not now, by the clock ms; INT64_MAX: no such thing. */
int64_t registry_session_wake_ms(const struct registry_session *s);

int64_t registry_session_deadline_ms(const struct registry_session *s);

/* Time that sessions take is taken from what is left for later ones: tell of its end. */
void registry_session_end(struct registry_session *s, struct moment now);

bool registry_session_is_done(const struct registry_session *s);

/* Give up on all that is open.  Requests under way are forgotten. */
void registry_session_expire(struct registry_session *s, struct moment now);

/* What a person who waits may see: "page 3 of docker.io/a/b, 12 of 78 tags known". */
void registry_session_progress(const struct registry_session *s, struct str *out);

/* What registries said of their limits, a line each: "host: 76 of 100 pulls left in 6 h". */
void registry_memory_limits(const struct registry_memory *m, struct str *out);

#endif
