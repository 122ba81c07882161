/*
 * Who descends from whom.  libgit2 walks the history anew for every question, some
 * milliseconds each; here each commit is read once, when a walk first comes to it.
 */
#include "io/gitrepo.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/memory.h"
#include "io/gitrepo_lib.h"

struct commit_node {
	git_oid oid;
	struct commit_node **parents;
	unsigned n_parents;
	unsigned seen_in;	/* number of the last walk that came here */
	bool read;		/* parents are known */
	UT_hash_handle hh;
};

struct history {
	struct arena arena;
	struct commit_node *nodes;
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

/* Is old among the ancestors of young? */
static int
walk(struct gitrepo *g, const git_oid *young, const git_oid *old, struct error *err)
{
	struct history *h = g->history;
	h->walks++;
	h->n_todo = 0;
	visit(h, node_for(h, young));
	for (size_t i = 0; i < h->n_todo; i++) {
		struct commit_node *node = h->todo[i];
		if (git_oid_equal(&node->oid, old))
			return 1;
		if (!node->read && read_parents(g, node, err) < 0)
			return -1;
		for (unsigned k = 0; k < node->n_parents; k++)
			visit(h, node->parents[k]);
	}
	return 0;
}

int
gitrepo_is_ancestor(struct gitrepo *g, const struct commit_id *ancestor,
                    const struct commit_id *id, struct error *err)
{
	git_oid old, young;
	if (gitrepo_parse_oid(&old, ancestor->hex, err) < 0 ||
	    gitrepo_parse_oid(&young, id->hex, err) < 0)
		return -1;
	if (!g->history) {
		g->history = memory_resize(NULL, sizeof(*g->history));
		*g->history = (struct history){ 0 };
	}
	return walk(g, &young, &old, err);
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
