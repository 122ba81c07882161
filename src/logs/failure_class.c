#include "logs/failure_class.h"

#include <stddef.h>
#include <string.h>

#include "base/words.h"

static const struct {
	const char *name;
	enum remedy remedy;
	enum until until;
	const char *advice;
} classes[FAILURE_CLASSES] = {
	[FAILURE_UNKNOWN] = { "unknown", REMEDY_FEWER_JOBS_ONCE, UNTIL_INPUT,
		"read the log, then add a patch or a rule that cures it" },
	[FAILURE_OOM] = { "oom", REMEDY_FEWER_JOBS, UNTIL_JOBS,
		"add memory or swap, or lower max_jobs of this image in fleet.json" },
	[FAILURE_COMPILER_CRASH] = { "compiler-crash", REMEDY_FEWER_JOBS_ONCE, UNTIL_INPUT,
		"use another compiler or CUDA toolkit, or patch around the crash" },
	[FAILURE_TIMEOUT] = { "timeout", REMEDY_CHANGE, UNTIL_DEADLINE,
		"raise deadline_s in fleet.json, or use more jobs if memory allows" },
	[FAILURE_DISK_FULL] = { "disk-full", REMEDY_CHANGE, UNTIL_WORLD,
		"free disk space (gen prune removes what can be made again), then run ninja again" },
	[FAILURE_NETWORK] = { "network", REMEDY_WAIT, UNTIL_WORLD,
		"run ninja again when the network works" },
	[FAILURE_RATE_LIMIT] = { "rate-limit", REMEDY_WAIT, UNTIL_WORLD,
		"run ninja again later, or log in to the registry for a higher limit" },
	[FAILURE_AUTH] = { "auth", REMEDY_CHANGE, UNTIL_WORLD,
		"log in (docker login, buildah login) with an account that may do this, then run ninja again" },
	[FAILURE_BASE_IMAGE_MISSING] = { "base-image-missing", REMEDY_CHANGE, UNTIL_WORLD,
		"push the base image, or name another one; gen holds this image while its base is missing" },
	[FAILURE_CUDA_SYMBOL] = { "cuda-symbol", REMEDY_CHANGE, UNTIL_INPUT,
		"for a cu... symbol, load a libcuda (the toolkit's stub) for the check; "
		"for a C++ symbol, use the torch that the objects were compiled against" },
	[FAILURE_LIBCUDA_STUB] = { "libcuda-stub", REMEDY_CHANGE, UNTIL_INPUT,
		"add the toolkit's lib64/stubs to LIBRARY_PATH in the image's environment" },
	[FAILURE_PYTHON_CONSTRAINT] = { "python-constraint", REMEDY_CHANGE, UNTIL_INPUT,
		"widen the Python constraint with a patch, or use a base with another Python" },
	[FAILURE_DEP_CONFLICT] = { "dep-conflict", REMEDY_CHANGE, UNTIL_INPUT,
		"pin other versions, or patch the requirements" },
	[FAILURE_SCM_VERSION] = { "scm-version", REMEDY_CHANGE, UNTIL_INPUT,
		"set SETUPTOOLS_SCM_PRETEND_VERSION in the image's environment" },
	[FAILURE_SOURCE_MISSING] = { "source-missing", REMEDY_CHANGE, UNTIL_INPUT,
		"fetch the commit into the clone, or correct the hash in the mapping" },
	[FAILURE_COMPILE_ERROR] = { "compile-error", REMEDY_CHANGE, UNTIL_INPUT,
		"add a patch to patches/, or use another toolkit" },
	[FAILURE_LINK_ERROR] = { "link-error", REMEDY_CHANGE, UNTIL_INPUT,
		"add a patch to patches/, or install the missing library in the base" },
	[FAILURE_PATCH_FAILED] = { "patch-failed", REMEDY_CHANGE, UNTIL_INPUT,
		"make the patch again, against this commit" },
	[FAILURE_BUILDER_LOST] = { "builder-lost", REMEDY_WAIT, UNTIL_WORLD,
		"start the engine, then run ninja again" },
	[FAILURE_ENVIRONMENT] = { "environment", REMEDY_CHANGE, UNTIL_WORLD,
		"this machine lacks what the line names (a program, a right, a limit): "
		"give it that, then run ninja again" },
	[FAILURE_IMPORT_CHECK] = { "import-check", REMEDY_CHANGE, UNTIL_INPUT,
		"install the missing module in the base, or add a patch" },
};

static const char *const untils[] = {
	[UNTIL_INPUT] = "input",
	[UNTIL_DEADLINE] = "deadline",
	[UNTIL_JOBS] = "jobs",
	[UNTIL_WORLD] = "world",
};

const char *
failure_class_name(enum failure_class c)
{
	return classes[c].name;
}

bool
failure_class_parse(enum failure_class *out, const char *name)
{
	for (unsigned i = 0; i < FAILURE_CLASSES; i++) {
		if (strcmp(classes[i].name, name) == 0) {
			*out = (enum failure_class)i;
			return true;
		}
	}
	return false;
}

enum remedy
failure_class_remedy(enum failure_class c)
{
	return classes[c].remedy;
}

enum until
failure_class_until(enum failure_class c)
{
	return classes[c].until;
}

const char *
failure_class_advice(enum failure_class c)
{
	return classes[c].advice;
}

const char *
until_name(enum until u)
{
	return untils[u];
}

bool
until_parse(enum until *out, const char *name)
{
	unsigned found = WORDS_FIND(untils, name);
	if (found > UNTIL_WORLD)
		return false;
	*out = (enum until)found;
	return true;
}
