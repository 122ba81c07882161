#include "ninja/ninja_text.h"

#include <string.h>

#include "base/error.h"
#include "base/str.h"

/* Append text with a '$' before each byte that is one of special. */
static void
add_escaped(struct str *out, const char *text, const char *special)
{
	for (;;) {
		size_t plain = strcspn(text, special);
		str_add_bytes(out, text, plain);
		text += plain;
		if (!*text)
			return;
		str_add(out, '$');
		str_add(out, *text++);
	}
}

int
ninja_add_path(struct str *out, const char *path, struct error *err)
{
	size_t plain = strcspn(path, "\r\n|$: ");

	if (plain && !path[plain]) {
		str_add_bytes(out, path, plain);
		return 0;
	}
	if (!*path)
		return error_set(err, "empty path");

	/*
	 * '|' has no escape, and left alone it does not fail: ninja reads
	 * "build a|b:" as output a with implicit output b.
	 */
	size_t bad = strcspn(path, "\r\n|");
	if (path[bad])
		return error_set(err, "path \"%.*s...\": byte 0x%02x cannot be written in a build file",
		                 (int)bad, path, (unsigned)(unsigned char)path[bad]);
	add_escaped(out, path, "$: ");
	return 0;
}

int
ninja_add_value(struct str *out, const char *value, struct error *err)
{
	size_t plain = strcspn(value, "\r\n$");

	if (!value[plain] && *value != ' ') {
		str_add_bytes(out, value, plain);
		return 0;
	}

	size_t bad = strcspn(value, "\r\n");
	if (value[bad])
		return error_set(err, "value \"%.*s...\": a line end cannot be written in a build file",
		                 (int)bad, value);

	/* A blank in front would be skipped; elsewhere it stands for itself. */
	if (*value == ' ')
		str_add(out, '$');
	add_escaped(out, value, "$");
	return 0;
}
