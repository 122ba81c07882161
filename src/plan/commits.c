#include "plan/commits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sink.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "git/commit_facts.h"
#include "git/gitrepo.h"
#include "os/file.h"
#include "os/file_writer.h"
#include "plan/plan.h"

#define PATCHES "patches"
#define FACTS "out/commits"

int
commits_open(struct gitrepo **out, const struct fleet *fleet, const char *repo, bool offline,
             struct error *err)
{
	const char *path = repo ? repo : fleet->source_path;

	if (repo)
		return gitrepo_open(out, path, err);
	if (file_exists(path))
		return gitrepo_open(out, path, err) < 0 ? error_remedy(err, "--repo names another clone") : 0;
	if (!fleet->source_url)
		return error_set(err, "%s: /source/path: \"%s\": no clone is there, and /source/url names none to make it from",
		                 fleet->file, path);
	if (offline)
		return error_set(err, "%s: no clone is there, and --offline forbids making one", path);
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
		error_set(err, "\"%s\": no commit in the clone begins with it", hex);
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

	fprintf(stderr, "gen: fetching %s, because the clone lacks a mapped commit\n", url);
	if (gitrepo_fetch(g, url, isatty(STDERR_FILENO), &why) < 0)
		fprintf(stderr, "gen: the fetch failed; going on without it: %s\n", why.text);
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
	struct commit_facts known;	/* from an earlier run */
	struct sink out;		/* for the next */
	struct str line;		/* what git has just said */
	struct arena *arena;		/* the plan's */
	struct error *err;
};

/* The line of a commit, in *out; NULL if the clone has no such commit. */
static int
know(const char **out, struct checking *c, const char *hex)
{
	struct arena scratch = { 0 };
	struct commit_info info;

	*out = commit_facts_next(&c->known, hex);
	if (*out) {
		str_add_bytes(&c->out.text, *out, commit_fact_len(*out));
		if (!gitrepo_has(c->git, hex))
			*out = NULL;
		return 0;
	}
	int found = gitrepo_find_commit(&info, c->git, hex, &scratch, c->err);
	if (found > 0) {
		str_clear(&c->line);
		commit_fact_add(&c->line, hex, info.tree.hex, info.first_parent.hex, info.time_s,
		                info.subject);
		str_add_bytes(&c->out.text, c->line.data, c->line.len);
		*out = c->line.data;
	}
	arena_dispose(&scratch);
	return found < 0 ? -1 : 0;
}

static void
take_parent(struct image *image, const char *fact, struct arena *a)
{
	size_t len;

	if (!fact) {
		image->git.problem = "commit not found: the parent is not in the clone";
		return;
	}
	memcpy(image->git.tree, commit_fact_tree(fact), COMMIT_ID_HEX);
	image->git.time_s = commit_fact_time(fact);
	const char *subject = commit_fact_subject(fact, &len);
	image->git.subject = arena_copy(a, subject, len);
}

static int
compare_parent(const void *entry, const void *image)
{
	return strcmp(((const struct entry *)entry)->parent, ((const struct image *)image)->parent.hex);
}

/* Is human^1 the parent that the mapping says?  What was wrong before it stays the problem. */
static void
check_human(const struct entry *e, const char *fact, struct checking *c)
{
	if (fact && memcmp(commit_fact_first_parent(fact), e->parent, COMMIT_ID_HEX) == 0)
		return;
	struct image *image = bsearch(e, c->plan->images, c->plan->n_images, sizeof(*image),
	                              compare_parent);
	const char **problem = &image->git.problem;
	if (*problem)
		return;
	if (!fact)
		*problem = arena_printf(c->arena, "commit not found: human %s is not in the clone", e->human);
	else
		*problem = arena_printf(c->arena, "parent is wrong: git says that the parent of human %s is %.*s",
		                        e->human, commit_fact_is_root(fact) ? 4 : COMMIT_ID_HEX,
		                        commit_fact_is_root(fact) ? "none" : commit_fact_first_parent(fact));
}

/* All commits in the order of their ids, as the facts are: parents and humans side by side. */
static int
check_all(struct checking *c)
{
	const struct plan *plan = c->plan;
	size_t i = 0, h = 0;

	str_adds(&c->out.text, COMMIT_FACTS_HEAD);
	while (i < plan->n_images || h < plan->n_entries) {
		const char *parent = i < plan->n_images ? plan->images[i].parent.hex : NULL;
		const char *human = h < plan->n_entries ? plan->by_human[h]->human : NULL;
		const char *id = !human || (parent && strcmp(parent, human) < 0) ? parent : human, *fact;

		if (know(&fact, c, id) < 0)
			return -1;
		if (parent && strcmp(parent, id) == 0)
			take_parent(&plan->images[i++], fact, c->arena);
		for (; h < plan->n_entries && strcmp(plan->by_human[h]->human, id) == 0; h++)
			check_human(plan->by_human[h], fact, c);
		if (sink_flow(&c->out, c->err) < 0)
			return -1;
	}
	return sink_end(&c->out, c->err);
}

/* Takes what is not to be kept. */
static int
drop(void *to, const char *bytes, size_t len, struct error *err)
{
	(void)to, (void)bytes, (void)len, (void)err;
	return 0;
}

int
commits_check(struct plan *plan, struct gitrepo *g, bool keep, struct arena *a, struct error *err)
{
	struct checking c = { .plan = plan, .git = g, .arena = a, .err = err };
	struct file_writer *w = file_writer_new(FACTS);
	char *text;
	size_t len;

	c.out.take = keep ? file_writer_take : drop;
	c.out.to = w;
	int ret = file_map(&text, &len, FACTS, err);
	if (ret >= 0) {
		commit_facts_start(&c.known, text, len);
		ret = check_all(&c);
		if (ret == 0 && keep)
			ret = file_writer_end(w, err);
		file_unmap(text, len);
	}
	sink_dispose(&c.out);
	str_dispose(&c.line);
	file_writer_free(w);
	return ret < 0 ? -1 : 0;
}

/* ---- what belongs to nothing ---- */

static int
compare_image_id(const void *key, const void *image)
{
	return strncmp(key, image_id(image), COMMIT_ID_SHORT);
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
			fprintf(stderr, "gen: %s: /commits/%s: no mapped parent begins with these digits; not used\n",
			        fleet->mappings[fleet->n_mappings].file, fleet->commits[i].prefix);
	arena_dispose(&scratch);
	return ret;
}
