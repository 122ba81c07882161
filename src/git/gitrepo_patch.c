/* Patches, applied in memory. */
#include "git/gitrepo.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/str.h"
#include "git/gitrepo_patch.h"

/* Where applying has come to, for the message when it ends there. */
struct place {
	char *file;
	size_t hunk;		/* from 1; 0: none yet */
	git_diff_hunk lines;
};

const char *
gitrepo_delta_path(const git_diff_delta *delta)
{
	return delta->status == GIT_DELTA_DELETED ? delta->old_file.path : delta->new_file.path;
}

static int
on_delta(const git_diff_delta *delta, void *payload)
{
	struct place *at = payload;
	free(at->file);
	at->file = strdup(gitrepo_delta_path(delta));
	at->hunk = 0;
	return 0;
}

static int
on_hunk(const git_diff_hunk *hunk, void *payload)
{
	struct place *at = payload;
	at->hunk++;
	at->lines = *hunk;
	return 0;
}

int
gitrepo_hunk_error(struct error *err, const char *name, const char *path, size_t number,
                   const git_diff_hunk *hunk)
{
	return error_set(err, "%s: %s: hunk %zu (@@ -%d,%d +%d,%d @@) does not apply", name, path,
	                 number, hunk->old_start, hunk->old_lines, hunk->new_start,
	                 hunk->new_lines);
}

static int
apply_failed(const char *name, const struct place *at, int code, struct error *err)
{
	if (at->hunk && code == GIT_EAPPLYFAIL)
		return gitrepo_hunk_error(err, name, at->file, at->hunk, &at->lines);
	if (at->file)
		return gitrepo_lib_error(err, "%s: %s", name, at->file);
	return gitrepo_lib_error(err, "%s", name);
}

/* Does this change claim a path that was free? */
static bool
makes_path(const git_diff_delta *d)
{
	return d->status == GIT_DELTA_ADDED || d->status == GIT_DELTA_RENAMED ||
	       d->status == GIT_DELTA_COPIED;
}

/* Does a change before number i of the patch take path away? */
static bool
taken_away(git_diff *diff, size_t i, const char *path)
{
	for (size_t j = 0; j < i; j++) {
		const git_diff_delta *d = git_diff_get_delta(diff, j);
		if ((d->status == GIT_DELTA_DELETED || d->status == GIT_DELTA_RENAMED) &&
		    strcmp(d->old_file.path, path) == 0)
			return true;
	}
	return false;
}

bool
gitrepo_made_by(size_t *by, git_diff *diff, size_t i, const char *path)
{
	while (i-- > 0) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		if (d->status != GIT_DELTA_DELETED && strcmp(d->new_file.path, path) == 0) {
			*by = i;
			return true;
		}
	}
	return false;
}

/* 1 if something other than a folder is at path, 0 if not, -1 and err set. */
static int
is_there(git_tree_entry **out, const struct patching *p, const char *path, struct error *err)
{
	git_tree_entry *entry;
	int ret = gitrepo_find_entry(&entry, p->g, p->root, path, err);
	if (ret > 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		ret = 0;
	if (ret > 0 && out)
		*out = entry;
	else
		git_tree_entry_free(entry);
	return ret;
}

/* Change number i finds what it takes for granted: git apply asks, libgit2 does not. */
static int
check_change(const struct patching *p, size_t i, struct error *err)
{
	const git_diff_delta *d = git_diff_get_delta(p->diff, i);
	size_t before;

	if (d->status != GIT_DELTA_ADDED && !gitrepo_made_by(&before, p->diff, i, d->old_file.path)) {
		int there = is_there(NULL, p, d->old_file.path, err);
		if (there == 0)
			error_set(err, "%s: %s: there is no such file", p->name, d->old_file.path);
		if (there <= 0)
			return -1;
	}
	if (makes_path(d) && !taken_away(p->diff, i, d->new_file.path)) {
		int there = is_there(NULL, p, d->new_file.path, err);
		if (there > 0)
			error_set(err, "%s: %s: is there already", p->name, d->new_file.path);
		if (there != 0)
			return -1;
	}
	return 0;
}

static int
add_entry(git_index *index, const char *path, const git_tree_entry *entry)
{
	git_index_entry e = { .path = path, .mode = git_tree_entry_filemode(entry) };
	e.id = *git_tree_entry_id(entry);
	return git_index_add(index, &e);
}

/*
 * An index of just the files that the patch names.  With all files of a tree in
 * it, as git_apply_to_tree does by itself, a patch takes ten times as long.
 */
static int
index_touched(git_index *index, const struct patching *p, struct error *err)
{
	for (size_t i = 0; i < git_diff_num_deltas(p->diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(p->diff, i);
		const char *paths[] = { d->old_file.path, d->new_file.path };
		for (size_t k = 0; k < 2; k++) {
			git_tree_entry *entry;
			int there = paths[k] ? is_there(&entry, p, paths[k], err) : 0;
			if (there < 0)
				return -1;
			if (there == 0)
				continue;
			int ret = add_entry(index, paths[k], entry);
			git_tree_entry_free(entry);
			if (ret < 0)
				return gitrepo_lib_error(err, "%s: %s", p->name, paths[k]);
		}
	}
	return 0;
}

/*
 * The mode that change number i leaves its file with: libgit2 would make every
 * file plain (0100644) whose patch does not say otherwise.
 */
static uint32_t
mode_after(const struct patching *p, git_index *before, size_t i)
{
	for (;;) {
		const git_diff_delta *d = git_diff_get_delta(p->diff, i);
		if (d->status == GIT_DELTA_ADDED || d->old_file.mode != d->new_file.mode)
			return d->new_file.mode;
		if (!gitrepo_made_by(&i, p->diff, i, d->old_file.path))
			return git_index_get_bypath(before, d->old_file.path, 0)->mode;
	}
}

static int
keep_modes(git_index *after, const struct patching *p, git_index *before)
{
	for (size_t i = 0; i < git_diff_num_deltas(p->diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(p->diff, i);
		const git_index_entry *entry = git_index_get_bypath(after, d->new_file.path, 0);
		if (d->status == GIT_DELTA_DELETED || !entry)
			continue;
		git_index_entry fixed = *entry;
		fixed.mode = mode_after(p, before, i);
		if (fixed.mode == entry->mode)
			continue;
		int ret = git_index_add(after, &fixed);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* The tree that root becomes without the files that are in before and not in after. */
static int
remove_files(git_oid *out, const struct patching *p, git_index *before, git_index *after)
{
	size_t n = 0, all = git_index_entrycount(before);
	git_tree_update *updates = memory_resize(NULL, (all + 1) * sizeof(*updates));
	for (size_t i = 0; i < all; i++) {
		const char *path = git_index_get_byindex(before, i)->path;
		if (!git_index_get_bypath(after, path, 0))
			updates[n++] = (git_tree_update){ .action = GIT_TREE_UPDATE_REMOVE,
				                          .path = path };
	}
	*out = *git_tree_id(p->root);
	int ret = n ? git_tree_create_updated(out, p->g->handle, p->root, n, updates) : 0;
	free(updates);
	return ret;
}

/* The tree that a tree becomes with what is in after. */
static int
put_files(git_oid *out, const struct patching *p, const git_oid *base, git_index *after)
{
	size_t n = git_index_entrycount(after);
	git_tree_update *updates = memory_resize(NULL, (n + 1) * sizeof(*updates));
	for (size_t i = 0; i < n; i++) {
		const git_index_entry *e = git_index_get_byindex(after, i);
		updates[i] = (git_tree_update){
			.action = GIT_TREE_UPDATE_UPSERT,
			.id = e->id,
			.filemode = (git_filemode_t)e->mode,
			.path = e->path,
		};
	}
	git_tree *tree;
	int ret = git_tree_lookup(&tree, p->g->handle, base);
	if (ret == 0) {
		ret = git_tree_create_updated(out, p->g->handle, tree, n, updates);
		git_tree_free(tree);
	}
	free(updates);
	return ret;
}

/* In two goes, so that a folder can take the place of a file, and the reverse. */
static int
write_tree(git_oid *out, const struct patching *p, git_index *before, git_index *after)
{
	git_oid base;
	int ret = remove_files(&base, p, before, after);
	return ret < 0 ? ret : put_files(out, p, &base, after);
}

/* Apply to before, which becomes *after; the caller frees it. */
static int
apply_changes(git_index **after, const struct patching *p, git_index *before, struct error *err)
{
	struct place at = { 0 };
	git_apply_options options;
	git_apply_options_init(&options, GIT_APPLY_OPTIONS_VERSION);
	options.delta_cb = on_delta;
	options.hunk_cb = on_hunk;
	options.payload = &at;

	git_oid oid;
	git_tree *tree;
	if (git_index_write_tree_to(&oid, before, p->g->handle) < 0 ||
	    git_tree_lookup(&tree, p->g->handle, &oid) < 0)
		return gitrepo_lib_error(err, "%s", p->name);

	int ret = git_apply_to_tree(after, p->g->handle, tree, p->diff, &options);
	if (ret < 0)
		apply_failed(p->name, &at, ret, err);
	git_tree_free(tree);
	free(at.file);
	return ret < 0 ? -1 : 0;
}

/*
 * Read the text again with its hunks where they fit.  Its lines are those that
 * were placed, so that it reads as before but for these numbers.
 */
static int
move_hunks(struct patching *p, const struct str *text, const struct hunk_starts *starts,
           struct error *err)
{
	struct str moved = { 0 };
	git_diff *diff;
	patch_text_move_hunks(&moved, text->data, text->len, starts->at, starts->n);
	int ret = git_diff_from_buffer(&diff, moved.data, moved.len);
	str_dispose(&moved);
	if (ret < 0)
		return gitrepo_lib_error(err, "%s", p->name);
	git_diff_free(p->diff);
	p->diff = diff;
	return 0;
}

static int
place_and_apply(git_index **after, struct patching *p, const struct str *text, git_index *before,
                struct error *err)
{
	struct hunk_starts starts = { 0 };
	int ret = gitrepo_place_hunks(&starts, p, before, err);
	if (ret == 0 && starts.moved)
		ret = move_hunks(p, text, &starts, err);
	free(starts.at);
	return ret < 0 ? -1 : apply_changes(after, p, before, err);
}

static int
apply_patch(git_oid *out, struct patching *p, const struct str *text, git_index *before,
            struct error *err)
{
	for (size_t i = 0; i < git_diff_num_deltas(p->diff); i++)
		if (check_change(p, i, err) < 0)
			return -1;

	git_index *after = NULL;
	if (index_touched(before, p, err) < 0 ||
	    place_and_apply(&after, p, text, before, err) < 0)
		return -1;
	int ret = keep_modes(after, p, before);
	if (ret == 0)
		ret = write_tree(out, p, before, after);
	git_index_free(after);
	if (ret < 0)
		return gitrepo_lib_error(err, "%s", p->name);
	if (git_oid_equal(out, git_tree_id(p->root)))
		return error_set(err, "%s: changes nothing", p->name);
	return 0;
}

/* A text without a patch in it is an error; libgit2 has different words for some. */
static int
read_patch(struct patching *p, const struct str *text, struct error *err)
{
	int ret = git_diff_from_buffer(&p->diff, str_text(text), text->len);
	if (ret == GIT_ENOTFOUND || (ret == 0 && git_diff_num_deltas(p->diff) == 0))
		return error_set(err, "%s: no patch is in it", p->name);
	return ret < 0 ? gitrepo_lib_error(err, "%s", p->name) : 0;
}

int
gitrepo_apply_patch(struct tree_id *out, struct gitrepo *g, const struct tree_id *tree,
                    const char *name, const char *patch, size_t len, struct error *err)
{
	struct patching p = { .g = g, .name = name };
	struct str text = { 0 };
	git_index *before = NULL;
	git_oid oid;
	int ret = -1;

	patch_text_complete(&text, patch, len);
	if (read_patch(&p, &text, err) < 0)
		goto out;
	if (git_index_new(&before) < 0) {
		gitrepo_lib_error(err, "%s", name);
		goto out;
	}
	if (gitrepo_lookup_root(&p.root, g, tree, err) < 0 ||
	    apply_patch(&oid, &p, &text, before, err) < 0)
		goto out;
	git_oid_tostr(out->hex, sizeof(out->hex), &oid);
	ret = 0;
out:
	git_index_free(before);
	git_tree_free(p.root);
	git_diff_free(p.diff);
	str_dispose(&text);
	return ret;
}
