#include "registry/tag_page.h"

#include <string.h>

#include "base/error.h"
#include "base/image_ref.h"
#include "json/scanner.h"

struct reader {
	struct scanner scan;
	struct tag_page *page;
	tag_page_seen *seen;	/* NULL in the first pass, which only checks */
	void *user;
};

/* The elements of "tags", behind its [. */
static bool
read_items(struct reader *r)
{
	enum piece piece;

	while ((piece = scanner_next(&r->scan)) != PIECE_ARRAY_END) {
		if (!scanner_skip_value(&r->scan, piece))
			return false;
		if (piece == PIECE_STRING && r->seen && !r->scan.too_long &&
		    image_ref_tag_valid(r->scan.text))
			r->seen(r->user, r->scan.text);
		r->page->n_items++;
	}
	return true;
}

static int
not_json(struct reader *r, struct error *err)
{
	r->page->cut = r->scan.cut;
	return error_set(err, r->scan.cut ? "is JSON that ends too early" : "is not JSON");
}

static int
read_tags(struct reader *r, struct error *err)
{
	switch (scanner_next(&r->scan)) {
	case PIECE_NULL:
		return 0;
	case PIECE_ARRAY:
		return read_items(r) ? 0 : not_json(r, err);
	case PIECE_BROKEN:
		return not_json(r, err);
	default:
		return error_set(err, "has \"tags\" that is not an array");
	}
}

static int
read_members(struct reader *r, struct error *err)
{
	bool found = false;
	for (;;) {
		enum piece piece = scanner_next(&r->scan);
		if (piece == PIECE_OBJECT_END)
			break;
		if (piece != PIECE_KEY)
			return not_json(r, err);
		bool tags = !r->scan.too_long && strcmp(r->scan.text, "tags") == 0;
		if (tags && found)
			return error_set(err, "has \"tags\" twice");
		if (tags && read_tags(r, err) < 0)
			return -1;
		if (!tags && !scanner_skip_value(&r->scan, scanner_next(&r->scan)))
			return not_json(r, err);
		found |= tags;
	}
	if (scanner_next(&r->scan) != PIECE_END)
		return not_json(r, err);
	return found ? 0 : error_set(err, "has no \"tags\"");
}

static int
read_page(struct reader *r, const char *body, size_t len, struct error *err)
{
	*r->page = (struct tag_page){ 0 };
	scanner_start(&r->scan, body, len);
	switch (scanner_next(&r->scan)) {
	case PIECE_OBJECT:
		return read_members(r, err);
	case PIECE_BROKEN:
		return not_json(r, err);
	default:
		return error_set(err, "is not a JSON object");
	}
}

int
tag_page_parse(struct tag_page *out, const char *body, size_t len, tag_page_seen *seen,
               void *user, struct error *err)
{
	struct reader r = { .page = out };

	/* Half a page proves nothing, not even about its tags: check all of it first. */
	if (read_page(&r, body, len, err) < 0)
		return -1;
	r.seen = seen;
	r.user = user;
	return read_page(&r, body, len, err);
}
