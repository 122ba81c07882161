#include "cmd/engine_choice.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "os/capture.h"
#include "os/engine.h"
#include "os/file.h"

#define ANSWER_DEADLINE_S 10.0	/* a daemon under load is slow, not absent */
#define ANSWER_LIMIT 65536

static bool
client_answers(void)
{
	char *argv[] = { "docker", "version", "--format", "{{.Server.Version}}", NULL };
	struct capture probe = { .argv = argv, .limit = ANSWER_LIMIT, .deadline_s = ANSWER_DEADLINE_S,
	                         .quiet = true };
	struct error ignored = { 0 };
	return capture_run(NULL, &probe, &ignored) == 0;
}

/* Has the user given docker's client other daemons than that of the usual socket? */
static bool
has_contexts(void)
{
	struct arena a = { 0 };
	const char *config = getenv("DOCKER_CONFIG"), *home = getenv("HOME");
	bool has = (config && file_exists(arena_printf(&a, "%s/contexts", config))) ||
	           (!config && home && file_exists(arena_printf(&a, "%s/.docker/contexts", home)));
	arena_dispose(&a);
	return has;
}

/* The socket is asked first: to start the client takes longer than to plan a small fleet. */
static bool
docker_answers(void)
{
	return file_in_path("docker") &&
	       (engine_answers(ENGINE_DOCKER) || (has_contexts() && client_answers()));
}

enum engine
engine_choose(enum engine wanted)
{
	if (wanted != ENGINE_NONE)
		return wanted;
	if (docker_answers())
		return ENGINE_DOCKER;
	if (file_in_path("buildah"))
		return ENGINE_BUILDAH;
	program_say("neither a docker daemon nor buildah answers: planned for docker");
	return ENGINE_DOCKER;
}
