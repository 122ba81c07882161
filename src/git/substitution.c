#include "git/substitution.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

bool
text_contains(const char *text, size_t len, const char *needle)
{
	return memmem(text, len, needle, strlen(needle)) != NULL;
}

size_t
substitution_apply(struct str *out, const char *text, size_t len, const char *from,
                   const char *to)
{
	size_t from_len = strlen(from), to_len = strlen(to), n = 0;
	const char *end = text + len, *hit;
	assert(from_len);

	while ((hit = memmem(text, (size_t)(end - text), from, from_len))) {
		str_add_bytes(out, text, (size_t)(hit - text));
		str_add_bytes(out, to, to_len);
		text = hit + from_len;
		n++;
	}
	str_add_bytes(out, text, (size_t)(end - text));
	return n;
}
