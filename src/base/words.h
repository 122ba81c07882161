/* words.h - find a word in the list of an enum's names.  Pure. */
#ifndef GEN_WORDS_H
#define GEN_WORDS_H

#include <stddef.h>
#include <string.h>

/* The place of word among names; n if it is not there, or NULL.  Names may be NULL. */
static inline unsigned
words_find(const char *const *names, unsigned n, const char *word)
{
	unsigned i = 0;
	while (i < n && !(word && names[i] && strcmp(names[i], word) == 0))
		i++;
	return i;
}

#define WORDS_FIND(names, word) words_find(names, sizeof(names) / sizeof(*(names)), word)

#endif
