/* registry.h - which tags an OCI registry has.  The one user of libcurl. */
#ifndef GEN_REGISTRY_H
#define GEN_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/verdict.h"

struct arena;
struct error;
struct registry;

struct registry_options {
	bool insecure;		/* http is allowed for hosts that are not loopback */
	long timeout_s;		/* for all of one registry_ask; 0: 120 */
	bool progress;		/* show progress on stderr when it takes over a second */
};

/* One tag that somebody wants to know about. */
struct tag_query {
	const char *tag;
	bool want_digest;	/* ask by HEAD; a list has no digests */

	enum verdict verdict;	/* the answer */
	const char *digest;	/* "sha256:...", NULL when not known */
	const char *reason;	/* for unknown: one line; else NULL */
};

/* All questions about one repository, and their answers. */
struct repository_query {
	const char *registry;	/* host[:port]; "docker.io" for Docker Hub */
	const char *repository;
	struct tag_query *tags;
	size_t n_tags;
	const char *collect_prefix;	/* also gather other tags that start so; NULL: none */
	bool create;		/* a repository that may not be read counts as empty */

	const char **others;	/* the answer to collect_prefix, sorted */
	size_t n_others;
	bool others_complete;	/* the whole list was read */
	const char *reason;	/* first reason for unknown, NULL if all is known */
};

/*
 * A client: connections and tokens live in it.
 *
 * Errors:    NULL and err set if libcurl does not start or the user's docker
 *            configuration is broken.
 * Ownership: the caller frees it.
 */
struct registry *registry_new(const struct registry_options *options, struct error *err);
void registry_free(struct registry *r);

/*
 * Answer all queries, every repository at the same time.
 *
 * A registry that does not answer is no error: verdicts are VERDICT_UNKNOWN and
 * reasons say why.  Absent needs proof; unknown is never absent.
 *
 * Errors:    -1 and err set for a name that breaks the grammar.
 * Ownership: what is filled in lives as long as a.
 * Source:    OCI distribution-spec; the token protocol is distribution's
 *            docs/spec/auth.
 */
int registry_ask(struct registry *r, struct repository_query *queries, size_t n,
                 struct arena *a, struct error *err);

#endif
