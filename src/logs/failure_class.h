/* failure_class.h - why a step fails, and what that means for it.  Pure. */
#ifndef GEN_FAILURE_CLASS_H
#define GEN_FAILURE_CLASS_H

#include <stdbool.h>

enum failure_class {
	FAILURE_UNKNOWN,
	FAILURE_OOM,
	FAILURE_COMPILER_CRASH,
	FAILURE_TIMEOUT,
	FAILURE_DISK_FULL,
	FAILURE_NETWORK,
	FAILURE_RATE_LIMIT,
	FAILURE_AUTH,
	FAILURE_BASE_IMAGE_MISSING,
	FAILURE_CUDA_SYMBOL,
	FAILURE_LIBCUDA_STUB,
	FAILURE_PYTHON_CONSTRAINT,
	FAILURE_DEP_CONFLICT,
	FAILURE_SCM_VERSION,
	FAILURE_SOURCE_MISSING,
	FAILURE_COMPILE_ERROR,
	FAILURE_LINK_ERROR,
	FAILURE_PATCH_FAILED,
	FAILURE_BUILDER_LOST,
	FAILURE_ENVIRONMENT,
	FAILURE_IMPORT_CHECK,
	FAILURE_CLASSES		/* how many there are */
};

/* What helps, as far as another attempt does. */
enum remedy {
	REMEDY_FEWER_JOBS,	/* down the ladder, as long as there are rungs */
	REMEDY_FEWER_JOBS_ONCE,	/* one rung down, then something must change */
	REMEDY_WAIT,		/* as it is, after a wait */
	REMEDY_CHANGE,		/* nothing, before something changes */
};

/* What has to change before a step that failed for good is worth another try. */
enum until {
	UNTIL_INPUT,		/* what the image is made of: patch, rule, base, toolkit */
	UNTIL_DEADLINE,		/* that, or a longer deadline */
	UNTIL_JOBS,		/* that, or fewer jobs */
	UNTIL_WORLD,		/* something that no file of the fleet shows: try again next time */
};

/* "oom", "compiler-crash", ... */
const char *failure_class_name(enum failure_class c);

/* Returns false, *out untouched, if no class has that name. */
bool failure_class_parse(enum failure_class *out, const char *name);

enum remedy failure_class_remedy(enum failure_class c);
enum until failure_class_until(enum failure_class c);

/* One line for a person: what to do about it. */
const char *failure_class_advice(enum failure_class c);

/* "input", "deadline", "jobs", "world". */
const char *until_name(enum until u);
bool until_parse(enum until *out, const char *name);

#endif
