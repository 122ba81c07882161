/* steps.h - the steps of an image, and how their files are called.  Pure. */
#ifndef GEN_STEPS_H
#define GEN_STEPS_H

#include <stdbool.h>

struct arena;

/* In the order in which they run. */
enum step { STEP_SOURCE, STEP_PATCH, STEP_IMAGE, STEP_VERIFY, STEP_PUSH, STEPS };

/* "source", "patch", "image", "verify", "push". */
const char *step_name(enum step s);

/* Returns false, *out untouched, if no step has that name.  name may be NULL. */
bool step_parse(enum step *out, const char *name);

/* out/stamps/TARGET.STEP: there once the step has succeeded. */
const char *step_stamp_path(const char *target, enum step s, struct arena *a);

/* out/run/TARGET.STEP: locked while the step is at work. */
const char *step_lock_path(const char *target, enum step s, struct arena *a);

#endif
