#include "base/digest.h"

#include <string.h>

#include <nettle/sha2.h>
#include <nettle/version.h>

#include "base/arena.h"

#define PREFIX "sha256:"

void
digest_raw(unsigned char out[DIGEST_BYTES], const void *bytes, size_t len)
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, len, bytes);
#if NETTLE_VERSION_MAJOR < 4
	sha256_digest(&context, DIGEST_BYTES, out);
#else
	sha256_digest(&context, out);
#endif
}

void
digest_write(char out[DIGEST_SIZE], const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[DIGEST_BYTES];

	digest_raw(raw, bytes, len);
	char *p = stpcpy(out, PREFIX);
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		*p++ = digits[raw[i] >> 4];
		*p++ = digits[raw[i] & 0xf];
	}
	*p = '\0';
}

const char *
digest_of(const void *bytes, size_t len, struct arena *a)
{
	char text[DIGEST_SIZE];

	digest_write(text, bytes, len);
	return arena_copy(a, text, DIGEST_SIZE - 1);
}
