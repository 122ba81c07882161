/* Trees and what is in them. */
#include "git/gitrepo.h"

#include <string.h>

#include "base/arena.h"
#include "git/gitrepo_lib.h"

int
gitrepo_lookup_tree(git_tree **out, struct gitrepo *g, const git_oid *oid, struct error *err)
{
	if (git_tree_lookup(out, g->handle, oid) < 0) {
		char hex[COMMIT_ID_HEX + 1];
		return gitrepo_lib_error(err, "tree %s", git_oid_tostr(hex, sizeof(hex), oid));
	}
	return 0;
}

int
gitrepo_lookup_root(git_tree **out, struct gitrepo *g, const struct tree_id *tree, struct error *err)
{
	git_oid oid;
	if (gitrepo_parse_oid(&oid, tree->hex, err) < 0)
		return -1;
	return gitrepo_lookup_tree(out, g, &oid, err);
}

/*
 * The entry at path under root, *out NULL and return 0 if there is none.
 *
 * git_tree_entry_bypath would say "not found" also for a tree that ought to be
 * there: a clone that lacks objects must not look like a tree that lacks a file.
 */
int
gitrepo_find_entry(git_tree_entry **out, struct gitrepo *g, git_tree *root, const char *path,
           struct error *err)
{
	git_tree *tree = NULL;
	int ret = -1;

	*out = NULL;
	if (git_tree_dup(&tree, root) < 0) {
		gitrepo_lib_error(err, "%s", path);
		goto out;
	}
	for (;;) {
		char name[256];	/* what is longer is in no tree that a disk has held */
		size_t len = strcspn(path, "/");
		if (len == 0 || len >= sizeof(name))
			break;
		memcpy(name, path, len);
		name[len] = '\0';

		const git_tree_entry *entry = git_tree_entry_byname(tree, name);
		if (!entry)
			break;
		if (!path[len]) {
			if (git_tree_entry_dup(out, entry) < 0) {
				gitrepo_lib_error(err, "%s", path);
				goto out;
			}
			break;
		}
		if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
			break;

		git_tree *below;
		if (gitrepo_lookup_tree(&below, g, git_tree_entry_id(entry), err) < 0)
			goto out;
		git_tree_free(tree);
		tree = below;
		path += len + 1;
	}
	ret = *out ? 1 : 0;
out:
	git_tree_free(tree);
	return ret;
}

static int
find_in(git_tree_entry **out, struct gitrepo *g, const struct tree_id *tree, const char *path,
        struct error *err)
{
	git_tree *root;
	if (gitrepo_lookup_root(&root, g, tree, err) < 0)
		return -1;
	int ret = gitrepo_find_entry(out, g, root, path, err);
	git_tree_free(root);
	return ret;
}

int
gitrepo_entry_id(struct tree_id *out, struct gitrepo *g, const struct tree_id *tree,
                 const char *path, struct error *err)
{
	git_tree_entry *entry;
	int ret = find_in(&entry, g, tree, path, err);
	if (ret <= 0) {
		out->hex[0] = '\0';
		return ret;
	}
	git_oid_tostr(out->hex, sizeof(out->hex), git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	return 1;
}

/* A link is no file: what it holds is a path, not a text. */
static bool
is_file(const git_tree_entry *entry)
{
	git_filemode_t mode = git_tree_entry_filemode(entry);
	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int
read_blob(const char **text, size_t *len, struct gitrepo *g, const git_oid *oid,
          const char *path, struct arena *a, struct error *err)
{
	git_blob *blob;
	if (git_blob_lookup(&blob, g->handle, oid) < 0)
		return gitrepo_lib_error(err, "%s", path);
	*len = (size_t)git_blob_rawsize(blob);
	*text = arena_copy(a, git_blob_rawcontent(blob), *len);
	git_blob_free(blob);
	return 0;
}

int
gitrepo_read_file(const char **text, size_t *len, struct gitrepo *g, const struct tree_id *tree,
                  const char *path, struct arena *a, struct error *err)
{
	git_tree_entry *entry;
	int ret = find_in(&entry, g, tree, path, err);
	if (ret <= 0)
		return ret;
	if (!is_file(entry))
		ret = 0;
	else if (read_blob(text, len, g, git_tree_entry_id(entry), path, a, err) < 0)
		ret = -1;
	git_tree_entry_free(entry);
	return ret;
}

int
gitrepo_file_mode(unsigned *mode, struct gitrepo *g, const struct tree_id *tree,
                  const char *path, struct error *err)
{
	git_tree_entry *entry;
	int ret = find_in(&entry, g, tree, path, err);
	if (ret <= 0)
		return ret;
	*mode = git_tree_entry_filemode(entry);
	ret = is_file(entry);
	git_tree_entry_free(entry);
	return ret;
}
