#include "http/base64.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct str *out, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t v = (uint32_t)p[i] << 16;
		if (left > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		str_add(out, ALPHABET[v >> 18]);
		str_add(out, ALPHABET[v >> 12 & 63]);
		str_add(out, left > 1 ? ALPHABET[v >> 6 & 63] : '=');
		str_add(out, left > 2 ? ALPHABET[v & 63] : '=');
	}
}

bool
base64_decode(struct str *out, const char *text)
{
	size_t n = strspn(text, ALPHABET);
	size_t pad = strspn(text + n, "=");
	if (text[n + pad] || n % 4 == 1 || (pad && (n + pad) % 4 != 0) || pad > 2)
		return false;

	uint32_t v = 0;
	for (size_t i = 0; i < n; i++) {
		v = v << 6 | (uint32_t)(strchr(ALPHABET, text[i]) - ALPHABET);
		if (i % 4 == 1)
			str_add(out, (char)(v >> 4 & 0xff));
		if (i % 4 == 2)
			str_add(out, (char)(v >> 2 & 0xff));
		if (i % 4 == 3)
			str_add(out, (char)(v & 0xff));
	}
	return true;
}
