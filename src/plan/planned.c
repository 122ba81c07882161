#include "plan/planned.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "fleet/pool.h"
#include "json/scanner.h"
#include "plan/plan_text.h"

struct reading {
	struct scanner scan;
	const char *file;
	const char *list;	/* "/images", or "" outside of all lists */
	size_t index;		/* in that list */
	struct arena *arena;
	struct error *err;
	struct planned *out;
	size_t cap_images, cap_tags;
};

static int
wrong(struct reading *r, const char *key, const char *reason)
{
	if (*r->list)
		return error_set(r->err, "%s: %s/%zu/%s: %s", r->file, r->list, r->index, key, reason);
	return error_set(r->err, "%s: /%s: %s", r->file, key, reason);
}

static int
broken(struct reading *r)
{
	return error_set(r->err, "%s: not the JSON that gen writes; run gen", r->file);
}

/* ---- single values: each reads just the value of a key ---- */

static int
skip_from(struct reading *r, enum piece piece)
{
	if (piece == PIECE_BROKEN || piece == PIECE_END)
		return broken(r);
	if ((piece == PIECE_OBJECT || piece == PIECE_ARRAY) && !scanner_skip(&r->scan))
		return broken(r);
	return 0;
}

static int
take_text(struct reading *r, const char *key, const char **out)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece == PIECE_BROKEN)
		return broken(r);
	if (piece == PIECE_NULL) {
		*out = NULL;
		return 0;
	}
	if (piece != PIECE_STRING)
		return wrong(r, key, "not a string");
	*out = arena_copy(r->arena, r->scan.text, r->scan.len);
	return 0;
}

static int
take_number(struct reading *r, const char *key, double *out)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece == PIECE_BROKEN)
		return broken(r);

	double number = piece == PIECE_NUMBER ? scanner_number(&r->scan) : 0;
	if (piece != PIECE_NUMBER || number < -1e15 || number > 1e15)
		return wrong(r, key, "not a number");
	*out = number;
	return 0;
}

static int
take_texts(struct reading *r, const char *key, struct texts *out)
{
	size_t cap = 0;
	const char **list = NULL;
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_ARRAY)
		return piece == PIECE_BROKEN ? broken(r) : wrong(r, key, "not an array");
	*out = (struct texts){ 0 };
	while ((piece = scanner_next(&r->scan)) == PIECE_STRING) {
		if (out->n == cap) {
			const char **longer = arena_array(r->arena, cap ? 2 * cap : 1, sizeof(*list));
			if (cap)
				memcpy(longer, list, cap * sizeof(*list));
			list = longer;
			cap = cap ? 2 * cap : 1;
		}
		list[out->n++] = arena_copy(r->arena, r->scan.text, r->scan.len);
	}
	out->list = list;
	if (piece == PIECE_BROKEN)
		return broken(r);
	return piece == PIECE_ARRAY_END ? 0 : wrong(r, key, "not an array of strings");
}

static int
take_verdict(struct reading *r, const char *key, enum verdict *out)
{
	const char *name;

	if (take_text(r, key, &name) < 0)
		return -1;
	return verdict_parse(out, name) ? 0 : wrong(r, key, "neither present, absent nor unknown");
}

static int
take_decision(struct reading *r, const char *key, enum decision *out)
{
	const char *name;

	if (take_text(r, key, &name) < 0)
		return -1;
	return decision_parse(out, name) ? 0 : wrong(r, key, "neither build, skip nor hold");
}

static int
take_native(struct reading *r, const char *key, enum native *out)
{
	const char *name;

	if (take_text(r, key, &name) < 0)
		return -1;
	*out = native_parse(name);
	return 0;
}

/* ---- objects ---- */

typedef int take_member(struct reading *r, const char *key, void *object);

/* Read an object whose '{' is behind us. */
static int
take_members(struct reading *r, take_member *take, void *object)
{
	enum piece piece;
	char key[32];

	while ((piece = scanner_next(&r->scan)) == PIECE_KEY) {
		/* Ours are short: what is cut off here is none of ours. */
		size_t len = r->scan.len < sizeof(key) - 1 ? r->scan.len : sizeof(key) - 1;
		memcpy(key, r->scan.text, len);
		key[len] = '\0';
		if (take(r, key, object) < 0)
			return -1;
	}
	return piece == PIECE_OBJECT_END ? 0 : broken(r);
}

static int
take_base_member(struct reading *r, const char *key, void *object)
{
	struct planned_image *image = object;

	if (strcmp(key, "image") == 0)
		return take_text(r, "base/image", &image->base.image);
	if (strcmp(key, "verdict") == 0)
		return take_verdict(r, "base/verdict", &image->base.verdict);
	if (strcmp(key, "digest") == 0)
		return take_text(r, "base/digest", &image->base.digest);
	return skip_from(r, scanner_next(&r->scan));
}

static int
take_base(struct reading *r, struct planned_image *image)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece == PIECE_NULL)
		return 0;
	if (piece != PIECE_OBJECT)
		return piece == PIECE_BROKEN ? broken(r) : wrong(r, "base", "not an object");
	return take_members(r, take_base_member, image);
}

#define AT(field) offsetof(struct planned_image, field)

static const struct { const char *key; size_t offset; } text_members[] = {
	{ "target", AT(target) },
	{ "parent", AT(parent) },
	{ "model", AT(model) },
	{ "image", AT(image) },
	{ "digest", AT(digest) },
	{ "reason", AT(reason) },
	{ "hold", AT(hold_word) },
	{ "subject", AT(subject) },
	{ "native_reason", AT(native_reason) },
	{ "objects", AT(objects) },
	{ "input", AT(input) },
};

static const struct { const char *key; size_t offset; } list_members[] = {
	{ "humans", AT(humans) },
	{ "mapping", AT(mappings) },
	{ "patches", AT(patches) },
	{ "preflight", AT(preflight) },
};

/* The fields of an image that hold neither one text nor several. */
static int
take_other_member(struct reading *r, const char *key, struct planned_image *image)
{
	double number;

	if (strcmp(key, "verdict") == 0)
		return take_verdict(r, key, &image->verdict);
	if (strcmp(key, "native") == 0)
		return take_native(r, key, &image->native);
	if (strcmp(key, "decision") == 0)
		return take_decision(r, key, &image->decision);
	if (strcmp(key, "base") == 0)
		return take_base(r, image);
	if (strcmp(key, "max_jobs") == 0) {
		if (take_number(r, key, &number) < 0)
			return -1;
		image->max_jobs = (long)number;
		return 0;
	}
	if (strcmp(key, "time") == 0) {
		if (take_number(r, key, &number) < 0)
			return -1;
		image->time_s = (int64_t)number;
		return 0;
	}
	return skip_from(r, scanner_next(&r->scan));
}

static int
take_image_member(struct reading *r, const char *key, void *object)
{
	for (size_t i = 0; i < sizeof(text_members) / sizeof(*text_members); i++)
		if (strcmp(key, text_members[i].key) == 0)
			return take_text(r, key, (void *)((char *)object + text_members[i].offset));
	for (size_t i = 0; i < sizeof(list_members) / sizeof(*list_members); i++)
		if (strcmp(key, list_members[i].key) == 0)
			return take_texts(r, key, (void *)((char *)object + list_members[i].offset));
	return take_other_member(r, key, object);
}

static int
check_image(struct reading *r, struct planned_image *image)
{
	struct commit_id id;
	const struct planned_image *before = image - 1;
	const char *digits = image->target ? target_digits(image->target) : NULL;

	if (!image->parent || commit_id_parse(&id, image->parent, NULL) < 0)
		return wrong(r, "parent", "not 40 hex digits");
	if (!digits || strlen(digits) != COMMIT_ID_SHORT || !target_has_prefix(image->parent, digits))
		return wrong(r, "target", "not the parent's");
	image->id = digits;
	image->hold = hold_parse(image->hold_word);
	if (!image->image || !image->reason)
		return wrong(r, image->image ? "reason" : "image", "missing");
	if (r->index && strcmp(before->parent, image->parent) >= 0)
		return wrong(r, "parent", "not behind that of the image before");
	if (image->decision == DECISION_SKIP && image->verdict != VERDICT_PRESENT)
		return wrong(r, "decision", "skip, and the image is not present");
	if (image->decision == DECISION_BUILD && image->verdict == VERDICT_UNKNOWN)
		return wrong(r, "decision", "build, and it is unknown whether the image is there");
	return 0;
}

static int
take_image(struct reading *r)
{
	struct planned *out = r->out;

	out->images = memory_grow(out->images, &r->cap_images, out->n_images, sizeof(*out->images));
	struct planned_image *image = &out->images[out->n_images];
	*image = (struct planned_image){ 0 };
	if (take_members(r, take_image_member, image) < 0 || check_image(r, image) < 0)
		return -1;
	out->n_images++;
	return 0;
}

static int
take_images(struct reading *r)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_ARRAY)
		return piece == PIECE_BROKEN ? broken(r) : wrong(r, "images", "not an array");
	r->list = "/images";
	for (r->index = 0; (piece = scanner_next(&r->scan)) == PIECE_OBJECT; r->index++)
		if (take_image(r) < 0)
			return -1;
	r->list = "";
	return piece == PIECE_ARRAY_END ? 0 : broken(r);
}

/* ---- tags in no mapping ---- */

static int
take_tags(struct reading *r, const char *key)
{
	struct planned *out = r->out;
	struct texts names = { 0 };

	if (take_texts(r, key, &names) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		out->tags = memory_grow(out->tags, &r->cap_tags, out->n_tags, sizeof(*out->tags));
		out->tags[out->n_tags++] = (struct planned_tag){ .tag = names.list[i] };
	}
	return 0;
}

static int
take_pair_member(struct reading *r, const char *key, void *object)
{
	struct planned_tag *pair = object;

	if (strcmp(key, "tag") == 0)
		return take_text(r, key, &pair->tag);
	if (strcmp(key, "human") == 0)
		return take_text(r, key, &pair->human);
	if (strcmp(key, "parent") == 0)
		return take_text(r, key, &pair->parent);
	return skip_from(r, scanner_next(&r->scan));
}

/* Each pair belongs to a tag that came before, and both are in the same order. */
static int
take_pairs(struct reading *r)
{
	struct planned *out = r->out;
	size_t i = 0;
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_ARRAY)
		return piece == PIECE_BROKEN ? broken(r) : wrong(r, "unmapped_pairs", "not an array");
	r->list = "/unmapped_pairs";
	for (r->index = 0; (piece = scanner_next(&r->scan)) == PIECE_OBJECT; r->index++) {
		struct planned_tag pair = { 0 };
		if (take_members(r, take_pair_member, &pair) < 0)
			return -1;
		while (i < out->n_tags && pair.tag && strcmp(out->tags[i].tag, pair.tag) != 0)
			i++;
		if (i == out->n_tags || !pair.tag)
			return wrong(r, "tag", "not one of unmapped_tags, or not in their order");
		out->tags[i++] = pair;
	}
	r->list = "";
	return piece == PIECE_ARRAY_END ? 0 : broken(r);
}

static int
take_pools_member(struct reading *r, const char *key, void *object)
{
	if (strcmp(key, pool_name(POOL_CUDA)) == 0)
		return take_number(r, "pools/cuda", object);
	return skip_from(r, scanner_next(&r->scan));
}

static int
take_pools(struct reading *r)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_OBJECT)
		return piece == PIECE_BROKEN ? broken(r) : wrong(r, "pools", "not an object");
	return take_members(r, take_pools_member, &r->out->cuda_depth);
}

static int
take_document_member(struct reading *r, const char *key, void *object)
{
	double version;
	(void)object;

	if (strcmp(key, "version") == 0) {
		if (take_number(r, key, &version) < 0)
			return -1;
		return version == PLAN_VERSION ? 0 : wrong(r, key, "of another version of gen; run gen");
	}
	if (strcmp(key, "fleet") == 0)
		return take_text(r, key, &r->out->fleet);
	if (strcmp(key, "images") == 0)
		return take_images(r);
	if (strcmp(key, "pools") == 0)
		return take_pools(r);
	if (strcmp(key, "unmapped_tags") == 0)
		return take_tags(r, key);
	if (strcmp(key, "unmapped_pairs") == 0)
		return take_pairs(r);
	return skip_from(r, scanner_next(&r->scan));
}

/* Growing arrays are moved to the arena once. */
static void *
move_to(struct arena *a, void *list, size_t n, size_t size)
{
	void *copy = arena_array(a, n, size);
	if (n)
		memcpy(copy, list, n * size);
	return copy;
}

int
planned_read(struct planned *out, const char *file, const char *text, size_t len,
             struct arena *a, struct error *err)
{
	struct reading r = { .file = file, .list = "", .arena = a, .err = err, .out = out };

	*out = (struct planned){ 0 };
	scanner_start(&r.scan, text, len);
	int ret = scanner_next(&r.scan) == PIECE_OBJECT
	          ? take_members(&r, take_document_member, NULL) : broken(&r);
	if (ret == 0 && scanner_next(&r.scan) != PIECE_END)
		ret = broken(&r);
	if (ret == 0 && !out->fleet)
		ret = wrong(&r, "fleet", "missing");

	struct planned_image *images = out->images;
	struct planned_tag *tags = out->tags;
	out->images = move_to(a, images, out->n_images, sizeof(*images));
	out->tags = move_to(a, tags, out->n_tags, sizeof(*tags));
	free(images);
	free(tags);
	return ret;
}

const struct planned_image *
planned_find(const struct planned *p, const char *digits, bool *more)
{
	size_t low = 0, high = p->n_images, n = strlen(digits);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(p->images[middle].parent, digits) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == p->n_images || strncmp(p->images[low].parent, digits, n) != 0)
		return NULL;
	*more = low + 1 < p->n_images && strncmp(p->images[low + 1].parent, digits, n) == 0;
	return &p->images[low];
}
