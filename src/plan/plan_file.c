#include "plan/plan_file.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "os/file.h"
#include "plan/planned.h"
#include "plan/recipe_text.h"

int
plan_file_read(struct planned *out, struct arena *a, struct error *err)
{
	char *text;
	size_t len;
	int got = file_map(&text, &len, PLAN_FILE, err);

	if (got > 0 && planned_read(out, PLAN_FILE, text, len, a, err) < 0)
		got = -1;
	file_unmap(text, len);
	return got;
}

int
plan_file_find(struct planned *fleet, struct planned_image *image, const char *target,
               struct arena *a, struct error *err)
{
	char *text;
	size_t len;
	int got = file_map(&text, &len, PLAN_FILE, err);

	if (got > 0)
		got = planned_read_one(fleet, image, target, PLAN_FILE, text, len, a, err);
	file_unmap(text, len);
	return got;
}

int
plan_file_recipe(const char **text, const struct planned *fleet,
                 const struct planned_image *image, const char *target, struct arena *a,
                 struct error *err)
{
	struct str whole = { 0 };
	size_t len;

	if (!image || image->decision != DECISION_BUILD || !image->tree)
		return file_read_if_there(text, &len, arena_printf(a, "out/recipes/%s", target), 0, a, err);
	recipe_text(&whole, fleet, image, a);
	*text = arena_strdup(a, str_text(&whole));
	str_dispose(&whole);
	return 1;
}
