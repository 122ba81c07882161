#include "record/steps.h"

#include "base/arena.h"
#include "base/words.h"

static const char *const names[STEPS] = {
	[STEP_SOURCE] = "source",
	[STEP_PATCH] = "patch",
	[STEP_IMAGE] = "image",
	[STEP_VERIFY] = "verify",
	[STEP_PUSH] = "push",
};

const char *
step_name(enum step s)
{
	return names[s];
}

bool
step_parse(enum step *out, const char *name)
{
	unsigned found = WORDS_FIND(names, name);
	if (found == STEPS)
		return false;
	*out = (enum step)found;
	return true;
}

const char *
step_stamp_path(const char *target, enum step s, struct arena *a)
{
	return arena_printf(a, "out/stamps/%s.%s", target, names[s]);
}

const char *
step_lock_path(const char *target, enum step s, struct arena *a)
{
	return arena_printf(a, "out/run/%s.%s", target, names[s]);
}
