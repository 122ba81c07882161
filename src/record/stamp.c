#include "record/stamp.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "json/pairs.h"

static const char *const own_keys[] = { "step", "target", "input" };

static bool
is_own_key(const char *key)
{
	for (size_t i = 0; i < sizeof(own_keys) / sizeof(*own_keys); i++)
		if (strcmp(key, own_keys[i]) == 0)
			return true;
	return false;
}

int
stamp_render(struct str *out, enum step step, const char *target, const char *input,
             const struct pairs *result, struct error *err)
{
	for (size_t i = 0; i < result->n; i++)
		if (is_own_key(result->items[i].key))
			return error_set(err, "the step reports \"%s\", a name that only step itself may write",
			                 result->items[i].key);

	str_addf(out, "step=%s\ntarget=%s\ninput=%s\n", step_name(step), target, input ? input : "");
	for (size_t i = 0; i < result->n; i++)
		if (strncmp(result->items[i].key, STAMP_JOURNAL, strlen(STAMP_JOURNAL)) != 0)
			str_addf(out, "%s=%s\n", result->items[i].key, result->items[i].value);
	return 0;
}

static int
expect(const struct pairs *s, const char *key, const char *want, const char *place,
       struct error *err)
{
	const char *have = pairs_get(s, key);
	if (!have || strcmp(have, want) != 0)
		return error_set(err, "%s: %s is \"%s\", not \"%s\"", place, key, have ? have : "",
		                 want);
	return 0;
}

int
stamp_parse(struct pairs *s, const char *text, size_t len, enum step step,
            const char *target, const char *place, struct arena *a, struct error *err)
{
	if (pairs_parse(s, text, len, place, a, err) == 0 &&
	    expect(s, "step", step_name(step), place, err) == 0 &&
	    expect(s, "target", target, place, err) == 0) {
		if (pairs_get(s, "input"))
			return 0;
		error_set(err, "%s: has no line input=", place);
	}
	return error_remedy(err, "remove it, and ninja makes it again");
}
