#include "cmd/engine.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "io/capture.h"

#define ANSWER_DEADLINE_S 10.0	/* a daemon under load is slow, not absent */
#define ANSWER_LIMIT 65536

static bool
answers(char *const *argv)
{
	struct capture probe = { argv, NULL, ANSWER_LIMIT, ANSWER_DEADLINE_S, 1 };
	struct error ignored = { 0 };
	return capture_run(NULL, &probe, &ignored) == 0;
}

const char *
engine_choose(const char *wanted)
{
	char *docker[] = { "docker", "version", "--format", "{{.Server.Version}}", NULL };
	char *buildah[] = { "buildah", "--version", NULL };

	if (wanted)
		return wanted;
	if (answers(docker))
		return "docker";
	if (answers(buildah))
		return "buildah";
	fputs("gen: neither a docker daemon nor buildah answers: planned for docker\n", stderr);
	return "docker";
}
