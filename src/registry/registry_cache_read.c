#include "registry/registry_cache_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/memory.h"
#include "json/scanner.h"
#include "registry/registry_cache.h"
#include "registry/registry_query.h"

#define KEY_SIZE 16
#define TAG_SIZE 129
#define DIGEST_SIZE 136		/* of sha512, the longest */

struct reader {
	struct scanner scan;
	struct cache_file *file;
	const struct repository_query *q;
	bool version, registry, repository, tags;	/* the file has these, and they are right */
	struct arena *arena;
};

/* The next piece.  A key is copied, and cut: the keys of these files are all shorter. */
static enum piece
next_key(struct reader *r, char key[KEY_SIZE])
{
	enum piece piece = scanner_next(&r->scan);
	size_t n = strnlen(r->scan.text, KEY_SIZE - 1);
	memcpy(key, r->scan.text, n);
	key[n] = '\0';
	return piece;
}

static bool
is_text(const struct reader *r, enum piece piece, const char *text)
{
	return piece == PIECE_STRING && strcmp(r->scan.text, text) == 0;
}

/* A copy of the string in the scanner; NULL if it is not a string, or was cut. */
static const char *
keep_text(const struct reader *r, enum piece piece)
{
	if (piece != PIECE_STRING || r->scan.too_long)
		return NULL;
	return arena_copy(r->arena, r->scan.text, r->scan.len);
}

/* Copy an array into the arena; the old one is freed. */
static void *
settle(struct arena *a, void *array, size_t n, size_t element_size)
{
	void *settled = arena_array(a, n, element_size);
	if (n)
		memcpy(settled, array, n * element_size);
	free(array);
	return settled;
}

/* An array of tags; anything else counts as an empty one. */
static bool
read_tag_list(struct reader *r, enum piece piece, const char ***out, size_t *n)
{
	const char **list = NULL;
	size_t cap = 0;

	*n = 0;
	if (piece != PIECE_ARRAY)
		return scanner_skip_value(&r->scan, piece);
	while ((piece = scanner_next(&r->scan)) != PIECE_ARRAY_END) {
		if (piece == PIECE_STRING && image_ref_tag_valid(r->scan.text)) {
			list = memory_grow(list, &cap, *n, sizeof(*list));
			list[(*n)++] = arena_copy(r->arena, r->scan.text, r->scan.len);
		}
		if (!scanner_skip_value(&r->scan, piece))
			break;
	}
	*out = settle(r->arena, list, *n, sizeof(*list));
	return piece == PIECE_ARRAY_END;
}

/* ---- "tags" ---- */

/* What is said about one tag. */
static bool
read_answer(struct reader *r, struct cached_tag *out, char digest[DIGEST_SIZE])
{
	char key[KEY_SIZE];
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_OBJECT)
		return scanner_skip_value(&r->scan, piece);
	while ((piece = next_key(r, key)) == PIECE_KEY) {
		piece = scanner_next(&r->scan);
		if (strcmp(key, "verdict") == 0)
			out->verdict = is_text(r, piece, verdict_name(VERDICT_PRESENT))  ? VERDICT_PRESENT
			               : is_text(r, piece, verdict_name(VERDICT_ABSENT)) ? VERDICT_ABSENT
			                                                                 : VERDICT_UNKNOWN;
		else if (strcmp(key, "digest") == 0 && piece == PIECE_STRING &&
		         image_ref_digest_valid(r->scan.text))
			out->digest = memcpy(digest, r->scan.text, r->scan.len + 1);
		if (!scanner_skip_value(&r->scan, piece))
			return false;
	}
	if (out->verdict != VERDICT_PRESENT)
		out->digest = NULL;
	return piece == PIECE_OBJECT_END;
}

static bool
read_tags(struct reader *r, enum piece piece)
{
	r->tags = piece == PIECE_OBJECT;
	if (!r->tags || !r->file->tag)
		return scanner_skip_value(&r->scan, piece);
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY) {
		char tag[TAG_SIZE] = "", digest[DIGEST_SIZE];
		struct cached_tag said = { .tag = tag };
		if (image_ref_tag_valid(r->scan.text))
			memcpy(tag, r->scan.text, r->scan.len + 1);
		if (!read_answer(r, &said, digest))
			return false;
		if (*tag)
			r->file->tag(r->file->user, &said);
	}
	return piece == PIECE_OBJECT_END;
}

/* ---- "pages" ---- */

static bool
read_page(struct reader *r, struct list_page *page)
{
	char key[KEY_SIZE];
	enum piece piece;

	while ((piece = next_key(r, key)) == PIECE_KEY) {
		piece = scanner_next(&r->scan);
		if (strcmp(key, "url") == 0)
			page->url = keep_text(r, piece);
		else if (strcmp(key, "etag") == 0)
			page->etag = keep_text(r, piece);
		else if (strcmp(key, "next") == 0)
			page->next = keep_text(r, piece);
		if (!(strcmp(key, "tags") == 0 ? read_tag_list(r, piece, &page->tags, &page->n_tags)
		                               : scanner_skip_value(&r->scan, piece)))
			return false;
	}
	return piece == PIECE_OBJECT_END;
}

static bool
read_pages(struct reader *r)
{
	struct list_page *list = NULL;
	size_t n = 0, cap = 0;
	enum piece piece;

	while ((piece = scanner_next(&r->scan)) != PIECE_ARRAY_END) {
		struct list_page page = { 0 };
		if (!(piece == PIECE_OBJECT ? read_page(r, &page) : scanner_skip_value(&r->scan, piece)))
			break;
		if (!page.url || !page.etag)
			continue;
		list = memory_grow(list, &cap, n, sizeof(*list));
		list[n++] = page;
	}
	r->file->pages = settle(r->arena, list, n, sizeof(*list));
	r->file->n_pages = n;
	return piece == PIECE_ARRAY_END;
}

/* ---- the whole ---- */

static bool
read_member(struct reader *r, const char *key)
{
	struct cache_file *file = r->file;
	enum piece piece = scanner_next(&r->scan);

	if (strcmp(key, "tags") == 0)
		return read_tags(r, piece);
	if (strcmp(key, "others") == 0 && file->want_others) {
		file->has_others = piece == PIECE_ARRAY;
		return read_tag_list(r, piece, &file->others, &file->n_others);
	}
	if (strcmp(key, "pages") == 0 && piece == PIECE_ARRAY && file->want_pages)
		return read_pages(r);
	if (strcmp(key, "version") == 0)
		r->version = piece == PIECE_NUMBER &&
		             scanner_number(&r->scan) == REGISTRY_CACHE_VERSION;
	else if (strcmp(key, "registry") == 0)
		r->registry = is_text(r, piece, r->q->registry);
	else if (strcmp(key, "repository") == 0)
		r->repository = is_text(r, piece, r->q->repository);
	else if (strcmp(key, "source") == 0)
		file->source = keep_text(r, piece);
	else if (strcmp(key, "time") == 0)
		file->time = keep_text(r, piece);
	return scanner_skip_value(&r->scan, piece);
}

static bool
read_all(struct reader *r)
{
	char key[KEY_SIZE];
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_OBJECT)
		return scanner_skip_value(&r->scan, piece) && scanner_next(&r->scan) == PIECE_END;
	while ((piece = next_key(r, key)) == PIECE_KEY)
		if (!read_member(r, key))
			return false;
	return piece == PIECE_OBJECT_END && scanner_next(&r->scan) == PIECE_END;
}

int
registry_cache_read(struct cache_file *file, const struct repository_query *q, const char *text,
                    size_t len, struct arena *a, struct error *err)
{
	struct reader r = { .file = file, .q = q, .arena = a };

	scanner_start(&r.scan, text, len);
	if (!read_all(&r))
		return error_set(err, "is not JSON");
	if (!r.version || !r.registry || !r.repository || !r.tags)
		return error_set(err, "does not hold answers about %s/%s", q->registry, q->repository);
	return 0;
}
