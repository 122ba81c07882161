#include "core/digest.h"

#include <string.h>
#include <sys/types.h>
#include <sha256.h>

#include "base/arena.h"

#define PREFIX "sha256:"

void
digest_write(char out[DIGEST_SIZE], const void *bytes, size_t len)
{
	_Static_assert(DIGEST_SIZE == sizeof(PREFIX) - 1 + SHA256_DIGEST_STRING_LENGTH, "room for it");
	strcpy(out, PREFIX);
	SHA256Data(bytes, len, out + strlen(PREFIX));
}

const char *
digest_of(const void *bytes, size_t len, struct arena *a)
{
	char text[DIGEST_SIZE];

	digest_write(text, bytes, len);
	return arena_copy(a, text, DIGEST_SIZE - 1);
}
