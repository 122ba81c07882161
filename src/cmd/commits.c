#include "cmd/commits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sink.h"
#include "cmd/options.h"
#include "core/commit_facts.h"
#include "core/entry.h"
#include "core/fleet.h"
#include "core/plan.h"
#include "io/file.h"
#include "io/file_writer.h"
#include "io/gitrepo.h"

#define PATCHES "patches"
#define FACTS "out/commits"

int
commits_open(struct gitrepo **out, const struct fleet *fleet, const struct options *options,
             struct error *err)
{
	const char *path = options->repo ? options->repo : fleet->source_path;

	if (options->repo)
		return gitrepo_open(out, path, err);
	if (file_exists(path))
		return gitrepo_open(out, path, err) < 0 ? error_remedy(err, "--repo names another clone") : 0;
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

/* Is it missing?  What is ambiguous is not; whoever needs it says so, with its place. */
static bool
lacks(struct gitrepo *g, const char *hex)
{
	struct error ignored = { 0 };
	struct commit_id id;

	if (strlen(hex) == COMMIT_ID_HEX)
		return !gitrepo_has(g, hex);
	return gitrepo_resolve(&id, g, hex, &ignored) == 0;
}

static bool
lacks_any(const struct entries *e, struct gitrepo *g)
{
	for (size_t i = 0; i < e->n; i++)
		if (lacks(g, e->list[i].human) || lacks(g, e->list[i].parent))
			return true;
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

/* ---- what the commits say ---- */

struct checking {
	struct plan *plan;
	struct gitrepo *git;
	struct commit_facts facts;	/* in scratch */
	struct arena scratch;
	struct arena *arena;		/* the plan's */
	struct error *err;
};

/* What a commit says, in *out; NULL if the clone has no such commit. */
static int
know(const struct commit_fact **out, struct checking *c, const char *hex)
{
	struct commit_fact *fact = commit_facts_find(&c->facts, hex);

	*out = NULL;
	if (!fact) {
		struct commit_info info;
		int found = gitrepo_find_commit(&info, c->git, hex, &c->scratch, c->err);
		if (found <= 0)
			return found;
		fact = commit_facts_add(&c->facts, hex, info.tree.hex, info.first_parent.hex, info.time_s,
		                        info.subject);
		fact->there = true;
	} else if (!fact->asked) {
		fact->there = gitrepo_has(c->git, hex);
	}
	fact->asked = true;
	*out = fact->there ? fact : NULL;
	return 0;
}

/* Is human^1 the parent that the mapping says? */
static int
check_human(struct image *image, const struct entry *e, struct checking *c)
{
	const struct commit_fact *human;

	if (know(&human, c, e->human) < 0)
		return -1;
	if (!human)
		image->problem = arena_printf(c->arena, "commit not found: human %s is not in the clone",
		                              e->human);
	else if (memcmp(commit_fact_first_parent(human), image->parent.hex, COMMIT_ID_HEX) != 0)
		image->problem = arena_printf(c->arena, "parent is wrong: git says that the parent of human %s is %.*s",
		                              e->human, commit_fact_is_root(human) ? 4 : COMMIT_ID_HEX,
		                              commit_fact_is_root(human) ? "none" : commit_fact_first_parent(human));
	return 0;
}

static int
check_image(struct image *image, struct checking *c)
{
	const struct commit_fact *parent;
	size_t len;

	if (know(&parent, c, image->parent.hex) < 0)
		return -1;
	if (!parent) {
		image->problem = "commit not found: the parent is not in the clone";
		return 0;
	}
	memcpy(image->tree, commit_fact_tree(parent), COMMIT_ID_HEX);
	image->time_s = commit_fact_time(parent);
	const char *subject = commit_fact_subject(parent, &len);
	image->subject = arena_copy(c->arena, subject, len);
	for (size_t i = 0; i < image->n_entries && !image->problem; i++)
		if (check_human(image, &image->entries[i], c) < 0)
			return -1;
	return 0;
}

static int
read_facts(struct checking *c)
{
	const char *text = NULL;
	size_t len = 0;

	if (file_read_if_there(&text, &len, FACTS, 0, &c->scratch, c->err) < 0)
		return -1;
	commit_facts_init(&c->facts, text, len, c->plan->n_images + c->plan->n_entries, &c->scratch);
	return 0;
}

static int
write_facts(struct checking *c)
{
	struct file_writer *w = file_writer_new(FACTS);
	struct sink out = { .take = file_writer_take, .to = w };

	int ret = commit_facts_write(&out, &c->facts, c->err);
	if (ret == 0 && file_writer_end(w, c->err) < 0)
		ret = -1;
	sink_dispose(&out);
	file_writer_free(w);
	return ret;
}

static int
check_images(struct checking *c)
{
	for (size_t i = 0; i < c->plan->n_images; i++)
		if (check_image(&c->plan->images[i], c) < 0)
			return -1;
	return 0;
}

int
commits_check(struct plan *plan, struct gitrepo *g, bool keep, struct arena *a, struct error *err)
{
	struct checking c = { .plan = plan, .git = g, .arena = a, .err = err };
	int ret = -1;

	if (read_facts(&c) == 0 && check_images(&c) == 0)
		ret = keep ? write_facts(&c) : 0;
	arena_dispose(&c.scratch);
	return ret;
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

static bool
is_readme(const char *name)
{
	return strncmp(name, "README", 6) == 0 && (!name[6] || name[6] == '.');
}

int
commits_warn_unused(const struct plan *plan, struct error *err)
{
	struct arena scratch = { 0 };
	const char **names;
	size_t n;

	int ret = file_list(&names, &n, PATCHES, &scratch, err);
	for (size_t i = 0; ret == 0 && i < n; i++)
		if (!is_readme(names[i]) &&
		    (strlen(names[i]) != COMMIT_ID_SHORT || !has_image(plan, names[i])))
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
