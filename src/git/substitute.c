#include "git/substitute.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "git/gitrepo.h"
#include "git/substitution.h"

struct paths {
	const char **at;
	size_t n;
	size_t cap;
};

/* 1 met, 0 not met, -1 and err set. */
static int
condition_met(struct gitrepo *g, const struct tree_id *tree, const struct substitution *s,
              struct arena *a, struct error *err)
{
	const char **files;
	size_t n;
	if (!s->when_file)
		return 1;
	if (gitrepo_glob(&files, &n, g, tree, s->when_file, a, err) < 0)
		return -1;
	if (!s->when_contains)
		return n > 0;

	for (size_t i = 0; i < n; i++) {
		const char *text;
		size_t len;
		int there = gitrepo_read_file(&text, &len, g, tree, files[i], a, err);
		if (there < 0)
			return -1;
		if (there && text_contains(text, len, s->when_contains))
			return 1;
	}
	return 0;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All paths that some pattern of s matches, each once. */
static int
gather_paths(struct paths *all, struct gitrepo *g, const struct tree_id *tree,
             const struct substitution *s, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < s->n_files; i++) {
		const char **found;
		size_t n;
		if (gitrepo_glob(&found, &n, g, tree, s->files[i], a, err) < 0)
			return -1;
		for (size_t j = 0; j < n; j++) {
			all->at = memory_grow(all->at, &all->cap, all->n, sizeof(*all->at));
			all->at[all->n++] = found[j];
		}
	}
	if (all->n == 0)
		return 0;

	qsort(all->at, all->n, sizeof(*all->at), compare_texts);
	size_t kept = 1;
	for (size_t i = 1; i < all->n; i++)
		if (strcmp(all->at[i], all->at[kept - 1]) != 0)
			all->at[kept++] = all->at[i];
	all->n = kept;
	return 0;
}

static int
substitute_file(struct str *diff, struct gitrepo *g, const struct tree_id *tree,
                const char *path, const struct substitution *s, struct arena *a,
                struct error *err)
{
	const char *old;
	size_t len;
	int there = gitrepo_read_file(&old, &len, g, tree, path, a, err);
	if (there <= 0 || !text_contains(old, len, s->from))
		return there < 0 ? -1 : 0;

	unsigned mode;
	if (gitrepo_file_mode(&mode, g, tree, path, err) < 0)
		return -1;
	struct str new = { 0 };
	substitution_apply(&new, old, len, s->from, s->to);
	int ret = gitrepo_diff_text(diff, path, mode, old, len, str_text(&new), new.len, err);
	str_dispose(&new);
	return ret;
}

static int
substitute_all(struct str *diff, struct gitrepo *g, const struct tree_id *tree,
               const struct substitution *s, struct arena *a, struct error *err)
{
	struct paths paths = { 0 };
	size_t before = diff->len;
	int ret = gather_paths(&paths, g, tree, s, a, err);

	for (size_t i = 0; ret == 0 && i < paths.n; i++)
		ret = substitute_file(diff, g, tree, paths.at[i], s, a, err);
	if (ret == 0 && diff->len == before)
		ret = error_set(err, "changes nothing in tree %.12s", tree->hex);
	free(paths.at);
	return ret;
}

int
gitrepo_substitute(struct str *diff, bool *matched, struct gitrepo *g,
                   const struct tree_id *tree, const struct substitution *s, struct arena *a,
                   struct error *err)
{
	int met = condition_met(g, tree, s, a, err);
	*matched = met == 1;
	if (met == 0)
		return 0;
	if (met < 0 || substitute_all(diff, g, tree, s, a, err) < 0)
		return error_prefix(err, "substitution \"%s\"", s->name);
	return 0;
}
