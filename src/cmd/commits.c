#include "cmd/commits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "cmd/options.h"
#include "core/entry.h"
#include "core/fleet.h"
#include "core/plan.h"
#include "core/utf8.h"
#include "io/file.h"
#include "io/gitrepo.h"

#define PATCHES "patches"

int
commits_open(struct gitrepo **out, const struct fleet *fleet, const struct options *options,
             struct error *err)
{
	const char *path = options->repo ? options->repo : fleet->source_path;

	if (options->repo || file_exists(path))
		return gitrepo_open(out, path, err);
	if (!fleet->source_url)
		return error_set(err, "%s: /source/path: \"%s\": no clone there, and no url to make one from",
		                 options->fleet_file, path);
	if (options->offline)
		return error_set(err, "%s: no clone there, and --offline forbids to make one", path);
	fprintf(stderr, "gen: cloning %s\n", fleet->source_url);
	return gitrepo_clone(out, fleet->source_url, path, isatty(STDERR_FILENO), err);
}

static int
resolve(char hex[COMMIT_ID_HEX + 1], const struct entry *e, const struct fleet *fleet,
        struct gitrepo *g, struct error *err)
{
	struct commit_id id;

	if (strlen(hex) == COMMIT_ID_HEX)
		return 0;
	int found = gitrepo_resolve(&id, g, hex, err);
	if (found > 0) {
		memcpy(hex, id.hex, sizeof(id.hex));
		return 0;
	}
	if (found == 0)
		error_set(err, "\"%s\": no commit in the clone begins so", hex);
	struct str place = { 0 };
	entry_place(&place, &fleet->mappings[e->mapping], e);
	error_prefix(err, "%s", str_text(&place));
	str_dispose(&place);
	return -1;
}

/* Returns 1 the clone has it, 0 it has not, -1 and err set. */
static int
has_commit(struct gitrepo *g, const char *hex, struct error *err)
{
	struct commit_id id;
	return gitrepo_resolve(&id, g, hex, err);
}

/* Is a commit missing?  What is ambiguous is not; whoever needs it says so, with its place. */
static bool
lacks_any(const struct entries *e, struct gitrepo *g)
{
	for (size_t i = 0; i < e->n; i++) {
		struct error ignored = { 0 };
		if (has_commit(g, e->list[i].human, &ignored) == 0 ||
		    has_commit(g, e->list[i].parent, &ignored) == 0)
			return true;
	}
	return false;
}

static void
fetch(struct gitrepo *g, const char *url)
{
	struct error why = { 0 };

	fprintf(stderr, "gen: fetching %s: a mapped commit is not in the clone\n", url);
	if (gitrepo_fetch(g, url, isatty(STDERR_FILENO), &why) < 0)
		fprintf(stderr, "gen: fetch failed, going on without: %s\n", why.text);
}

int
commits_resolve(struct entries *e, const struct fleet *fleet, struct gitrepo *g, bool offline,
                struct error *err)
{
	if (!offline && fleet->source_url && lacks_any(e, g))
		fetch(g, fleet->source_url);
	for (size_t i = 0; i < e->n; i++)
		if (resolve(e->list[i].human, &e->list[i], fleet, g, err) < 0 ||
		    resolve(e->list[i].parent, &e->list[i], fleet, g, err) < 0)
			return -1;
	return 0;
}

/* Is human^1 the parent that the mapping says? */
static int
check_human(struct image *image, const struct entry *e, struct gitrepo *g, struct arena *a,
            struct error *err)
{
	struct commit_id human;
	struct commit_info info;

	int found = gitrepo_resolve(&human, g, e->human, err);
	if (found < 0)
		return -1;
	if (!found) {
		image->problem = arena_printf(a, "commit not found: human %s is not in the clone", e->human);
		return 0;
	}
	if (gitrepo_commit_info(&info, g, &human, a, err) < 0)
		return -1;
	if (!commit_id_equal(&info.first_parent, &image->parent))
		image->problem = arena_printf(a, "parent is wrong: git says that the parent of human %s is %s",
		                              e->human, *info.first_parent.hex ? info.first_parent.hex : "none");
	return 0;
}

static int
check_image(struct image *image, struct gitrepo *g, struct arena *a, struct error *err)
{
	struct commit_id id;
	struct commit_info info;

	int found = gitrepo_resolve(&id, g, image->parent.hex, err);
	if (found < 0)
		return -1;
	if (!found) {
		image->problem = "commit not found: the parent is not in the clone";
		return 0;
	}
	if (gitrepo_commit_info(&info, g, &id, a, err) < 0)
		return -1;
	memcpy(image->tree, info.tree.hex, sizeof(image->tree));
	image->time_s = info.time_s;
	struct str subject = { 0 };
	utf8_add_clean(&subject, info.subject);	/* git holds any bytes, JSON does not */
	image->subject = arena_strdup(a, str_text(&subject));
	str_dispose(&subject);
	for (size_t i = 0; i < image->n_entries && !image->problem; i++)
		if (check_human(image, &image->entries[i], g, a, err) < 0)
			return -1;
	return 0;
}

int
commits_check(struct plan *plan, struct gitrepo *g, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < plan->n_images; i++)
		if (check_image(&plan->images[i], g, a, err) < 0)
			return -1;
	return 0;
}

/* ---- what belongs to nothing ---- */

static int
compare_image_id(const void *key, const void *image)
{
	return strncmp(key, ((const struct image *)image)->id, COMMIT_ID_SHORT);
}

static bool
has_image(const struct plan *plan, const char *prefix)
{
	return plan->n_images && strlen(prefix) >= COMMIT_ID_SHORT &&
	       bsearch(prefix, plan->images, plan->n_images, sizeof(*plan->images), compare_image_id);
}

int
commits_warn_unused(const struct plan *plan, struct error *err)
{
	struct arena scratch = { 0 };
	const char **names;
	size_t n;

	int ret = file_list(&names, &n, PATCHES, &scratch, err);
	for (size_t i = 0; ret == 0 && i < n; i++)
		if (strlen(names[i]) != COMMIT_ID_SHORT || !has_image(plan, names[i]))
			fprintf(stderr, "gen: " PATCHES "/%s: no mapped parent has these first 12 digits; not used\n",
			        names[i]);
	const struct fleet *fleet = plan->fleet;
	for (size_t i = 0; i < fleet->n_commits; i++)
		if (!has_image(plan, fleet->commits[i].prefix))
			fprintf(stderr, "gen: %s: /commits/%s: no mapped parent begins so; not used\n",
			        fleet->mappings[fleet->n_mappings].file, fleet->commits[i].prefix);
	arena_dispose(&scratch);
	return ret;
}
