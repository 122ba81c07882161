/* registry_memory.h - hosts, servers and rights, as far as they outlive a session.  Pure. */
#ifndef GEN_REGISTRY_MEMORY_H
#define GEN_REGISTRY_MEMORY_H

#include "base/arena.h"
#include "base/str.h"
#include "http/auth_challenge.h"
#include "http/credential.h"
#include "http/url.h"
#include "registry/registry_session.h"

/* Where requests go: to a registry, or to where one sends us. */
struct host {
	struct origin origin;
	unsigned running;	/* requests under way */
	int64_t not_before_ms;	/* no request starts earlier: a failure sets it, or Retry-After */
	bool asked_to_wait;	/* it was Retry-After: not_before_ms holds for later sessions, too */
	unsigned failures;	/* in a row; what fails at the same time counts once, any answer sets
				 * it to 0.  While there are some, one request goes at a time */
	unsigned n_failed;	/* requests that failed, in all: shows which failed at the same time */
	const char *broken_why;	/* set when this session gives the host up: its questions fail with
				 * it.  Lives in the session's arena; else NULL */
	char limit[32], remaining[32];	/* ratelimit-* of the last answer that had them; "" if none */
};

/* A registry by its name in queries, and the scheme that it speaks. */
struct server {
	char *name;
	struct origin origin;	/* with the scheme that is used now */
	bool may_turn;		/* http may be tried for https, and back: on this machine, or where
				 * the user allows http */
	bool turned;		/* the other scheme is being tried: set when the first one failed */
	bool settled;		/* the scheme is known: it may not turn, the server answered, or both
				 * schemes failed.  Until then one request goes at a time */
	unsigned running;	/* requests under way, wherever redirects led them */
};

/* What a refusal proves. */
enum refusal {
	REFUSAL_NONE,		/* nothing: no answer, or one that may be anybody's */
	REFUSAL_PASSWORD,	/* the credentials are wrong, or could not be looked up */
	REFUSAL_ACCESS,		/* we may not see the repository, or there is none */
};

/* registry_session.h has a picture. */
enum grant_state {
	GRANT_OPEN,		/* questions are asked without credentials */
	GRANT_WANTED,		/* the driver is to look credentials up */
	GRANT_LOOKUP,		/* the driver looks them up */
	GRANT_PING,		/* a ping asks for a challenge */
	GRANT_TOKEN,		/* a token question is open */
	GRANT_READY,		/* questions are asked with authorization */
	GRANT_FAILED,		/* questions fail with why and refused */
};

/* The right to do some actions in one repository. */
struct grant {
	struct server *server;
	char *repository;
	const char *actions;	/* "pull", "pull,push" or "delete" */
	enum grant_state state;
	unsigned running;	/* questions under way, pings and tokens among them */
	bool proved;		/* set when the registry lets us read or push, and kept.  Until then
				 * one question goes first, for all; a refusal then concerns all */

	struct auth_challenge challenge;	/* of the last 401; texts in memory */
	struct origin realm;	/* its token server */
	struct arena memory;
	bool pinged;		/* in this session, so that no answer makes us ping for ever */
	bool doubts_404;	/* set, for this session, when a 404 came before credentials were looked
				 * up, and its question is held.  A ping without challenge ends the doubt */

	struct credential credential;
	bool looked_up;		/* the driver was asked, and is not asked again */
	char *trouble;		/* why it could not look them up; NULL: it could */

	struct str authorization;	/* a header's value, once READY; secret */
	unsigned generation;	/* counts its values, so that a question knows which one it sent */
	unsigned worked;	/* the last generation that was accepted: after a 401 such a token is
				 * renewed, since it was good and expired */
	int64_t expires_ms;	/* from then on a token is asked for anew */
	bool no_post;		/* the token server refused a POST: it gets no identity token again */

	char *why;		/* of FAILED */
	enum refusal refused;	/* of FAILED */
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
