/*
 * Who descends from whom.  libgit2 walks the history anew for every question, some
 * milliseconds each; here each commit is read once, when a walk first comes to it.
 */
#include "git/gitrepo.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/memory.h"
#include "git/gitrepo_lib.h"

struct commit_node {
	git_oid oid;
	struct commit_node **parents;
	unsigned n_parents;
	unsigned seen_in;	/* number of the last walk that came here */
	bool read;		/* parents are known */
	const char *tag;	/* a tag that names it, of those that are asked for */
	UT_hash_handle hh;
};

struct history {
	struct arena arena;
	struct commit_node *nodes;
	const char *tags_of;		/* prefix of the tags that nodes know */
	unsigned walks;
	struct commit_node **todo;	/* of the walk that is on */
	size_t n_todo;
	size_t cap;
};

static struct commit_node *
node_for(struct history *h, const git_oid *oid)
{
	struct commit_node *node;
	HASH_FIND(hh, h->nodes, oid, sizeof(*oid), node);
	if (!node) {
		node = arena_alloc(&h->arena, sizeof(*node));
		node->oid = *oid;
		HASH_ADD(hh, h->nodes, oid, sizeof(node->oid), node);
	}
	return node;
}

static int
read_parents(struct gitrepo *g, struct commit_node *node, struct error *err)
{
	git_commit *commit;
	int ret = git_commit_lookup(&commit, g->handle, &node->oid);
	if (ret == GIT_ENOTFOUND && git_repository_is_shallow(g->handle) == 1) {
		node->read = true;	/* the clone was cut off here */
		return 0;
	}
	if (ret < 0) {
		char hex[COMMIT_ID_HEX + 1];
		return gitrepo_lib_error(err, "commit %s",
		                         git_oid_tostr(hex, sizeof(hex), &node->oid));
	}
	node->n_parents = git_commit_parentcount(commit);
	node->parents = arena_array(&g->history->arena, node->n_parents, sizeof(*node->parents));
	for (unsigned i = 0; i < node->n_parents; i++)
		node->parents[i] = node_for(g->history, git_commit_parent_id(commit, i));
	node->read = true;
	git_commit_free(commit);
	return 0;
}

static void
visit(struct history *h, struct commit_node *node)
{
	if (node->seen_in == h->walks)
		return;
	node->seen_in = h->walks;
	h->todo = memory_grow(h->todo, &h->cap, h->n_todo, sizeof(*h->todo));
	h->todo[h->n_todo++] = node;
}

/*
 * Walk from young towards its first ancestors, nearest first, until it comes to
 * old, or to a commit with a tag if old is NULL.
 *
 * Returns:   1 and *end is where it came to, 0 nowhere, -1 and err set.
 */
static int
walk(struct commit_node **end, struct gitrepo *g, const git_oid *young, const git_oid *old,
     struct error *err)
{
	struct history *h = g->history;
	h->walks++;
	h->n_todo = 0;
	visit(h, node_for(h, young));
	for (size_t i = 0; i < h->n_todo; i++) {
		struct commit_node *node = *end = h->todo[i];
		if (old ? git_oid_equal(&node->oid, old) : node->tag != NULL)
			return 1;
		if (!node->read && read_parents(g, node, err) < 0)
			return -1;
		for (unsigned k = 0; k < node->n_parents; k++)
			visit(h, node->parents[k]);
	}
	return 0;
}

static struct history *
history_of(struct gitrepo *g)
{
	if (!g->history) {
		g->history = memory_resize(NULL, sizeof(*g->history));
		*g->history = (struct history){ 0 };
	}
	return g->history;
}

int
gitrepo_is_ancestor(struct gitrepo *g, const struct commit_id *ancestor,
                    const struct commit_id *id, struct error *err)
{
	git_oid old, young;
	if (gitrepo_parse_oid(&old, ancestor->hex, err) < 0 ||
	    gitrepo_parse_oid(&young, id->hex, err) < 0)
		return -1;
	struct commit_node *end;
	history_of(g);
	return walk(&end, g, &young, &old, err);
}

/* Names of tags in a clone, also of those that gitrepo_fetch put aside. */
static const char *
tag_name(const char *ref)
{
	static const char *folders[] = { "refs/tags/", "refs/stampmill/tags/" };
	for (size_t i = 0; i < 2; i++)
		if (strncmp(ref, folders[i], strlen(folders[i])) == 0)
			return ref + strlen(folders[i]);
	return NULL;
}

static void
note_tag(struct history *h, git_reference *ref)
{
	const char *name = tag_name(git_reference_name(ref));
	git_object *commit;
	if (!name || strncmp(name, h->tags_of, strlen(h->tags_of)) != 0)
		return;
	/* A tag may name anything; what is no commit gives no version. */
	if (git_reference_peel(&commit, ref, GIT_OBJECT_COMMIT) < 0) {
		git_error_clear();
		return;
	}
	struct commit_node *node = node_for(h, git_object_id(commit));
	if (!node->tag || strcmp(name, node->tag) > 0)
		node->tag = arena_strdup(&h->arena, name);
	git_object_free(commit);
}

static int
read_tags(struct gitrepo *g, const char *prefix, struct error *err)
{
	struct history *h = history_of(g);
	git_reference_iterator *refs;
	git_reference *ref;
	int ret;

	if (h->tags_of && strcmp(h->tags_of, prefix) == 0)
		return 0;
	for (struct commit_node *node = h->nodes; node; node = node->hh.next)
		node->tag = NULL;
	h->tags_of = arena_strdup(&h->arena, prefix);
	if (git_reference_iterator_new(&refs, g->handle) < 0)
		return gitrepo_lib_error(err, "%s", g->path);
	while ((ret = git_reference_next(&ref, refs)) == 0) {
		note_tag(h, ref);
		git_reference_free(ref);
	}
	git_reference_iterator_free(refs);
	if (ret != GIT_ITEROVER)
		return gitrepo_lib_error(err, "%s", g->path);
	git_error_clear();
	return 0;
}

int
gitrepo_nearest_tag(const char **tag, struct gitrepo *g, const struct commit_id *id,
                    const char *prefix, struct arena *a, struct error *err)
{
	git_oid oid;
	struct commit_node *end;
	if (gitrepo_parse_oid(&oid, id->hex, err) < 0 || read_tags(g, prefix, err) < 0)
		return -1;
	int found = walk(&end, g, &oid, NULL, err);
	if (found > 0)
		*tag = arena_strdup(a, end->tag);
	return found;
}

void
gitrepo_history_free(struct history *h)
{
	if (!h)
		return;
	HASH_CLEAR(hh, h->nodes);
	arena_dispose(&h->arena);
	free(h->todo);
	free(h);
}
