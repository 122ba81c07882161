#include "plan/planned.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "plan/planned_members.h"

struct reading {
	struct members_reader r;	/* first: what is given to a member's reader is this */
	bool head_only;
	size_t cap_images, cap_tags;
};

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
		return members_wrong(r, "parent", "not behind that of the image before");
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

/* Is an array behind us, in which we now are? */
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

static int
close_list(struct members_reader *r, enum piece piece)
{
	r->list = NULL;
	return piece == PIECE_ARRAY_END ? 1 : members_broken(r);
}

static int
take_images(struct reading *reading, struct planned *out)
{
	struct members_reader *r = &reading->r;
	enum piece piece;

	if (open_list(r, "images") < 0)
		return -1;
	for (; (piece = scanner_next(&r->scan)) == PIECE_OBJECT; r->index++) {
		const char *before = out->n_images ? out->images[out->n_images - 1].parent : NULL;
		out->images = memory_grow(out->images, &reading->cap_images, out->n_images,
		                          sizeof(*out->images));
		if (take_image(r, &out->images[out->n_images], out, before) < 0)
			return -1;
		out->n_images++;
	}
	return close_list(r, piece);
}

/* ---- tags in no mapping ---- */

static int
take_tags(struct reading *reading, struct planned *out)
{
	struct members_reader *r = &reading->r;
	enum piece piece;

	if (open_list(r, "unmapped_tags") < 0)
		return -1;
	for (; (piece = scanner_next(&r->scan)) == PIECE_STRING; r->index++) {
		out->tags = memory_grow(out->tags, &reading->cap_tags, out->n_tags, sizeof(*out->tags));
		out->tags[out->n_tags++] = (struct planned_tag){
			.tag = arena_copy(r->arena, r->scan.text, r->scan.len),
		};
	}
	return close_list(r, piece);
}

/* Each pair belongs to a tag that came before, and both are in the same order. */
static int
take_pairs(struct reading *reading, struct planned *out)
{
	struct members_reader *r = &reading->r;
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

/* Before an image is read: another version may have other members. */
static int
check_head(const struct members_reader *r, const struct planned *head)
{
	if (head->version != PLAN_FILE_VERSION)
		return members_wrong(r, "version", "from another version of gen; run gen");
	return head->fleet ? 0 : members_wrong(r, "fleet", "missing");
}

static int
end_head(const struct members_reader *r, struct planned *head)
{
	values_sort(&head->args);
	values_sort(&head->env);
	return check_head(r, head);
}

static int
take_list(struct members_reader *r, const char *key, void *object)
{
	struct reading *reading = (struct reading *)r;

	if (strcmp(key, "images") == 0)
		return end_head(r, object) < 0 ? -1 :
		       reading->head_only ? MEMBERS_STOP : take_images(reading, object);
	if (strcmp(key, "unmapped_tags") == 0)
		return take_tags(reading, object);
	if (strcmp(key, "unmapped_pairs") == 0)
		return take_pairs(reading, object);
	return 0;
}

static int
take_document(struct reading *reading, struct planned *out)
{
	struct members_reader *r = &reading->r;

	int ret = scanner_next(&r->scan) == PIECE_OBJECT
	          ? members_read(r, planned_members, take_list, out) : members_broken(r);
	if (ret == 0 && scanner_next(&r->scan) != PIECE_END)
		ret = members_broken(r);
	return ret < 0 || check_head(r, out) < 0 ? -1 : 0;
}

/* Growing arrays are moved to the arena once. */
static void *
move_to(struct arena *a, void *list, size_t n, size_t size)
{
	void *copy = arena_array(a, n, size);
	if (n)
		memcpy(copy, list, n * size);
	free(list);
	return copy;
}

static int
read_document(struct planned *out, bool head_only, const char *file, const char *text, size_t len,
              struct arena *a, struct error *err)
{
	struct reading reading = { .r = { .file = file, .arena = a, .err = err }, .head_only = head_only };

	*out = (struct planned){ 0 };
	scanner_start(&reading.r.scan, text, len);
	int ret = take_document(&reading, out);
	out->images = move_to(a, out->images, out->n_images, sizeof(*out->images));
	out->tags = move_to(a, out->tags, out->n_tags, sizeof(*out->tags));
	return ret;
}

int
planned_read(struct planned *out, const char *file, const char *text, size_t len,
             struct arena *a, struct error *err)
{
	return read_document(out, false, file, text, len, a, err);
}

int
planned_read_head(struct planned *out, const char *file, const char *text, size_t len,
                  struct arena *a, struct error *err)
{
	return read_document(out, true, file, text, len, a, err);
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
planned_read_image(struct planned_image *out, const struct planned *head, const char *file,
                   const char *text, size_t len, const char *target, struct arena *a,
                   struct error *err)
{
	struct members_reader r = { .file = file, .arena = a, .err = err };
	const char *end = text + len, *line = find_line(text, end, target);

	if (line == end)
		return 0;
	scanner_start(&r.scan, line, (size_t)(end - line));
	if (scanner_next(&r.scan) != PIECE_OBJECT || take_image(&r, out, head, NULL) < 0)
		return -1;
	return 1;
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
