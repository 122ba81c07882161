/* engine_choice.h - which container engine works here.  */
#ifndef GEN_ENGINE_CHOICE_H
#define GEN_ENGINE_CHOICE_H

#include "os/engine_kind.h"

/*
 * The wanted engine, or, if that is ENGINE_NONE, the first of docker and buildah that
 * answers.  If none does, says so on stderr and returns docker: planning needs
 * none, and the image step waits for one.
 */
enum engine engine_choose(enum engine wanted);

#endif
