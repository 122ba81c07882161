/* engine.h - is the container engine there?  */
#ifndef GEN_ENGINE_H
#define GEN_ENGINE_H

#include <stdbool.h>

#include "os/engine_kind.h"

struct arena;

/*
 * Does the engine answer?  docker's daemon is asked by its socket; an engine without a
 * daemon, or one that is reached in another way, is taken to answer.
 */
bool engine_answers(enum engine engine);

/* The folder where the engine keeps images, by its defaults; NULL if it has none here. */
const char *engine_store(enum engine engine, struct arena *a);

#endif
