#include "core/digest.h"

#include <sys/types.h>
#include <sha256.h>

#include "base/arena.h"

const char *
digest_of(const void *bytes, size_t len, struct arena *a)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	return arena_printf(a, "sha256:%s", SHA256Data(bytes, len, hex));
}
