#include "status/html_text.h"

#include "base/str.h"
#include "base/utf8.h"

static const char *
reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
html_add(struct str *out, const char *text)
{
	while (*text) {
		size_t len = utf8_len(text);
		const char *ref = reference(*text);
		if (ref)
			str_adds(out, ref);
		else if (!len || (utf8_is_control(text, len) && *text != '\n' && *text != '\t'))
			str_adds(out, UTF8_REPLACEMENT);
		else
			str_add_bytes(out, text, len);
		text += len ? len : 1;
	}
}
