#include "git/gitrepo_part.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/str.h"
#include "git/gitrepo_lib.h"

struct gitrepo_part {
	struct gitrepo *g;
	git_tree *root;
	git_index *index;	/* the part, as it is in the tree */
	struct error why;	/* the first failure of gitrepo_part_add */
};

int
gitrepo_part_new(struct gitrepo_part **out, struct gitrepo *g, const struct tree_id *tree,
                 struct error *err)
{
	struct gitrepo_part *part = memory_resize(NULL, sizeof(*part));
	*part = (struct gitrepo_part){ .g = g };
	if (gitrepo_lookup_root(&part->root, g, tree, err) == 0) {
		if (git_index_new(&part->index) == 0) {
			*out = part;
			return 0;
		}
		gitrepo_lib_error(err, "tree %s", tree->hex);
	}
	gitrepo_part_free(part);
	return -1;
}

void
gitrepo_part_free(struct gitrepo_part *part)
{
	git_index_free(part->index);
	git_tree_free(part->root);
	free(part);
}

/* ---- what a patch names ---- */

/* Git is to read no other folder than the one of what is kept. */
static int
keep_object(struct gitrepo *g, const char *path, const git_oid *id, struct error *err)
{
	char hex[COMMIT_ID_HEX + 1];
	git_odb_object *object;
	git_oid same;

	if (git_odb_exists(g->kept, id) == 1)
		return 0;
	if (git_odb_read(&object, g->odb, id) < 0)
		return gitrepo_lib_error(err, "%s: object %s", path, git_oid_tostr(hex, sizeof(hex), id));
	int ret = git_odb_write(&same, g->kept, git_odb_object_data(object),
	                        git_odb_object_size(object), git_odb_object_type(object));
	git_odb_object_free(object);
	return ret < 0 ? gitrepo_lib_error(err, "%s", path) : 0;
}

static int
add_entry(struct gitrepo_part *part, const char *path, const git_tree_entry *entry)
{
	git_index_entry e = { .path = path, .mode = git_tree_entry_filemode(entry),
	                      .id = *git_tree_entry_id(entry) };

	if (git_tree_entry_type(entry) != GIT_OBJECT_COMMIT &&
	    keep_object(part->g, path, &e.id, &part->why) < 0)
		return -1;
	return git_index_add(part->index, &e) < 0 ? gitrepo_lib_error(&part->why, "%s", path) : 0;
}

/* All that is below a folder of the tree, whose path is a prefix of each entry's. */
struct folder {
	struct gitrepo_part *part;
	const char *path;
};

static int
add_below(const char *root, const git_tree_entry *entry, void *payload)
{
	const struct folder *folder = payload;
	struct str path = { 0 };
	int ret = 0;

	if (git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
		str_addf(&path, "%s/%s%s", folder->path, root, git_tree_entry_name(entry));
		ret = add_entry(folder->part, str_text(&path), entry);
		str_dispose(&path);
	}
	return ret;
}

static void
add_folder(struct gitrepo_part *part, const char *path, const git_tree_entry *entry)
{
	struct folder folder = { part, path };
	git_tree *tree;

	if (gitrepo_lookup_tree(&tree, part->g, git_tree_entry_id(entry), &part->why) < 0)
		return;
	if (git_tree_walk(tree, GIT_TREEWALK_PRE, add_below, &folder) < 0)
		gitrepo_lib_error(&part->why, "%s", path);
	git_tree_free(tree);
}

/* Add what is at path, which ends the walk unless it is a folder above whole. */
static bool
add_at(struct gitrepo_part *part, const char *path, bool whole)
{
	git_tree_entry *entry;
	if (gitrepo_find_entry(&entry, part->g, part->root, path, &part->why) <= 0)
		return true;
	bool is_folder = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	if (!is_folder)
		add_entry(part, path, entry);
	else if (whole)
		add_folder(part, path, entry);
	git_tree_entry_free(entry);
	return !is_folder;
}

void
gitrepo_part_add(struct gitrepo_part *part, const char *path)
{
	struct str above = { 0 };
	bool ended = false;

	for (const char *slash = strchr(path, '/'); slash && !ended; slash = strchr(slash + 1, '/')) {
		str_clear(&above);
		str_add_bytes(&above, path, (size_t)(slash - path));
		ended = add_at(part, str_text(&above), false);
	}
	if (!ended)
		add_at(part, path, true);
	str_dispose(&above);
}

bool
gitrepo_part_add_object(struct gitrepo_part *part, const char *hex)
{
	git_oid oid;
	if (git_oid_fromstr(&oid, hex) < 0 || git_odb_exists(part->g->odb, &oid) != 1)
		return false;
	return keep_object(part->g, hex, &oid, &part->why) == 0;
}

int
gitrepo_part_write(struct gitrepo_part *part, const char *file, struct error *err)
{
	git_index *index;
	size_t n = git_index_entrycount(part->index);

	if (*part->why.text)
		return error_set(err, "%s", part->why.text);
	if (git_index_open(&index, file) < 0)
		return gitrepo_lib_error(err, "%s", file);
	int ret = git_index_clear(index);
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = git_index_add(index, git_index_get_byindex(part->index, i));
	if (ret == 0)
		ret = git_index_write(index);
	git_index_free(index);
	return ret < 0 ? gitrepo_lib_error(err, "%s", file) : 0;
}

/* ---- the tree that a changed part makes ---- */

static git_object_t
kind_of(const git_index_entry *e)
{
	return (e->mode & 0170000) == GIT_FILEMODE_COMMIT ? GIT_OBJECT_COMMIT : GIT_OBJECT_BLOB;
}

/* The tree that root becomes without what is in the part and not, or as another kind, in after. */
static int
remove_entries(git_oid *out, const struct gitrepo_part *part, git_index *after)
{
	size_t n = 0, all = git_index_entrycount(part->index);
	git_tree_update *updates = memory_resize(NULL, (all + 1) * sizeof(*updates));

	for (size_t i = 0; i < all; i++) {
		const git_index_entry *was = git_index_get_byindex(part->index, i);
		const git_index_entry *is = git_index_get_bypath(after, was->path, 0);
		if (!is || kind_of(is) != kind_of(was))
			updates[n++] = (git_tree_update){ .action = GIT_TREE_UPDATE_REMOVE, .path = was->path };
	}
	*out = *git_tree_id(part->root);
	int ret = n ? git_tree_create_updated(out, part->g->handle, part->root, n, updates) : 0;
	free(updates);
	return ret;
}

/* The tree that base becomes with what is in after. */
static int
put_entries(git_oid *out, const struct gitrepo_part *part, const git_oid *base, git_index *after)
{
	size_t n = git_index_entrycount(after);
	git_tree_update *updates = memory_resize(NULL, (n + 1) * sizeof(*updates));

	for (size_t i = 0; i < n; i++) {
		const git_index_entry *e = git_index_get_byindex(after, i);
		updates[i] = (git_tree_update){ .action = GIT_TREE_UPDATE_UPSERT, .id = e->id,
		                                .filemode = (git_filemode_t)e->mode, .path = e->path };
	}
	git_tree *tree;
	int ret = git_tree_lookup(&tree, part->g->handle, base);
	if (ret == 0) {
		ret = git_tree_create_updated(out, part->g->handle, tree, n, updates);
		git_tree_free(tree);
	}
	free(updates);
	return ret;
}

int
gitrepo_part_tree(struct tree_id *out, struct gitrepo_part *part, const char *file,
                  struct error *err)
{
	git_index *after;
	git_oid base, oid;

	/* In two goes, so that a folder can take the place of a file, and the reverse. */
	int ret = git_index_open(&after, file);
	if (ret == 0) {
		ret = remove_entries(&base, part, after);
		if (ret == 0)
			ret = put_entries(&oid, part, &base, after);
		git_index_free(after);
	}
	if (ret < 0)
		return gitrepo_lib_error(err, "the patched tree");
	git_oid_tostr(out->hex, sizeof(out->hex), &oid);
	return 0;
}
