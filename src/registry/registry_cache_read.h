/* registry_cache_read.h - read a file of last answers (registry_cache.h) piece by piece.  Pure.
 *
 * A file about 100,000 tags has 20 MB: no tree is made of it, and only what is wanted is kept.
 */
#ifndef GEN_REGISTRY_CACHE_READ_H
#define GEN_REGISTRY_CACHE_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verdict.h"

struct arena;
struct error;
struct list_page;
struct repository_query;

struct cached_tag {
	const char *tag;
	enum verdict verdict;
	const char *digest;	/* NULL: not known */
};

struct cache_file {
	/* The caller says what it wants: tags, which are borrowed until the call ends, ... */
	void (*tag)(void *user, const struct cached_tag *tag);	/* NULL: none */
	void *user;
	bool want_others, want_pages;

	/* ... and gets the rest, which lives as long as the arena. */
	const char *source, *time;	/* NULL: the file does not say */
	const char **others;
	size_t n_others;
	bool has_others;
	struct list_page *pages;
	size_t n_pages;
};

/*
 * Read text, which should hold answers about q's repository.
 *
 * Errors:    -1 and err set if it does not; some tags may have been reported by then.
 */
int registry_cache_read(struct cache_file *file, const struct repository_query *q,
                        const char *text, size_t len, struct arena *a, struct error *err);

#endif
