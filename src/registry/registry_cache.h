/* registry_cache.h - the last answers about one repository, as a file.  Pure.
 *
 *   { "version": 1,
 *     "registry": "docker.io", "repository": "anonymous/vllm-baseline",
 *     "source": "https://registry-1.docker.io",   who said it
 *     "time": "2026-11-24T05:00:00Z",             when an answer last changed
 *     "tags": { "<tag>": { "verdict": "present", "digest": "sha256:..." },
 *               "<tag>": { "verdict": "absent" } },
 *     "others": [ "<tag>" ],      further tags of a list read to its end
 *     "pages": [ { "url": "...", "etag": "...", "next": "...", "tags": [ ] } ] }
 *
 * "digest" is missing where none is known, "others" where the list was not read to its
 * end, "pages" where the registry gives no ETag: it holds what is needed to ask whether
 * a page of the list has changed.  Tags are in the order of their bytes.
 *
 * As long as the answers stay the same, so does every byte of the text, "time" included: so
 * nothing that is made from it is made again only because somebody asked.  The time of asking
 * is in another file.
 */
#ifndef GEN_REGISTRY_CACHE_H
#define GEN_REGISTRY_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define REGISTRY_CACHE_VERSION 1

struct arena;
struct error;
struct repository_query;
struct str;

/*
 * The name of the file: registry and repository with '+' for '/', and ".json".  A
 * name that is too long for a file ends in a digest.
 */
void registry_cache_name(struct str *out, const char *registry, const char *repository);

/*
 * An earlier text with the answers of q put over it.  If text is NULL or broken, it counts as
 * empty.  A tag that is unknown now keeps its old answer, and one that is still present keeps
 * its old digest if the query did not ask for that.
 *
 * Units:     now_s is seconds since 1970.
 */
void registry_cache_merge(struct str *out, const struct repository_query *q, const char *text,
                          size_t len, int64_t now_s);

/*
 * Answer q from text.  A tag that it does not know is unknown, with a reason.
 *
 * Errors:    -1 and err set if text is not such a file.
 * Ownership: what is filled in lives as long as a.
 */
int registry_cache_answer(struct repository_query *q, const char *text, size_t len,
                          struct arena *a, struct error *err);

/* Give q the pages that it needs to ask for changes only; none if text is broken. */
void registry_cache_pages(struct repository_query *q, const char *text, size_t len,
                          struct arena *a);

/*
 * The file that says when each repository was asked last, {"version": 1, "asked": {"<name of
 * its file>": "<time>"}}: old, which may be NULL, with n names set to now.
 */
void registry_cache_asked(struct str *out, const char *const *names, size_t n, const char *old,
                          size_t old_len, int64_t now_s);

/* When a repository was asked last, in seconds since 1970; -1 if the text does not say. */
int64_t registry_cache_asked_at(const char *name, const char *text, size_t len);

#endif
