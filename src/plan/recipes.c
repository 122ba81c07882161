#include "plan/recipes.h"

#include "base/arena.h"
#include "base/str.h"
#include "json/pairs.h"
#include "os/file.h"
#include "plan/recipe_book.h"

int
recipes_open(struct recipes *out, struct error *err)
{
	return file_map(&out->book, &out->len, RECIPE_BOOK, err) < 0 ? -1 : 0;
}

void
recipes_close(struct recipes *r)
{
	file_unmap(r->book, r->len);
	*r = (struct recipes){ 0 };
}

int
recipes_read(struct pairs *out, const struct recipes *r, const char *target, struct arena *a,
             struct error *err)
{
	int there = recipe_book_read(out, r->book, r->len, target, RECIPE_BOOK, a, err);

	return there > 0 && pairs_get(out, "held") ? 0 : there;
}

int
recipes_text(const char **text, const struct recipes *r, const char *target, struct arena *a,
             struct error *err)
{
	struct pairs pairs = { 0 };
	struct str whole = { 0 };
	size_t len;

	int there = recipes_read(&pairs, r, target, a, err);
	if (there > 0) {
		recipe_text(&whole, target, &pairs, a);
		*text = arena_strdup(a, str_text(&whole));
	} else if (there == 0) {
		there = file_read_if_there(text, &len, arena_printf(a, "out/recipes/%s", target), 0, a, err);
	}
	str_dispose(&whole);
	pairs_dispose(&pairs);
	return there;
}
