/* registry_query.h - questions to a registry and their answers.  Pure. */
#ifndef GEN_REGISTRY_QUERY_H
#define GEN_REGISTRY_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verdict.h"

/* One tag that somebody wants to know about. */
struct tag_query {
	const char *tag;
	bool want_digest;	/* ask by HEAD; a list has no digests */

	enum verdict verdict;	/* the answer */
	const char *digest;	/* "sha256:...", NULL when not known */
	const char *image_id;	/* the digest of its configuration; only with want_ids */
	const char *reason;	/* of an unknown verdict: one line, to follow the place; else NULL */
};

/* A page of a tag list with its validator, by which one can ask whether it has changed. */
struct list_page {
	const char *url, *etag;
	const char *next;	/* URL of the next page; NULL: it is the last */
	const char **tags;
	size_t n_tags;
};

/* All questions about one repository, and their answers. */
struct repository_query {
	const char *registry;	/* host[:port]; "docker.io" for Docker Hub */
	const char *repository;
	struct tag_query *tags;
	size_t n_tags;
	const char *collect_prefix;	/* also gather other tags that start with it; NULL: none */
	bool want_ids;		/* read manifests by GET, which servers count as pulls */
	bool create;		/* a repository that may not be read counts as empty */
	bool create_hint;	/* if create is false, a reason may advise to set it */
	const struct list_page *known_pages;	/* from an earlier answer; NULL: none */
	size_t n_known_pages;

	const char **others;	/* the answer to collect_prefix, sorted */
	size_t n_others;
	bool others_complete;	/* the whole list was read */
	const char *reason;	/* first reason for unknown, NULL if all is known */
	const char *source;	/* who answered: "https://registry-1.docker.io" */
	bool listed;		/* a list was read to its end */
	struct list_page *pages;	/* those of it that came with validators */
	size_t n_pages;
};

enum may_push {
	MAY_PUSH_UNKNOWN,
	MAY_PUSH_YES,
	MAY_PUSH_NO,
};

/* "unknown", "yes" or "no". */
const char *may_push_name(enum may_push m);

/* May images be pushed to a repository? */
struct push_query {
	const char *registry;
	const char *repository;

	enum may_push may;	/* the answer */
	const char *reason;	/* of no and unknown: one line, to follow the place */
};

#endif
