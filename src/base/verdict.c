#include "base/verdict.h"

#include "base/words.h"

static const char *const names[VERDICTS] = {
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_PRESENT] = "present",
	[VERDICT_ABSENT] = "absent",
};

const char *
verdict_name(enum verdict v)
{
	return names[v];
}

bool
verdict_parse(enum verdict *out, const char *name)
{
	unsigned found = WORDS_FIND(names, name);
	if (found == VERDICTS)
		return false;
	*out = (enum verdict)found;
	return true;
}
