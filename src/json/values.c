#include "json/values.h"

#include <stdlib.h>
#include <string.h>

/* Where the name is; v->n if it is not there. */
static size_t
find(const struct values *v, const char *name)
{
	size_t i = 0;
	while (i < v->n && strcmp(v->list[i].name, name) != 0)
		i++;
	return i;
}

void
values_set(struct values *v, const char *name, const char *value)
{
	size_t i = find(v, name);

	v->list[i] = (struct name_value){ name, value };
	v->n += i == v->n;
}

void
values_set_all(struct values *v, const struct name_value *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values_set(v, list[i].name, list[i].value);
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(((const struct name_value *)x)->name, ((const struct name_value *)y)->name);
}

void
values_sort(struct values *v)
{
	if (v->n)
		qsort(v->list, v->n, sizeof(*v->list), by_name);
}

bool
values_has(const struct values *v, const struct name_value *value)
{
	size_t i = find(v, value->name);

	return i < v->n && strcmp(v->list[i].value, value->value) == 0;
}
