#include "core/digest.h"

#include <string.h>
#include <sys/types.h>
#include <sha256.h>

#include "base/arena.h"

#define PREFIX "sha256:"

const char *
digest_of(const void *bytes, size_t len, struct arena *a)
{
	char *text = arena_alloc(a, strlen(PREFIX) + SHA256_DIGEST_STRING_LENGTH);

	strcpy(text, PREFIX);
	SHA256Data(bytes, len, text + strlen(PREFIX));
	return text;
}
