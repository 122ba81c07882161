/* engine_kind.h - which container engines there are, by name.  Pure. */
#ifndef GEN_ENGINE_KIND_H
#define GEN_ENGINE_KIND_H

/* Zero is none: nothing says which, or in a word of another version. */
enum engine { ENGINE_NONE, ENGINE_DOCKER, ENGINE_BUILDAH, ENGINES };

/* "docker", "buildah"; "" for ENGINE_NONE. */
const char *engine_name(enum engine e);

/* ENGINE_NONE if no engine has that name.  name may be NULL. */
enum engine engine_parse(const char *name);

#endif
