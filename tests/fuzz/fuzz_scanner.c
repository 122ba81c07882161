/* Our reader takes just what jansson takes, but for depth and great numbers. */
#include "fuzz.h"

#include <jansson.h>

#include "json/scanner.h"

/* Returns whether it is JSON; *deep if only the depth was in the way. */
static bool
scan(const char *bytes, size_t len, bool *deep)
{
	struct scanner s;
	unsigned depth = 0;

	scanner_start(&s, bytes, len);
	for (;;) {
		enum piece piece = scanner_next(&s);
		MUST(s.depth <= SCANNER_DEPTH && s.len <= SCANNER_TEXT);
		depth = s.depth > depth ? s.depth : depth;
		*deep = depth == SCANNER_DEPTH;
		if (piece == PIECE_STRING || piece == PIECE_KEY)
			MUST(strlen(s.text) == s.len);
		if (piece == PIECE_END || piece == PIECE_BROKEN)
			return piece == PIECE_END;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_error_t problem;
	bool deep;

	/* jansson takes a NUL for the end of the text, wherever it is. */
	if (size && memchr(data, 0, size))
		return 0;
	bool ours = scan((const char *)data, size, &deep);
	json_t *root = json_loadb((const char *)data, size, JSON_DECODE_ANY, &problem);
	bool number = !root && json_error_code(&problem) == json_error_numeric_overflow;
	if (!deep && !number)
		MUST(ours == (root != NULL));
	json_decref(root);
	return 0;
}
