/* digest.h - SHA-256 of what something is made of.  Pure. */
#ifndef GEN_DIGEST_H
#define GEN_DIGEST_H

#include <stddef.h>

struct arena;

/* "sha256:" and 64 hex digits of these bytes, living as long as a. */
const char *digest_of(const void *bytes, size_t len, struct arena *a);

#endif
