#include "core/manifest.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "core/image_ref.h"
#include "core/json_scan.h"

/* Go to the value of a member of the object that was entered. */
static bool
find_member(struct json_scan *s, const char *key)
{
	enum json_piece piece;

	while ((piece = json_scan_next(s)) == JSON_PIECE_KEY) {
		if (strcmp(s->text, key) == 0)
			return true;
		piece = json_scan_next(s);
		if (piece == JSON_PIECE_BROKEN)
			return false;
		if ((piece == JSON_PIECE_OBJECT || piece == JSON_PIECE_ARRAY) && !json_scan_skip(s))
			return false;
	}
	return false;
}

const char *
manifest_image_id(const char *text, size_t len, struct arena *a)
{
	struct json_scan s;

	json_scan_start(&s, text, len);
	if (json_scan_next(&s) != JSON_PIECE_OBJECT || !find_member(&s, "config") ||
	    json_scan_next(&s) != JSON_PIECE_OBJECT || !find_member(&s, "digest") ||
	    json_scan_next(&s) != JSON_PIECE_STRING || !image_ref_digest_valid(s.text))
		return NULL;
	return arena_strdup(a, s.text);
}
