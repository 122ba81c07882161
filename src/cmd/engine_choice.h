/* engine_choice.h - which container engine works here.  */
#ifndef GEN_ENGINE_CHOICE_H
#define GEN_ENGINE_CHOICE_H

/*
 * The wanted engine, or, if that is NULL, the first of docker and buildah that
 * answers.  If none does, says so on stderr and returns "docker": planning needs
 * none, and the image step waits for one.
 */
const char *engine_choose(const char *wanted);

#endif
