#include "registry/manifest.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/image_ref.h"
#include "json/scanner.h"

/* Go to the value of a member of the object that was entered. */
static bool
find_member(struct scanner *s, const char *key)
{
	enum piece piece;

	while ((piece = scanner_next(s)) == PIECE_KEY) {
		if (strcmp(s->text, key) == 0)
			return true;
		if (!scanner_skip_value(s, scanner_next(s)))
			return false;
	}
	return false;
}

const char *
manifest_image_id(const char *text, size_t len, struct arena *a)
{
	struct scanner s;

	scanner_start(&s, text, len);
	if (scanner_next(&s) != PIECE_OBJECT || !find_member(&s, "config") ||
	    scanner_next(&s) != PIECE_OBJECT || !find_member(&s, "digest") ||
	    scanner_next(&s) != PIECE_STRING || !image_ref_digest_valid(s.text))
		return NULL;
	return arena_strdup(a, s.text);
}
