#include "cmd/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "base/sink.h"
#include "cmd/cmd_generate.h"
#include "cmd/options.h"
#include "cmd/print.h"
#include "json/pairs.h"
#include "os/file.h"
#include "plan/plan.h"
#include "plan/plan_file.h"
#include "plan/planned_write.h"
#include "plan/recipe_diff.h"
#include "plan/recipe_text.h"
#include "status/plan_diff.h"

struct comparing {
	struct options *options;
	char *plan;			/* the file's text, mapped */
	size_t plan_len;
	struct planned before, after;
	struct plan_diff diff;
	struct arena arena;
	struct error err;
};

static int
open_before(struct comparing *c)
{
	int got = file_map(&c->plan, &c->plan_len, PLAN_FILE, &c->err);
	if (got == 0)
		return error_set(&c->err, PLAN_FILE_MISSING);
	return got < 0 ? -1 : 0;
}

/* What is left of the plan on disk, while it goes on as the new one does. */
struct same {
	const char *at, *end;
	bool is;
};

static int
take_same(void *to, const char *bytes, size_t len, struct error *err)
{
	struct same *same = to;
	(void)err;

	same->is = same->is && len <= (size_t)(same->end - same->at) && memcmp(same->at, bytes, len) == 0;
	if (same->is)
		same->at += len;
	return 0;
}

/* Would gen write just what is there?  Of a million images that is said without reading a plan. */
static int
is_same(bool *is, struct comparing *c, const struct plan *plan, const struct surroundings *s)
{
	struct same same = { c->plan, c->plan + c->plan_len, c->plan != NULL };
	struct sink out = { .take = take_same, .to = &same };

	int ret = planned_write(&out, true, plan, s, &c->err);
	sink_dispose(&out);
	*is = same.is && same.at == same.end;
	return ret;
}

/* As gen would write it and read it back: then just what is written is compared. */
static int
take_after(struct comparing *c, const struct plan *plan, const struct surroundings *s)
{
	struct sink out = { 0 };

	int ret = planned_write(&out, true, plan, s, &c->err);
	if (ret == 0)
		ret = planned_read(&c->after, "the plan", str_text(&out.text), out.text.len, &c->arena,
		                   &c->err);
	sink_dispose(&out);
	return ret;
}

/* Of which parts is it made that are not those of the recipe on disk? */
static int
compare_recipes(struct image_change *change, struct comparing *c)
{
	const struct planned_image *x = change->before, *y = change->after;
	struct str after = { 0 };
	const char *before;

	if (!x || !x->input || !y || !y->input || strcmp(x->input, y->input) == 0)
		return 0;
	int there = plan_file_recipe(&before, &c->before, x, x->target, &c->arena, &c->err);
	if (there > 0) {
		recipe_text(&after, &c->after, y, &c->arena);
		recipe_diff(&change->parts, before, str_text(&after), &c->arena);
		str_dispose(&after);
	}
	return there < 0 ? -1 : 0;
}

static int
compare(void *context, const struct plan *plan, const struct surroundings *s, struct error *err)
{
	struct comparing *c = context;
	bool is;
	(void)err;	/* it is c's */

	if (is_same(&is, c, plan, s) < 0)
		return -1;
	if (is)
		return 0;
	if (planned_read(&c->before, PLAN_FILE, c->plan, c->plan_len, &c->arena, &c->err) < 0 ||
	    take_after(c, plan, s) < 0)
		return -1;
	plan_diff(&c->diff, &c->before, &c->after, &c->arena);
	for (size_t i = 0; i < c->diff.n_images; i++)
		if (compare_recipes(&c->diff.images[i], c) < 0)
			return -1;
	return 0;
}

static int
print(struct comparing *c)
{
	struct look look = print_look();
	struct str out = { 0 };

	if (c->options->json)
		plan_diff_json(&out, &c->diff);
	else
		plan_diff_text(&out, &c->diff, &look);
	int ret = print_page(&out, &c->err);
	str_dispose(&out);
	return ret;
}

int
cmd_diff(struct options *options, struct error *err)
{
	struct comparing c = { .options = options };
	int ret = open_before(&c);

	if (ret == 0)
		ret = options_load(options, &c.arena, &c.err);
	if (ret == 0)
		ret = generate_plan(options, compare, &c, &c.err);
	if (ret == 0)
		ret = print(&c);
	if (ret < 0)
		*err = c.err;
	file_unmap(c.plan, c.plan_len);
	arena_dispose(&c.arena);
	return ret;
}
