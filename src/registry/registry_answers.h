/* registry_answers.h - a registry's answers, fresh ones or the last ones that were kept.
 *
 * out/registry/ has one file of them per repository (registry/registry_cache.h), and the file
 * out/registry/asked, which says when each was asked.
 */
#ifndef GEN_REGISTRY_ANSWERS_H
#define GEN_REGISTRY_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct registry;
struct repository_query;
struct str;

#define REGISTRY_ANSWERS_FOLDER "out/registry"

struct registry_answers {
	struct registry *registry;	/* NULL: offline, the last answers count */
	const char *folder;
	bool keep;			/* keep the answers in these files */
};

/*
 * As registry_ask.  Offline, a repository that was never asked is unknown, with a
 * reason that says how to ask.
 */
int registry_answers_get(const struct registry_answers *answers, struct repository_query *queries,
                         size_t n, struct arena *a, struct error *err);

/*
 * How old the last answers about these repositories are, one line per repository:
 * "docker.io/a/b: last asked 3 h ago (2026-11-24T05:00:00Z)".
 */
int registry_answers_age(struct str *out, const struct registry_answers *answers,
                         const struct repository_query *queries, size_t n, struct error *err);

#endif
