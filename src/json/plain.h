/* plain.h - how much of a text stands for itself in a JSON string.  Pure. */
#ifndef GEN_PLAIN_H
#define GEN_PLAIN_H

#include <stddef.h>

/* So many of the first bytes are ASCII, and no control characters, quotes or backslashes. */
size_t plain_length(const char *text, size_t len);

#endif
