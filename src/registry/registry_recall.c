/* Answer questions from the last answers.  A file of 100,000 tags has 20 MB: no tree is
 * made of it, and only what is wanted is kept. */
#include "registry/registry_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/memory.h"
#include "base/table.h"
#include "json/scanner.h"
#include "registry/registry_query.h"

struct reading {
	struct scanner scan;
	struct repository_query *q;
	struct table wanted;	/* numbers of its tags */
	bool version, registry, repository, tags;	/* the file has said what it must */
	struct arena *arena;
};

static void
ask_all(struct reading *r, struct arena *scratch)
{
	struct repository_query *q = r->q;

	table_init(&r->wanted, q->n_tags, scratch);
	for (size_t i = 0; i < q->n_tags; i++) {
		struct tag_query *tag = &q->tags[i];
		tag->verdict = VERDICT_UNKNOWN;
		tag->digest = tag->reason = NULL;
		table_add(&r->wanted, tag->tag, strlen(tag->tag), i);
	}
	q->reason = q->source = NULL;
	q->n_others = 0;
	q->others_complete = false;
}

/* Go behind a value that begins with piece.  Returns false if the text is broken. */
static bool
pass(struct reading *r, enum piece piece)
{
	if (piece == PIECE_OBJECT || piece == PIECE_ARRAY)
		return scanner_skip(&r->scan);
	return piece != PIECE_BROKEN;
}

static bool
is_text(const struct reading *r, enum piece piece, const char *text)
{
	return piece == PIECE_STRING && strcmp(r->scan.text, text) == 0;
}

/* ---- "tags" ---- */

/* What is said of one tag; answered by the numbers that want it. */
struct answer {
	enum verdict verdict;
	const char *digest;
};

static bool
read_answer_member(struct answer *out, struct reading *r)
{
	bool is_verdict = strcmp(r->scan.text, "verdict") == 0;
	bool is_digest = strcmp(r->scan.text, "digest") == 0;
	enum piece piece = scanner_next(&r->scan);

	if (is_verdict && is_text(r, piece, verdict_name(VERDICT_PRESENT)))
		out->verdict = VERDICT_PRESENT;
	else if (is_verdict && is_text(r, piece, verdict_name(VERDICT_ABSENT)))
		out->verdict = VERDICT_ABSENT;
	else if (is_digest && piece == PIECE_STRING && image_ref_digest_valid(r->scan.text))
		out->digest = arena_copy(r->arena, r->scan.text, r->scan.len);
	return pass(r, piece);
}

static bool
read_answer(struct answer *out, struct reading *r)
{
	enum piece piece = scanner_next(&r->scan);

	*out = (struct answer){ VERDICT_UNKNOWN, NULL };
	if (piece != PIECE_OBJECT)
		return pass(r, piece);
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY)
		if (!read_answer_member(out, r))
			return false;
	return piece == PIECE_OBJECT_END;
}

/* The tag is in the scanner. */
static bool
read_tag(struct reading *r)
{
	struct table_search s = table_find(&r->wanted, r->scan.text, r->scan.len);
	struct answer answer;
	size_t i;

	bool found = false;
	while (!found && table_next(&s, &i))
		found = strcmp(r->q->tags[i].tag, r->scan.text) == 0;
	if (!found)
		return pass(r, scanner_next(&r->scan));

	const char *tag = r->q->tags[i].tag;
	if (!read_answer(&answer, r))
		return false;
	do {
		struct tag_query *t = &r->q->tags[i];
		if (strcmp(t->tag, tag) != 0)
			continue;
		t->verdict = answer.verdict;
		t->digest = answer.verdict == VERDICT_PRESENT ? answer.digest : NULL;
	} while (table_next(&s, &i));
	return true;
}

static bool
read_tags(struct reading *r, enum piece piece)
{
	r->tags = piece == PIECE_OBJECT;
	if (!r->tags)
		return pass(r, piece);
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY)
		if (!read_tag(r))
			return false;
	return piece == PIECE_OBJECT_END;
}

/* ---- the rest ---- */

static bool
read_others(struct reading *r, enum piece piece)
{
	struct repository_query *q = r->q;
	const char **list = NULL;
	size_t n = 0, cap = 0;

	if (piece != PIECE_ARRAY || !q->collect_prefix)
		return pass(r, piece);
	while ((piece = scanner_next(&r->scan)) != PIECE_ARRAY_END) {
		if (piece == PIECE_STRING && image_ref_tag_valid(r->scan.text)) {
			list = memory_grow(list, &cap, n, sizeof(*list));
			list[n++] = arena_copy(r->arena, r->scan.text, r->scan.len);
		}
		if (!pass(r, piece))
			break;
	}
	q->others = arena_array(r->arena, n, sizeof(*list));
	if (n)
		memcpy(q->others, list, n * sizeof(*list));
	free(list);
	q->n_others = n;
	q->others_complete = true;
	return piece == PIECE_ARRAY_END;
}

/* A member of the whole; its key is in the scanner. */
static bool
read_member(struct reading *r)
{
	static const char *const keys[] = { "version", "registry", "repository", "source", "tags",
		                            "others" };
	size_t key = 0;

	while (key < sizeof(keys) / sizeof(*keys) && strcmp(r->scan.text, keys[key]) != 0)
		key++;
	enum piece piece = scanner_next(&r->scan);
	switch (key) {
	case 0:
		r->version = piece == PIECE_NUMBER &&
		             scanner_number(&r->scan) == REGISTRY_CACHE_VERSION;
		break;
	case 1:
		r->registry = is_text(r, piece, r->q->registry);
		break;
	case 2:
		r->repository = is_text(r, piece, r->q->repository);
		break;
	case 3:
		if (piece == PIECE_STRING)
			r->q->source = arena_copy(r->arena, r->scan.text, r->scan.len);
		break;
	case 4:
		return read_tags(r, piece);
	case 5:
		return read_others(r, piece);
	}
	return pass(r, piece);
}

static bool
read_all(struct reading *r)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_OBJECT)
		return pass(r, piece) && scanner_next(&r->scan) == PIECE_END;
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY)
		if (!read_member(r))
			return false;
	return piece == PIECE_OBJECT_END && scanner_next(&r->scan) == PIECE_END;
}

/* Say what is unknown, and why. */
static void
say_unknown(struct repository_query *q, struct arena *a)
{
	for (size_t i = 0; i < q->n_tags; i++) {
		struct tag_query *tag = &q->tags[i];
		if (tag->verdict == VERDICT_UNKNOWN) {
			tag->reason = arena_printf(a, "tag %s is in none of the last answers", tag->tag);
		} else if (tag->want_digest && tag->verdict == VERDICT_PRESENT && !tag->digest) {
			tag->verdict = VERDICT_UNKNOWN;
			tag->reason = arena_printf(a, "the digest of tag %s is in none of the last answers",
			                           tag->tag);
		}
		if (!q->reason)
			q->reason = tag->reason;
	}
}

int
registry_cache_answer(struct repository_query *q, const char *text, size_t len, struct arena *a,
                      struct error *err)
{
	struct arena scratch = { 0 };
	struct reading r = { .q = q, .arena = a };

	ask_all(&r, &scratch);
	scanner_start(&r.scan, text, len);
	bool whole = read_all(&r);
	arena_dispose(&scratch);
	if (!whole)
		return error_set(err, "is not JSON");
	if (!r.version || !r.registry || !r.repository || !r.tags)
		return error_set(err, "does not hold answers about %s/%s", q->registry, q->repository);
	say_unknown(q, a);
	return 0;
}
