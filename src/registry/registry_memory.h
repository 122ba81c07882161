/* registry_memory.h - hosts, servers and rights, as far as they outlive a session.  Pure. */
#ifndef GEN_REGISTRY_MEMORY_H
#define GEN_REGISTRY_MEMORY_H

#include "base/arena.h"
#include "base/str.h"
#include "http/auth_challenge.h"
#include "http/credential.h"
#include "http/url.h"
#include "registry/registry_session.h"

/* A server that requests go to: a registry, or one that a registry sends us to. */
struct host {
	struct origin origin;
	unsigned running;		/* requests under way */

	/* No request starts before this time.  A failure sets it; so does Retry-After, and then
	 * asked_to_wait makes it hold for later sessions, too. */
	int64_t not_before_ms;
	bool asked_to_wait;

	/* Failures in a row: any answer sets it to 0, and what fails at the same time counts once.
	 * While it is above 0, one request goes at a time; at TRIES, none. */
	unsigned failures;
	unsigned n_failed;		/* requests that ever failed: tells which failed at the same time */

	/* Set by a failure after which this session asks the host no more: questions to it fail with
	 * this reason.  In the session's arena, or NULL. */
	const char *broken_why;

	char limit[32], remaining[32];	/* its last ratelimit-* headers, or "" */
};

/* A registry by its name in queries, and the scheme that it speaks. */
struct server {
	char *name;
	struct origin origin;		/* with the scheme that is used now */
	unsigned running;		/* requests under way, also where redirects led them */

	bool may_turn;			/* http and https may both be tried: for a registry on this machine,
					 * or if the user allows http */
	bool turned;			/* set when the first scheme fails: the other one is tried now */

	/* The scheme is known.  Set from the start if it may not turn, else by the first answer, or
	 * when both schemes have failed.  Until then one request goes at a time. */
	bool settled;
};

/* What a refusal proves. */
enum refusal {
	REFUSAL_NONE,		/* nothing: there was no answer, or it may not be the registry's own */
	REFUSAL_PASSWORD,	/* the credentials are wrong, or could not be looked up */
	REFUSAL_ACCESS,		/* the repository does not exist, or we may not see it */
};

/* registry_session.h has a picture. */
enum grant_state {
	GRANT_OPEN,		/* questions are asked without credentials */
	GRANT_WANTED,		/* the driver is to look up credentials */
	GRANT_LOOKUP,		/* the driver looks them up */
	GRANT_PING,		/* a ping asks for a challenge */
	GRANT_TOKEN,		/* a token question is open */
	GRANT_READY,		/* questions are asked with the authorization */
	GRANT_FAILED,		/* questions fail with why and refused */
};

/* The right to do some actions in one repository. */
struct grant {
	struct server *server;
	char *repository;
	const char *actions;		/* "pull", "pull,push" or "delete" */
	enum grant_state state;
	unsigned running;		/* questions under way, pings and tokens among them */

	/* Set, and never unset, by the first answer that shows that we may read or push.  Before it
	 * one question goes at a time, and a refusal is about the repository; after it, a refusal is
	 * about one question. */
	bool proved;

	struct auth_challenge challenge;	/* of the last 401; its texts are in memory */
	struct origin realm;			/* the token server that it names */
	struct arena memory;

	bool pinged;			/* a ping was sent in this session: there is only one */

	/* Set, for this session, by a 404 before any lookup: the question is held, and credentials are
	 * looked up for its sake.  A ping without a challenge then shows that the 404 counts. */
	bool doubts_404;

	struct credential credential;
	bool looked_up;			/* the driver has answered, and is not asked again */
	char *trouble;			/* why the driver could not look up, or NULL */

	struct str authorization;	/* the header's value, once READY; secret */
	unsigned generation;		/* counts its values: a question notes which one it sent */

	/* The last generation that got an answer other than 401.  A 401 to that one means that the
	 * token has expired: a new one is asked for. */
	unsigned worked;
	int64_t expires_ms;		/* from then on a new token is asked for before any question */
	bool no_post;			/* set when the token server refuses a POST: it is asked by GET
					 * from then on, without the identity token */

	char *why;			/* of FAILED */
	enum refusal refused;		/* of FAILED */
};

struct registry_memory {
	struct registry_rules rules;
	int64_t spent_ms;	/* by sessions that have ended */
	uint32_t random;
	struct host **hosts;
	size_t n_hosts, hosts_cap;
	struct server **servers;
	size_t n_servers, servers_cap;
	struct grant **grants;
	size_t n_grants, grants_cap;
};

/* Each is made when it is asked for the first time. */
struct host *memory_host(struct registry_memory *m, const struct origin *origin);
struct server *memory_server(struct registry_memory *m, const char *name);
struct grant *memory_grant(struct registry_memory *m, struct server *server,
                           const char *repository, const char *actions);

/* For the jitter of waits. */
uint32_t memory_random(struct registry_memory *m);

/* From http to https, or back. */
void server_turn(struct server *server);

#endif
