#include "record/native_way.h"

#include <string.h>

#include "base/words.h"

static const char *const names[NATIVES] = {
	[NATIVE_COMPILE] = "compile",
	[NATIVE_WHEEL] = "wheel",
	[NATIVE_SHARE] = "share",
	[NATIVE_REUSE] = "reuse",
};

const char *
native_name(enum native n)
{
	return names[n];
}

enum native
native_parse(const char *name)
{
	unsigned found = WORDS_FIND(names, name);
	return found == NATIVES ? NATIVE_UNKNOWN : (enum native)found;
}

bool
native_wish_parse(bool *compile, const char *word)
{
	bool wants = strcmp(word, native_name(NATIVE_COMPILE)) == 0;

	if (!wants && strcmp(word, "auto") != 0)
		return false;
	*compile = wants;
	return true;
}
