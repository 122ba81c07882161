/* values.h - lists of names and their values.  Pure. */
#ifndef GEN_VALUES_H
#define GEN_VALUES_H

#include <stdbool.h>
#include <stddef.h>

struct name_value {
	const char *name;
	const char *value;
};

/* The list has room for all that is put there. */
struct values {
	struct name_value *list;
	size_t n;
};

/* Set a name's value; a name that is there already gets another one. */
void values_set(struct values *v, const char *name, const char *value);
void values_set_all(struct values *v, const struct name_value *list, size_t n);

/* By name. */
void values_sort(struct values *v);

/* Does v have just this value of this name? */
bool values_has(const struct values *v, const struct name_value *value);

#endif
