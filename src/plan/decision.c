#include "plan/decision.h"

#include "base/words.h"

static const char *const decisions[DECISIONS] = {
	[DECISION_BUILD] = "build",
	[DECISION_SKIP] = "skip",
	[DECISION_HOLD] = "hold",
};

static const char *const holds[HOLDS] = {
	[HOLD_FAILED] = "failed",
	[HOLD_FAILURE] = "failure",
	[HOLD_SOURCE] = "source",
	[HOLD_BASE_ABSENT] = "base-absent",
	[HOLD_BASE_UNKNOWN] = "base-unknown",
	[HOLD_REGISTRY] = "registry",
	[HOLD_OTHER] = "other",
};

const char *
decision_name(enum decision d)
{
	return decisions[d];
}

bool
decision_parse(enum decision *out, const char *name)
{
	unsigned found = WORDS_FIND(decisions, name);
	if (found == DECISIONS)
		return false;
	*out = (enum decision)found;
	return true;
}

const char *
hold_name(enum hold h)
{
	return holds[h];
}

enum hold
hold_parse(const char *name)
{
	unsigned found = WORDS_FIND(holds, name);
	return !name ? HOLD_NONE : found == HOLDS ? HOLD_OTHER : (enum hold)found;
}
