/* Which files of a tree match a pattern. */
#include "git/gitrepo.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/str.h"
#include "git/gitrepo_lib.h"

struct glob {
	git_pathspec *spec;	/* NULL: everything matches */
	const char *fixed;	/* what the pattern starts with, before its first wildcard */
	size_t fixed_len;
	struct str path;	/* of the folder being walked, with a slash behind it */
	const char **found;
	size_t n_found;
	size_t cap;
	struct arena *arena;
};

/* Can anything below this folder (its path ends in a slash) match? */
static bool
worth_a_walk(const struct glob *w)
{
	size_t common = w->path.len < w->fixed_len ? w->path.len : w->fixed_len;
	return memcmp(w->path.data, w->fixed, common) == 0;
}

static void
glob_add(struct glob *w, const char *path)
{
	w->found = memory_grow(w->found, &w->cap, w->n_found, sizeof(*w->found));
	w->found[w->n_found++] = arena_strdup(w->arena, path);
}

static void
glob_cut(struct glob *w, size_t len)
{
	w->path.len = len;
	if (w->path.data)
		w->path.data[len] = '\0';
}

static int
glob_walk(struct glob *w, struct gitrepo *g, const git_oid *oid, struct error *err)
{
	git_tree *tree;
	size_t here = w->path.len;
	int ret = 0;

	if (gitrepo_lookup_tree(&tree, g, oid, err) < 0)
		return -1;
	for (size_t i = 0; i < git_tree_entrycount(tree) && ret == 0; i++) {
		const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
		str_adds(&w->path, git_tree_entry_name(entry));
		if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
			str_add(&w->path, '/');
			if (worth_a_walk(w))
				ret = glob_walk(w, g, git_tree_entry_id(entry), err);
		} else if (!w->spec || git_pathspec_matches_path(w->spec, 0, w->path.data) == 1) {
			glob_add(w, w->path.data);
		}
		glob_cut(w, here);
	}
	git_tree_free(tree);
	return ret;
}

/* A path without a wildcard: the file itself, or all that is in the folder. */
static int
glob_literal(struct glob *w, struct gitrepo *g, git_tree *root, const char *text,
             struct error *err)
{
	size_t len = strlen(text);
	while (len && text[len - 1] == '/')
		len--;
	const char *path = arena_copy(w->arena, text, len);
	git_tree_entry *entry;
	int ret = gitrepo_find_entry(&entry, g, root, path, err);
	if (ret <= 0)
		return ret;
	ret = 0;
	if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
		str_addf(&w->path, "%s/", path);
		ret = glob_walk(w, g, git_tree_entry_id(entry), err);
	} else {
		glob_add(w, path);
	}
	git_tree_entry_free(entry);
	return ret;
}

static int
glob_pattern(struct glob *w, struct gitrepo *g, git_tree *root, const char *pattern,
             struct error *err)
{
	char *patterns[] = { (char *)pattern };
	git_strarray list = { patterns, 1 };
	if (git_pathspec_new(&w->spec, &list) < 0)
		return gitrepo_lib_error(err, "\"%s\"", pattern);
	int ret = glob_walk(w, g, git_tree_id(root), err);
	git_pathspec_free(w->spec);
	return ret;
}

int
gitrepo_glob(const char ***paths, size_t *n, struct gitrepo *g, const struct tree_id *tree,
             const char *glob, struct arena *a, struct error *err)
{
	/* libgit2 takes "!x" for all but x, and "#x" for no pattern, so for everything. */
	if (!*glob || strchr("!#/", *glob))
		return error_set(err, "\"%s\" is not a path or a pattern", glob);

	git_tree *root;
	if (gitrepo_lookup_root(&root, g, tree, err) < 0)
		return -1;

	struct glob w = { .fixed = glob, .fixed_len = strcspn(glob, "*?[\\"), .arena = a };
	int ret;
	if (glob[w.fixed_len])
		ret = glob_pattern(&w, g, root, glob, err);
	else
		ret = glob_literal(&w, g, root, glob, err);

	if (ret == 0) {
		*paths = arena_array(a, w.n_found + 1, sizeof(**paths));
		if (w.n_found)
			memcpy(*paths, w.found, w.n_found * sizeof(**paths));
		*n = w.n_found;
	}
	free(w.found);
	str_dispose(&w.path);
	git_tree_free(root);
	return ret;
}
