/* digest.h - SHA-256 of what something is made of.  Pure. */
#ifndef GEN_DIGEST_H
#define GEN_DIGEST_H

#include <stddef.h>

struct arena;

#define DIGEST_SIZE 72		/* "sha256:", 64 hex digits and a NUL */

/* SHA-256 of these bytes, as it is. */
#define DIGEST_BYTES 32
void digest_raw(unsigned char out[DIGEST_BYTES], const void *bytes, size_t len);

/* As text. */
void digest_write(char out[DIGEST_SIZE], const void *bytes, size_t len);

/* The same, living as long as a. */
const char *digest_of(const void *bytes, size_t len, struct arena *a);

#endif
