#include "plan/planned.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "plan/planned_members.h"

/* ---- images ---- */

static int
check_image(const struct members_reader *r, struct planned_image *image, const char *before)
{
	struct commit_id id;
	const char *digits = image->target ? target_digits(image->target) : NULL;

	if (!image->parent || commit_id_parse(&id, image->parent, NULL) < 0)
		return members_wrong(r, "parent", "not 40 hex digits");
	if (!digits || strlen(digits) != COMMIT_ID_SHORT || !target_has_prefix(image->parent, digits))
		return members_wrong(r, "target", "not the parent's");
	image->id = digits;
	image->hold = hold_parse(image->hold_word);
	if (!image->image || !image->reason)
		return members_wrong(r, image->image ? "reason" : "image", "missing");
	if (before && strcmp(before, image->parent) >= 0)
		return members_wrong(r, "parent", "not after that of the previous image");
	if (image->decision == DECISION_SKIP && image->verdict != VERDICT_PRESENT)
		return members_wrong(r, "decision", "skip, and the image is not present");
	if (image->decision == DECISION_BUILD && image->verdict == VERDICT_UNKNOWN)
		return members_wrong(r, "decision", "build, and it is unknown whether the image is there");
	return 0;
}

/* Put an image's own values over those of the fleet. */
static void
complete(struct values *values, const struct values *fleet, struct arena *a)
{
	struct values own = *values;

	if (!own.n) {
		*values = *fleet;
		return;
	}
	*values = (struct values){ arena_array(a, fleet->n + own.n, sizeof(*own.list)), 0 };
	values_set_all(values, fleet->list, fleet->n);
	values_set_all(values, own.list, own.n);
	values_sort(values);
}

/* Read an image whose '{' is behind us; before is the parent of the one before it. */
static int
take_image(struct members_reader *r, struct planned_image *out, const struct planned *head,
           const char *before)
{
	*out = (struct planned_image){ 0 };
	if (members_read(r, planned_image_members, NULL, out) < 0 || check_image(r, out, before) < 0)
		return -1;
	if (out->input) {
		complete(&out->args, &head->args, r->arena);
		complete(&out->env, &head->env, r->arena);
	}
	return 0;
}

/* Enter an array, the value of key. */
static int
open_list(struct members_reader *r, const char *key)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_ARRAY)
		return piece == PIECE_BROKEN ? members_broken(r) : members_wrong(r, key, "not an array");
	r->list = key;
	r->index = 0;
	return 0;
}

/* Leave it: piece came where an element might have. */
static int
close_list(struct members_reader *r, enum piece piece)
{
	r->list = NULL;
	return piece == PIECE_ARRAY_END ? 1 : members_broken(r);
}

/* There may be a million: they grow outside the arena, which would keep each of their copies. */
static int
take_images(struct members_reader *r, struct planned *out)
{
	struct planned_image *list = NULL;
	size_t n = 0, cap = 0;
	enum piece piece = PIECE_BROKEN;
	int ret = open_list(r, "images");

	for (; ret == 0 && (piece = scanner_next(&r->scan)) == PIECE_OBJECT; r->index++) {
		list = memory_grow(list, &cap, n, sizeof(*list));
		ret = take_image(r, &list[n], out, n ? list[n - 1].parent : NULL);
		n++;
	}
	out->n_images = n;
	out->images = arena_array(r->arena, n, sizeof(*list));
	if (n)
		memcpy(out->images, list, n * sizeof(*list));
	free(list);
	return ret < 0 ? -1 : close_list(r, piece);
}

/* ---- tags in no mapping ---- */

static int
take_tags(struct members_reader *r, struct planned *out)
{
	enum piece piece;

	if (open_list(r, "unmapped_tags") < 0)
		return -1;
	for (; (piece = scanner_next(&r->scan)) == PIECE_STRING; r->index++) {
		out->tags = arena_grow(r->arena, out->tags, out->n_tags, sizeof(*out->tags));
		out->tags[out->n_tags++].tag = arena_copy(r->arena, r->scan.text, r->scan.len);
	}
	return close_list(r, piece);
}

/* Each pair belongs to a tag that came before, and both are in the same order. */
static int
take_pairs(struct members_reader *r, struct planned *out)
{
	size_t i = 0;
	enum piece piece;

	if (open_list(r, "unmapped_pairs") < 0)
		return -1;
	for (; (piece = scanner_next(&r->scan)) == PIECE_OBJECT; r->index++) {
		struct planned_tag pair = { 0 };
		if (members_read(r, planned_tag_members, NULL, &pair) < 0)
			return -1;
		while (i < out->n_tags && pair.tag && strcmp(out->tags[i].tag, pair.tag) != 0)
			i++;
		if (i == out->n_tags || !pair.tag)
			return members_wrong(r, "tag", "not one of unmapped_tags, or not in their order");
		out->tags[i++] = pair;
	}
	return close_list(r, piece);
}

/* ---- the document ---- */

static int
check_fleet(const struct members_reader *r, const struct planned *fleet)
{
	if (fleet->version != PLAN_FILE_VERSION)
		return members_wrong(r, "version", "from another version of gen; run gen");
	return fleet->fleet ? 0 : members_wrong(r, "fleet", "missing");
}

/* What comes before the images has come: another version may have other images. */
static int
end_fleet(const struct members_reader *r, struct planned *fleet)
{
	values_sort(&fleet->args);
	values_sort(&fleet->env);
	return check_fleet(r, fleet);
}

static int
take_list(struct members_reader *r, const char *key, void *object)
{
	if (strcmp(key, "images") == 0)
		return end_fleet(r, object) < 0 ? -1 : take_images(r, object);
	if (strcmp(key, "unmapped_tags") == 0)
		return take_tags(r, object);
	if (strcmp(key, "unmapped_pairs") == 0)
		return take_pairs(r, object);
	return 0;
}

static int
stop_at_images(struct members_reader *r, const char *key, void *object)
{
	if (strcmp(key, "images") != 0)
		return 0;
	return end_fleet(r, object) < 0 ? -1 : MEMBERS_STOP;
}

static int
take_document(struct members_reader *r, members_other *other, struct planned *out)
{
	*out = (struct planned){ 0 };
	int ret = scanner_next(&r->scan) == PIECE_OBJECT
	          ? members_read(r, planned_members, other, out) : members_broken(r);
	if (ret == 0 && scanner_next(&r->scan) != PIECE_END)
		ret = members_broken(r);
	return ret < 0 || check_fleet(r, out) < 0 ? -1 : 0;
}

int
planned_read(struct planned *out, const char *file, const char *text, size_t len,
             struct arena *a, struct error *err)
{
	struct members_reader r = { .file = file, .arena = a, .err = err };

	scanner_start(&r.scan, text, len);
	return take_document(&r, take_list, out);
}

/* ---- finding ---- */

/* The first line that starts at p or behind it; end if there is none. */
static const char *
line_from(const char *p, const char *text, const char *end)
{
	while (p < end && p > text && p[-1] != '\n') {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		p = newline ? newline + 1 : end;
	}
	return p;
}

/* As strcmp of the line's target and target.  The last line, which has none, is behind all. */
static int
compare_line(const char *line, const char *end, const char *target)
{
	static const char start[] = PLANNED_LINE;
	size_t n = sizeof(start) - 1, len = strlen(target);

	if ((size_t)(end - line) <= n + len || memcmp(line, start, n) != 0)
		return 1;
	int order = memcmp(line + n, target, len);
	return order ? order : line[n + len] != '"';
}

/* The target's line; end if there is none. */
static const char *
find_line(const char *text, const char *end, const char *target)
{
	const char *from = text < end ? line_from(text + 1, text, end) : end, *to = end;

	/* Both are at the start of a line, or at the end. */
	while (from < to) {
		const char *line = line_from(from + (to - from) / 2, text, end);
		if (line >= to)
			line = from;	/* the middle is in the last line, which may be the only one */
		int order = compare_line(line, end, target);
		if (order == 0)
			return line;
		if (order < 0)
			from = line_from(line + 1, text, end);
		else
			to = line;
	}
	return end;
}

int
planned_read_one(struct planned *fleet, struct planned_image *image, const char *target,
                 const char *file, const char *text, size_t len, struct arena *a,
                 struct error *err)
{
	struct members_reader r = { .file = file, .arena = a, .err = err };
	const char *end = text + len, *line = find_line(text, end, target);

	scanner_start(&r.scan, text, len);
	if (take_document(&r, stop_at_images, fleet) < 0)
		return -1;
	if (line == end)
		return 0;
	scanner_start(&r.scan, line, (size_t)(end - line));
	if (scanner_next(&r.scan) != PIECE_OBJECT)
		return members_broken(&r);
	return take_image(&r, image, fleet, NULL) < 0 ? -1 : 1;
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

const struct planned_image *
planned_target(const struct planned *p, const char *target)
{
	const char *digits = target_digits(target);
	bool more;
	const struct planned_image *image = digits ? planned_find(p, digits, &more) : NULL;

	return image && strcmp(image->target, target) == 0 ? image : NULL;
}
