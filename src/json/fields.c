#include "json/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define NEAREST_LONGEST 63	/* longer words are not compared */

/* A value as it stands in the file, short enough for a message. */
static char *
value_text(json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	if (text && strlen(text) > 80)
		memcpy(text + 77, "...", 4);
	return text;
}

int
fields_error(const struct fields *f, const char *name, const char *reason)
{
	json_t *value = json_object_get(f->object, name);
	char *text = value ? value_text(value) : NULL;

	error_set(f->err, "%s: %s/%s: %s%s%s", f->file, f->pointer, name, text ? text : "",
	          text ? ": " : "", reason);
	free(text);
	return -1;
}

int
fields_needed(const struct fields *f, const char *name)
{
	if (json_object_get(f->object, name))
		return 1;
	return fields_error(f, name, "missing");
}

/* A newline or another control character has no place in a name or a value. */
static bool
is_plain(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			return false;
	return true;
}

int
fields_string(const char **out, const struct fields *f, const char *name)
{
	json_t *value = json_object_get(f->object, name);
	if (!value)
		return 0;
	if (!json_is_string(value))
		return fields_error(f, name, "not a string");
	if (!is_plain(json_string_value(value)))
		return fields_error(f, name, "holds a control character");
	*out = arena_strdup(f->arena, json_string_value(value));
	return 1;
}

int
fields_bool(bool *out, const struct fields *f, const char *name)
{
	json_t *value = json_object_get(f->object, name);
	if (!value)
		return 0;
	if (!json_is_boolean(value))
		return fields_error(f, name, "not true or false");
	*out = json_is_true(value);
	return 1;
}

int
fields_long(long *out, const struct fields *f, const char *name, long least, long most)
{
	json_t *value = json_object_get(f->object, name);
	if (!value)
		return 0;
	json_int_t n = json_integer_value(value);
	if (!json_is_integer(value) || n < least || n > most)
		return fields_error(f, name,
		                    arena_printf(f->arena, "not a whole number from %ld to %ld",
		                                 least, most));
	*out = (long)n;
	return 1;
}

int
fields_object(struct fields *out, const struct fields *f, const char *name)
{
	json_t *value = json_object_get(f->object, name);
	if (!value)
		return 0;
	if (!json_is_object(value))
		return fields_error(f, name, "not an object");
	*out = *f;
	out->object = value;
	out->pointer = arena_printf(f->arena, "%s/%s", f->pointer, name);
	return 1;
}

int
fields_array(json_t **out, const struct fields *f, const char *name)
{
	json_t *value = json_object_get(f->object, name);
	if (!value)
		return 0;
	if (!json_is_array(value))
		return fields_error(f, name, "not an array");
	*out = value;
	return 1;
}

int
fields_element(struct fields *out, const struct fields *f, const char *name, json_t *array,
               size_t index)
{
	*out = *f;
	out->object = json_array_get(array, index);
	out->pointer = arena_printf(f->arena, "%s/%s/%zu", f->pointer, name, index);
	if (json_is_object(out->object))
		return 1;
	return error_set(f->err, "%s: %s: not an object", f->file, out->pointer);
}

int
fields_strings(const char ***out, size_t *n, const struct fields *f, const char *name)
{
	json_t *array = NULL, *value;
	size_t i;

	int there = fields_array(&array, f, name);
	if (there <= 0)
		return there;
	const char **texts = arena_array(f->arena, json_array_size(array), sizeof(*texts));
	json_array_foreach(array, i, value) {
		if (!json_is_string(value))
			return fields_error(f, name, "not an array of strings");
		if (!is_plain(json_string_value(value)))
			return fields_error(f, name, "holds a control character");
		texts[i] = arena_strdup(f->arena, json_string_value(value));
	}
	*out = texts;
	*n = json_array_size(array);
	return 1;
}

int
fields_text(const char **out, const struct fields *f, const char *name)
{
	if (!json_is_array(json_object_get(f->object, name))) {
		int there = fields_string(out, f, name);
		if (there > 0)
			*out = arena_printf(f->arena, "%s\n", *out);
		return there;
	}

	const char **lines = NULL;
	size_t n = 0;
	if (fields_strings(&lines, &n, f, name) < 0)
		return -1;
	struct str text = { 0 };
	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%s\n", lines[i]);
	*out = arena_copy(f->arena, str_text(&text), text.len);
	str_dispose(&text);
	return 1;
}

/* A name that a shell takes as a variable's. */
static bool
is_variable_name(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	if (!*name || !strchr(letters, *name))
		return false;
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
	return !name[n];
}

int
fields_variable(const char **out, const struct fields *f, const char *name)
{
	const char *text;
	int there = fields_string(&text, f, name);
	if (there <= 0)
		return there;
	if (!is_variable_name(text))
		return fields_error(f, name, "not a variable's name");
	*out = text;
	return 1;
}

int
fields_name_values(struct name_value **out, size_t *n, const struct fields *f, const char *name)
{
	struct fields members;
	int there = fields_object(&members, f, name);
	if (there <= 0)
		return there;

	struct name_value *list =
		arena_array(f->arena, json_object_size(members.object), sizeof(*list));
	const char *key;
	json_t *value;
	size_t i = 0;
	json_object_foreach(members.object, key, value) {
		if (!is_variable_name(key))
			return fields_error(&members, key, "not a variable's name");
		if (fields_string(&list[i].value, &members, key) < 0)
			return -1;
		list[i++].name = arena_strdup(f->arena, key);
	}
	*out = list;
	*n = i;
	return 1;
}

/* How many letters must be put in, left out or changed to turn a into b. */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t row[NEAREST_LONGEST + 1];
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);
			corner = row[j];
			size_t least = row[j - 1] < corner ? row[j - 1] : corner;
			row[j] = change < least + 1 ? change : least + 1;
		}
	}
	return row[n];
}

const char *
nearest_name(const char *word, const char *const *names, size_t n)
{
	const char *nearest = NULL;
	size_t least = strlen(word) / 2 + 1;

	if (strlen(word) > NEAREST_LONGEST)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (strlen(names[i]) > NEAREST_LONGEST)
			continue;
		size_t d = edit_distance(word, names[i]);
		if (d < least) {
			least = d;
			nearest = names[i];
		}
	}
	return nearest;
}

static bool
is_one_of(const char *word, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

int
fields_check_names(const struct fields *f, const char *const *known, size_t n)
{
	const char *key;
	json_t *value;

	json_object_foreach(f->object, key, value) {
		if (is_one_of(key, known, n))
			continue;
		const char *near = nearest_name(key, known, n);
		return error_set(f->err, "%s: %s/%.80s: unknown key%s%s%s", f->file, f->pointer, key,
		                 near ? "; did you mean \"" : "", near ? near : "",
		                 near ? "\"?" : "");
	}
	return 0;
}
