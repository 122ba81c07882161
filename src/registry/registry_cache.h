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
 * The text stays as it was while the answers do, "time" included: what is made from it
 * is not made again because somebody asked.  When that was is in a file of its own.
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
 * The name of the file: registry and repository with '+' for '/', and ".json".  What
 * is too long for a file name ends in a digest.
 */
void registry_cache_name(struct str *out, const char *registry, const char *repository);

/*
 * The text that says old and, over it, what q was answered; old may be NULL or
 * broken, then it counts as empty.  What is unknown now leaves old as it is, and so
 * does a digest that was not asked for, while the tag is present.
 *
 * Units:     now_s is seconds since 1970.
 */
void registry_cache_merge(struct str *out, const struct repository_query *q, const char *old,
                          size_t old_len, int64_t now_s);

/*
 * Answer q from text.  A tag that it does not know is unknown, with a reason.
 *
 * Errors:    -1 and err set if text is no such file.
 * Ownership: what is filled in lives as long as a.
 */
int registry_cache_answer(struct repository_query *q, const char *text, size_t len,
                          struct arena *a, struct error *err);

/* Fill in what q needs to ask for changes only; nothing if text is broken. */
void registry_cache_pages(struct repository_query *q, const char *text, size_t len,
                          struct arena *a);

/*
 * The file of when each repository was asked last, {"version": 1, "asked": {"<name of
 * its file>": "<time>"}}: old, or nothing, with n names set to now.
 */
void registry_cache_asked(struct str *out, const char *const *names, size_t n, const char *old,
                          size_t old_len, int64_t now_s);

/* When that was, seconds since 1970; -1 if the text does not say. */
int64_t registry_cache_asked_at(const char *name, const char *text, size_t len);

#endif
