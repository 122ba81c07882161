/* registry.h - which tags an OCI registry has, and whether we may push.  */
#ifndef GEN_REGISTRY_H
#define GEN_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "registry/registry_query.h"

struct arena;
struct error;
struct registry;

struct registry_options {
	bool insecure;		/* http is allowed for hosts that are not loopback */
	long timeout_s;		/* for all requests of this client together; 0: 120 */
	bool progress;		/* show progress on stderr when it takes over a second */
};

/*
 * A client: connections and tokens live in it.
 *
 * Errors:    NULL and err set if libcurl cannot be started or the user's docker
 *            configuration is broken.
 * Ownership: the caller frees it.
 */
struct registry *registry_new(const struct registry_options *options, struct error *err);
void registry_free(struct registry *r);

/*
 * Answer all queries, every repository at the same time.
 *
 * It is not an error if a registry does not answer: verdicts are VERDICT_UNKNOWN and
 * reasons say why.  Absent needs proof; unknown is never absent.
 *
 * Errors:    -1 and err set for a name that breaks the grammar.
 * Ownership: what is filled in lives as long as a.
 * Source:    OCI distribution-spec; the token protocol is distribution's
 *            docs/spec/auth.
 */
int registry_ask(struct registry *r, struct repository_query *queries, size_t n,
                 struct arena *a, struct error *err);

/*
 * Find out, for every repository at the same time, whether we may push there, before
 * anything is built for it: begin an upload, and cancel it if the registry let us begin.  No
 * bytes are sent.  Where we may begin but not cancel, the registry forgets the empty upload
 * by itself after a while.  (docker-registry 2.8 keeps some hundred bytes, the state of a
 * hash, for every upload that is cancelled.)
 *
 * Errors:    -1 and err set for a name that breaks the grammar.
 * Ownership: reasons live as long as a.
 * Source:    OCI distribution-spec, "Pushing a blob in chunks".
 */
int registry_may_push(struct registry *r, struct push_query *queries, size_t n, struct arena *a,
                      struct error *err);

/*
 * What the registries have said about their limits, one line per registry, as
 * "registry-1.docker.io: 76 of 100 pulls left in 6 h"; "" if nothing.
 */
const char *registry_limits(struct registry *r, struct arena *a);

#endif
