/* fields.h - read the members of a JSON object, strictly.  Pure.
 *
 * For fleet.json, which a person wrote: all of it is in memory, as jansson's tree.  JSON that a
 * program wrote is read with json/scanner.h.
 */
#ifndef GEN_FIELDS_H
#define GEN_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "json/values.h"

struct arena;
struct error;

/* An object, and where it stands: "fleet.json" and "/build". */
struct fields {
	json_t *object;
	const char *file;
	const char *pointer;
	struct arena *arena;
	struct error *err;
};

/*
 * In all of these: -1 and err set ("file: pointer: value: reason") for a wrong
 * type or value, 1 if the member is there, 0 if it is not; out is then left as
 * it was, so that it can hold a default.  Texts live as long as the arena.
 */
int fields_string(const char **out, const struct fields *f, const char *name);
int fields_bool(bool *out, const struct fields *f, const char *name);
int fields_long(long *out, const struct fields *f, const char *name, long least, long most);
int fields_object(struct fields *out, const struct fields *f, const char *name);
int fields_array(json_t **out, const struct fields *f, const char *name);

/* An array of strings. */
int fields_strings(const char ***out, size_t *n, const struct fields *f, const char *name);

/* A string, or an array of lines, joined with a newline behind each. */
int fields_text(const char **out, const struct fields *f, const char *name);

/* An object of strings, in the file's order; names are shell variable names. */
int fields_name_values(struct name_value **out, size_t *n, const struct fields *f,
                       const char *name);

/* A string that a shell takes as the name of a variable. */
int fields_variable(const char **out, const struct fields *f, const char *name);

/* As the above, and -1 with err set if the member is not there. */
int fields_needed(const struct fields *f, const char *name);

/* An element of an array as an object: "file: pointer/name/index". */
int fields_element(struct fields *out, const struct fields *f, const char *name, json_t *array,
                   size_t index);

/*
 * Every member's name must be one of known[0..n).
 *
 * Errors:    -1 and err set, naming the nearest known name.
 */
int fields_check_names(const struct fields *f, const char *const *known, size_t n);

/* Say that a member has a wrong value: "file: pointer/name: "value": reason". */
int fields_error(const struct fields *f, const char *name, const char *reason);

/* The nearest of n names to word, NULL if none is near. */
const char *nearest_name(const char *word, const char *const *names, size_t n);

#endif
