#include "os/engine_kind.h"

#include "base/words.h"

static const char *const names[ENGINES] = {
	[ENGINE_DOCKER] = "docker",
	[ENGINE_BUILDAH] = "buildah",
};

const char *
engine_name(enum engine e)
{
	return names[e] ? names[e] : "";
}

enum engine
engine_parse(const char *name)
{
	unsigned found = WORDS_FIND(names, name);
	return found == ENGINES ? ENGINE_NONE : (enum engine)found;
}
