#include "cmd/commands.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/print.h"
#include "cmd/status_read.h"
#include "json/pairs.h"
#include "os/capture.h"
#include "os/file.h"
#include "plan/plan_file.h"
#include "plan/recipe_diff.h"
#include "registry/registry_answers.h"
#include "registry/registry_cache.h"
#include "status/explain_page.h"
#include "status/page.h"
#include "status/page_text.h"
#include "status/report_json.h"

#define NINJA_LIMIT ((size_t)1024 * 1024)
#define NINJA_DEADLINE_S 20.0

struct explaining {
	struct status_files files;
	struct explanation explanation;
	struct arena arena;
	struct error err;
};

/* When the repository of the image was asked; what is not known is no error here. */
static int64_t
asked_at(struct explaining *x, const char *image)
{
	struct image_ref ref;
	struct str name = { 0 };
	const char *text;
	size_t len;
	int64_t at = -1;

	if (image_ref_parse(&ref, image, &x->arena, NULL) == 0 &&
	    file_read_if_there(&text, &len, REGISTRY_ANSWERS_FOLDER "/asked", 0, &x->arena, NULL) > 0) {
		registry_cache_name(&name, ref.registry, ref.repository);
		at = registry_cache_asked_at(str_text(&name), text, len);
	}
	str_dispose(&name);
	return at;
}

/* Does a stamp say that the image was made from the recipe in text? */
static bool
was_made_from(const struct made *made, const char *text, struct arena *a)
{
	struct pairs recipe = { 0 };
	bool is = false;

	if (pairs_parse(&recipe, text, strlen(text), "recipe", a, NULL) == 0) {
		const char *input = pairs_get(&recipe, "input");
		is = input && ((made->image_input && strcmp(input, made->image_input) == 0) ||
		               (made->pushed_input && strcmp(input, made->pushed_input) == 0));
	}
	pairs_dispose(&recipe);
	return is;
}

/* What is not what it was when the image was built here; nothing, if that is not known. */
static int
read_changes(struct explaining *x)
{
	struct explanation *e = &x->explanation;
	const char *target = e->row->target, *before, *after;
	size_t len;

	if (!e->row->stale)
		return 0;
	int there = file_read_if_there(&before, &len, arena_printf(&x->arena, "out/built/%s", target), 0,
	                               &x->arena, &x->err);
	if (there <= 0 || !was_made_from(e->row->made, before, &x->arena))
		return there < 0 ? -1 : 0;
	there = plan_file_recipe(&after, &x->files.planned, e->row->planned, target, &x->arena, &x->err);
	if (there > 0) {
		recipe_diff(&e->changes, before, after, &x->arena);
		e->was_built = true;
	}
	return there < 0 ? -1 : 0;
}

/* The commands of the build file; none, where ninja or the build file is not there. */
static void
ask_ninja(struct explaining *x)
{
	struct explanation *e = &x->explanation;
	char *argv[] = { (char *)"ninja", (char *)"-t", (char *)"commands",
	                 arena_strdup(&x->arena, e->row->target), NULL };
	struct capture c = { .argv = argv, .limit = NINJA_LIMIT, .deadline_s = NINJA_DEADLINE_S, .quiet = true };
	struct str said = { 0 };

	if (file_exists("build.ninja") && capture_run(&said, &c, NULL) == 0) {
		char *text = arena_strdup(&x->arena, str_text(&said)), *rest = NULL;
		size_t most = 1;
		for (const char *p = text; *p; p++)
			most += *p == '\n';
		e->commands.list = arena_array(&x->arena, most, sizeof(*e->commands.list));
		for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			e->commands.list[e->commands.n++] = line;
	}
	str_dispose(&said);
}

static int
gather(struct explaining *x, struct options *options)
{
	struct explanation *e = &x->explanation;

	if (status_files_read(&x->files, options, &x->arena, &x->err) < 0 ||
	    status_files_find(&e->row, &x->files, options->words[0], &x->err) < 0)
		return -1;
	e->status = &x->files.status;
	e->asked_s = e->row->planned ? asked_at(x, e->row->planned->image) : -1;
	if (options->json)
		return 0;
	if (read_changes(x) < 0 || status_files_read_excerpts(&x->files, &x->arena, &x->err) < 0)
		return -1;
	ask_ninja(x);
	return 0;
}

static int
print(struct explaining *x, const struct options *options)
{
	struct look look = print_look();
	struct page page = { .form = IN_TEXT, .arena = &x->arena };
	struct str out = { 0 };

	look.whole = true;
	if (options->json) {
		report_json_image(&out, x->explanation.status, x->explanation.row);
	} else {
		explain_page(&page, &x->explanation, &(struct section){ .level = 1 });
		page_print_text(&out, &page, &look);
	}
	int ret = print_page(&out, &x->err);
	str_dispose(&out);
	return ret;
}

int
cmd_explain(struct options *options, struct error *err)
{
	struct explaining x = { 0 };

	int ret = gather(&x, options);
	if (ret == 0)
		ret = print(&x, options);
	if (ret < 0)
		*err = x.err;
	status_files_dispose(&x.files);
	arena_dispose(&x.arena);
	return ret;
}
