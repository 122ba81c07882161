#include "io/gitrepo.h"

#include <errno.h>
#include <ftw.h>
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "io/transfer_bar.h"

#define MEMORY_PRIORITY 999	/* over libgit2's own backends, 1 and 2 */
#define CANDIDATES_SHOWN 8u

/* In the configuration of a clone that gitrepo_clone made: its branches are ours. */
#define OWN_CLONE_KEY "stampmill.clone"

struct gitrepo {
	git_repository *handle;
	git_odb *odb;
	char *path;
	char *objects_path;
};

static int lib_error(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "place: libgit2's own words". */
static int
lib_error(struct error *err, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	struct str place = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&place, fmt, ap);
	va_end(ap);
	error_set(err, "%s: %s", str_text(&place),
	          last && last->message ? last->message : "libgit2 gives no reason");
	str_dispose(&place);
	git_error_clear();
	return -1;
}

/* Opening and closing. */

/*
 * libgit2 refuses a clone of another user, since a hostile configuration can
 * name programs to run.  Nothing of the configuration is run here, and a clone
 * on a shared disk is usual.  Extensions listed here change nothing for a
 * reader; what a partial clone lacks is an error where it is asked for.
 */
static void
set_options(void)
{
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 5)
	static const char *extensions[] = { "noop", "partialclone", "preciousobjects",
		                            "worktreeconfig" };
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
	                 sizeof(extensions) / sizeof(*extensions));
#endif
}

/*
 * From here on, whatever is written through the handle stays in memory: the
 * backends on disk lose their means to write, and to "freshen", which sets the
 * time of the pack that holds an object somebody wants to write again.
 */
static int
write_to_memory(struct gitrepo *g, struct error *err)
{
	for (size_t i = 0; i < git_odb_num_backends(g->odb); i++) {
		git_odb_backend *disk;
		if (git_odb_get_backend(&disk, g->odb, i) < 0)
			return lib_error(err, "%s", g->path);
		disk->write = NULL;
		disk->writestream = NULL;
		disk->writepack = NULL;
		disk->freshen = NULL;
	}

	git_odb_backend *memory;
	if (git_mempack_new(&memory) < 0)
		return lib_error(err, "%s", g->path);
	if (git_odb_add_backend(g->odb, memory, MEMORY_PRIORITY) < 0) {
		memory->free(memory);
		return lib_error(err, "%s", g->path);
	}
	return 0;
}

static int
find_objects(struct gitrepo *g, struct error *err)
{
	git_buf buf = { 0 };
	if (git_repository_item_path(&buf, g->handle, GIT_REPOSITORY_ITEM_OBJECTS) < 0)
		return lib_error(err, "%s", g->path);

	g->objects_path = realpath(buf.ptr, NULL);
	if (!g->objects_path)
		error_set(err, "%s: %s", buf.ptr, strerror(errno));
	git_buf_dispose(&buf);
	return g->objects_path ? 0 : -1;
}

/* What libgit2 says of a path that is no clone is long and at times misleading. */
static int
open_failed(const char *path, int code, struct error *err)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (code == GIT_ENOTFOUND)
		return error_set(err, "%s: is no git repository", path);
	if (st.st_uid != geteuid())
		return lib_error(err, "%s: owned by user %lu, read by user %lu", path,
		                 (unsigned long)st.st_uid, (unsigned long)geteuid());
	return lib_error(err, "%s", path);
}

int
gitrepo_open(struct gitrepo **out, const char *path, struct error *err)
{
	if (git_libgit2_init() < 0)
		return lib_error(err, "libgit2");
	set_options();

	struct gitrepo *g = memory_resize(NULL, sizeof(*g));
	*g = (struct gitrepo){ 0 };
	g->path = memory_resize(NULL, strlen(path) + 1);
	strcpy(g->path, path);

	int code = git_repository_open(&g->handle, path);
	if (code < 0) {
		open_failed(path, code, err);
		goto fail;
	}
	if (git_repository_odb(&g->odb, g->handle) < 0) {
		lib_error(err, "%s", path);
		goto fail;
	}
	if (write_to_memory(g, err) < 0 || find_objects(g, err) < 0)
		goto fail;
	*out = g;
	return 0;
fail:
	gitrepo_free(g);
	return -1;
}

void
gitrepo_free(struct gitrepo *g)
{
	if (!g)
		return;
	git_odb_free(g->odb);
	git_repository_free(g->handle);
	free(g->objects_path);
	free(g->path);
	free(g);
	git_libgit2_shutdown();
}

const char *
gitrepo_objects_path(const struct gitrepo *g)
{
	return g->objects_path;
}

/* Cloning and fetching. */

struct download {
	struct transfer_bar bar;
	const char *what;
};

static int
on_progress(const git_indexer_progress *p, void *payload)
{
	struct download *d = payload;
	struct transfer t = {
		.what = d->what,
		.objects_done = p->received_objects,
		.objects = p->total_objects,
		.bytes = p->received_bytes,
		.deltas_done = p->indexed_deltas,
		.deltas = p->received_objects == p->total_objects ? p->total_deltas : 0,
	};
	transfer_bar_draw(&d->bar, &t);
	return 0;
}

static int
no_credentials(git_credential **out, const char *url, const char *user, unsigned types,
               void *payload)
{
	(void)out, (void)url, (void)user, (void)types, (void)payload;
	git_error_set_str(GIT_ERROR_NET, "the server asks who we are, and no credentials are "
	                                 "sent; clone it with git and name the clone");
	return GIT_EAUTH;
}

/* A URL for messages: what stands before '@' in it may be a password. */
static const char *
url_shown(const char *url)
{
	const char *host = strstr(url, "://");
	if (!host)
		return url;
	size_t authority = strcspn(host + 3, "/");
	const char *at = memrchr(host + 3, '@', authority);
	return at ? at + 1 : url;
}

static void
set_callbacks(git_remote_callbacks *callbacks, struct download *d)
{
	callbacks->transfer_progress = on_progress;
	callbacks->credentials = no_credentials;
	callbacks->payload = d;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st, (void)type, (void)walk;
	return remove(path);
}

static int
remove_tree(const char *path, struct error *err)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		return error_set(err, "%s: %s", path, strerror(errno));
	return 0;
}

/* A bare clone of ours keeps the branches where `git clone --mirror` would. */
static int
create_mirror_remote(git_remote **out, git_repository *repo, const char *name, const char *url,
                     void *payload)
{
	(void)payload;
	return git_remote_create_with_fetchspec(out, repo, name, url, "+refs/heads/*:refs/heads/*");
}

static int
mark_own(git_repository *repo)
{
	git_config *config;
	int ret = git_repository_config(&config, repo);
	if (ret < 0)
		return ret;
	ret = git_config_set_bool(config, OWN_CLONE_KEY, 1);
	git_config_free(config);
	return ret;
}

/* Clone into part, which is not there yet; a local source is copied, not linked. */
static int
clone_to(const char *part, const char *url, bool progress, struct error *err)
{
	struct download d = { .bar = { .on = progress }, .what = "clone" };
	git_clone_options options;
	git_clone_options_init(&options, GIT_CLONE_OPTIONS_VERSION);
	options.bare = 1;
	options.local = GIT_CLONE_LOCAL_NO_LINKS;
	options.remote_cb = create_mirror_remote;
	options.fetch_opts.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_ALL;
	set_callbacks(&options.fetch_opts.callbacks, &d);

	git_repository *repo = NULL;
	int ret = git_clone(&repo, url, part, &options);
	if (ret >= 0)
		ret = mark_own(repo);
	transfer_bar_clear(&d.bar);
	if (ret < 0)
		lib_error(err, "%s", url_shown(url));
	git_repository_free(repo);
	return ret < 0 ? -1 : 0;
}

static int
clone_and_rename(const char *path, const char *part, const char *url, bool progress,
                 struct error *err)
{
	struct stat st;
	if (lstat(path, &st) == 0)
		return error_set(err, "%s: %s", path, strerror(EEXIST));
	/* A clone that was killed left it. */
	if (remove_tree(part, err) < 0 || clone_to(part, url, progress, err) < 0)
		return -1;
	if (rename(part, path) < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	return 0;
}

int
gitrepo_clone(struct gitrepo **out, const char *url, const char *path, bool progress,
              struct error *err)
{
	if (git_libgit2_init() < 0)
		return lib_error(err, "libgit2");
	set_options();

	struct str part = { 0 };
	str_addf(&part, "%s.part", path);
	int ret = clone_and_rename(path, str_text(&part), url, progress, err);
	if (ret < 0)
		remove_tree(str_text(&part), NULL);
	else
		ret = gitrepo_open(out, path, err);
	str_dispose(&part);
	git_libgit2_shutdown();
	return ret;
}

static bool
is_own_clone(git_repository *repo)
{
	git_config *config;
	int own = 0;
	if (git_repository_config(&config, repo) < 0)
		return false;
	bool found = git_config_get_bool(&own, config, OWN_CLONE_KEY) == 0;
	git_config_free(config);
	git_error_clear();
	return found && own;
}

/* In a clone of the user, only names under refs/stampmill/ change. */
static int
fetch_all(git_repository *repo, const char *url, bool progress)
{
	static const char *own[] = { "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*" };
	static const char *apart[] = { "+refs/heads/*:refs/stampmill/heads/*",
		                       "+refs/tags/*:refs/stampmill/tags/*" };
	git_strarray specs = { (char **)(is_own_clone(repo) ? own : apart), 2 };

	struct download d = { .bar = { .on = progress }, .what = "fetch" };
	git_fetch_options options;
	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.prune = GIT_FETCH_NO_PRUNE;
	options.update_fetchhead = 0;
	set_callbacks(&options.callbacks, &d);

	git_remote *remote;
	int ret = git_remote_create_anonymous(&remote, repo, url);
	if (ret < 0)
		return ret;
	ret = git_remote_fetch(remote, &specs, &options, NULL);
	transfer_bar_clear(&d.bar);
	git_remote_free(remote);
	return ret;
}

int
gitrepo_fetch(struct gitrepo *g, const char *url, bool progress, struct error *err)
{
	/* Not through g->handle: what is written there stays in memory. */
	git_repository *repo;
	if (git_repository_open(&repo, g->path) < 0)
		return lib_error(err, "%s", g->path);

	int ret = fetch_all(repo, url, progress);
	if (ret < 0)
		lib_error(err, "%s", url_shown(url));
	git_repository_free(repo);
	if (ret < 0)
		return -1;
	if (git_odb_refresh(g->odb) < 0)
		return lib_error(err, "%s", g->path);
	return 0;
}

/* Commits. */

struct candidates {
	char hex[CANDIDATES_SHOWN][COMMIT_ID_HEX + 1];
	size_t n;
};

static bool
is_commit(struct gitrepo *g, const git_oid *oid)
{
	size_t len;
	git_object_t type;
	return git_odb_read_header(&len, &type, g->odb, oid) == 0 && type == GIT_OBJECT_COMMIT;
}

/* 0 one object, GIT_EAMBIGUOUS several, GIT_ENOTFOUND none, else an error. */
static int
find_prefix(git_oid *out, struct gitrepo *g, const char *hex, size_t len)
{
	git_oid start;
	int ret = git_oid_fromstrn(&start, hex, len);
	return ret < 0 ? ret : git_odb_exists_prefix(out, g->odb, &start, len);
}

/*
 * Gather the commits whose id starts with the len digits in hex, by trying every
 * next digit: some dozen lookups, where a walk over all objects would take as
 * long as the clone is large.
 */
static void
gather_candidates(struct candidates *c, struct gitrepo *g, char hex[COMMIT_ID_HEX + 1],
                  size_t len)
{
	for (const char *digit = "0123456789abcdef"; *digit && c->n < CANDIDATES_SHOWN; digit++) {
		git_oid oid;
		hex[len] = *digit;
		int ret = find_prefix(&oid, g, hex, len + 1);
		if (ret == 0 && is_commit(g, &oid))
			git_oid_tostr(c->hex[c->n++], COMMIT_ID_HEX + 1, &oid);
		else if (ret == GIT_EAMBIGUOUS)
			gather_candidates(c, g, hex, len + 1);
	}
	hex[len] = '\0';
}

static int
ambiguous(const struct candidates *c, const char *prefix, struct error *err)
{
	struct str list = { 0 };
	for (size_t i = 0; i < c->n; i++)
		str_addf(&list, "%s%s", i ? ", " : "", c->hex[i]);
	if (c->n == CANDIDATES_SHOWN)
		str_adds(&list, " and perhaps more");
	error_set(err, "\"%s\" is ambiguous: %s", prefix, str_text(&list));
	str_dispose(&list);
	return -1;
}

static int
resolve_ambiguous(struct commit_id *out, struct gitrepo *g, char hex[COMMIT_ID_HEX + 1],
                  struct error *err)
{
	struct candidates c = { .n = 0 };
	gather_candidates(&c, g, hex, strlen(hex));
	git_error_clear();
	if (c.n > 1)
		return ambiguous(&c, hex, err);
	if (c.n == 1)
		memcpy(out->hex, c.hex[0], sizeof(out->hex));
	return (int)c.n;
}

int
gitrepo_resolve(struct commit_id *out, struct gitrepo *g, const char *prefix, struct error *err)
{
	char hex[COMMIT_ID_HEX + 1];
	if (commit_id_parse_prefix(hex, prefix, err) < 0)
		return -1;

	git_oid oid;
	int ret = find_prefix(&oid, g, hex, strlen(hex));
	if (ret == GIT_EAMBIGUOUS)
		return resolve_ambiguous(out, g, hex, err);
	if (ret < 0 && ret != GIT_ENOTFOUND)
		return lib_error(err, "%s: %s", g->path, hex);
	git_error_clear();
	if (ret == GIT_ENOTFOUND || !is_commit(g, &oid))
		return 0;
	git_oid_tostr(out->hex, sizeof(out->hex), &oid);
	return 1;
}

static int
parse_oid(git_oid *oid, const char *hex, struct error *err)
{
	if (git_oid_fromstr(oid, hex) < 0)
		return lib_error(err, "\"%s\"", hex);
	return 0;
}

int
gitrepo_commit_info(struct commit_info *info, struct gitrepo *g, const struct commit_id *id,
                    struct arena *a, struct error *err)
{
	git_oid oid;
	git_commit *commit;
	if (parse_oid(&oid, id->hex, err) < 0)
		return -1;
	if (git_commit_lookup(&commit, g->handle, &oid) < 0)
		return lib_error(err, "commit %s", id->hex);

	*info = (struct commit_info){
		.n_parents = git_commit_parentcount(commit),
		.time_s = git_commit_time(commit),
	};
	git_oid_tostr(info->tree.hex, sizeof(info->tree.hex), git_commit_tree_id(commit));
	if (info->n_parents)
		git_oid_tostr(info->first_parent.hex, sizeof(info->first_parent.hex),
		              git_commit_parent_id(commit, 0));
	const char *message = git_commit_message(commit);
	info->subject = arena_copy(a, message, strcspn(message, "\r\n"));
	git_commit_free(commit);
	return 0;
}

int
gitrepo_is_ancestor(struct gitrepo *g, const struct commit_id *ancestor,
                    const struct commit_id *id, struct error *err)
{
	git_oid old, young;
	if (parse_oid(&old, ancestor->hex, err) < 0 || parse_oid(&young, id->hex, err) < 0)
		return -1;
	if (git_oid_equal(&old, &young))
		return 1;
	int ret = git_graph_descendant_of(g->handle, &young, &old);
	if (ret < 0)
		return lib_error(err, "is %s an ancestor of %s", ancestor->hex, id->hex);
	return ret;
}

/* Trees. */

static int
lookup_tree(git_tree **out, struct gitrepo *g, const git_oid *oid, struct error *err)
{
	if (git_tree_lookup(out, g->handle, oid) < 0) {
		char hex[COMMIT_ID_HEX + 1];
		return lib_error(err, "tree %s", git_oid_tostr(hex, sizeof(hex), oid));
	}
	return 0;
}

static int
lookup_root(git_tree **out, struct gitrepo *g, const struct tree_id *tree, struct error *err)
{
	git_oid oid;
	if (parse_oid(&oid, tree->hex, err) < 0)
		return -1;
	return lookup_tree(out, g, &oid, err);
}

/*
 * The entry at path under root, *out NULL and return 0 if there is none.
 *
 * git_tree_entry_bypath would say "not found" also for a tree that ought to be
 * there: a clone that lacks objects must not look like a tree that lacks a file.
 */
static int
find_entry(git_tree_entry **out, struct gitrepo *g, git_tree *root, const char *path,
           struct error *err)
{
	git_tree *tree = NULL;
	int ret = -1;

	*out = NULL;
	if (git_tree_dup(&tree, root) < 0) {
		lib_error(err, "%s", path);
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
				lib_error(err, "%s", path);
				goto out;
			}
			break;
		}
		if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
			break;

		git_tree *below;
		if (lookup_tree(&below, g, git_tree_entry_id(entry), err) < 0)
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
	if (lookup_root(&root, g, tree, err) < 0)
		return -1;
	int ret = find_entry(out, g, root, path, err);
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
		return lib_error(err, "%s", path);
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

/* Globs. */

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

	if (lookup_tree(&tree, g, oid, err) < 0)
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
glob_literal(struct glob *w, struct gitrepo *g, git_tree *root, const char *path,
             struct error *err)
{
	git_tree_entry *entry;
	int ret = find_entry(&entry, g, root, path, err);
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
		return lib_error(err, "\"%s\"", pattern);
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
		return error_set(err, "\"%s\" is no path or pattern", glob);

	git_tree *root;
	if (lookup_root(&root, g, tree, err) < 0)
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

/* Patches. */

/* Where applying has come to, for the message when it ends there. */
struct place {
	char *file;
	size_t hunk;		/* from 1; 0: none yet */
	git_diff_hunk lines;
};

static const char *
delta_path(const git_diff_delta *delta)
{
	return delta->status == GIT_DELTA_DELETED ? delta->old_file.path : delta->new_file.path;
}

static int
on_delta(const git_diff_delta *delta, void *payload)
{
	struct place *at = payload;
	free(at->file);
	at->file = strdup(delta_path(delta));
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

static int
apply_failed(const char *name, const struct place *at, int code, struct error *err)
{
	if (at->hunk && code == GIT_EAPPLYFAIL)
		return error_set(err, "%s: %s: hunk %zu (@@ -%d,%d +%d,%d @@) does not apply", name,
		                 at->file, at->hunk, at->lines.old_start, at->lines.old_lines,
		                 at->lines.new_start, at->lines.new_lines);
	if (at->file)
		return lib_error(err, "%s: %s", name, at->file);
	return lib_error(err, "%s", name);
}

/* Does a change before number i of the patch take path away, or make it? */
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

/* The last change before number i that leaves something at path, NULL if none does. */
static const git_diff_delta *
made_by(size_t *at, git_diff *diff, size_t i, const char *path)
{
	while (i-- > 0) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		if (d->status != GIT_DELTA_DELETED && strcmp(d->new_file.path, path) == 0) {
			*at = i;
			return d;
		}
	}
	return NULL;
}

/* What a patch takes for granted and libgit2 does not check: git apply does. */
static int
check_delta(struct gitrepo *g, git_tree *root, const char *name, git_diff *diff, size_t i,
            struct error *err)
{
	const git_diff_delta *d = git_diff_get_delta(diff, i);
	git_tree_entry *entry;
	size_t before;
	int there;

	if (d->status != GIT_DELTA_ADDED && !made_by(&before, diff, i, d->old_file.path)) {
		there = find_entry(&entry, g, root, d->old_file.path, err);
		git_tree_entry_free(there > 0 ? entry : NULL);
		if (there == 0)
			error_set(err, "%s: %s: there is no such file", name, d->old_file.path);
		if (there <= 0)
			return -1;
	}
	if (d->status == GIT_DELTA_ADDED || d->status == GIT_DELTA_RENAMED ||
	    d->status == GIT_DELTA_COPIED) {
		there = find_entry(&entry, g, root, d->new_file.path, err);
		git_tree_entry_free(there > 0 ? entry : NULL);
		if (there > 0 && !taken_away(diff, i, d->new_file.path))
			error_set(err, "%s: %s: is there already", name, d->new_file.path);
		else if (there >= 0)
			return 0;
		return -1;
	}
	return 0;
}

/*
 * The mode that change number i leaves its file with: libgit2 would make every
 * file plain (0100644) whose patch does not say otherwise.  0: not known.
 */
static uint32_t
mode_after(struct gitrepo *g, git_tree *root, git_diff *diff, size_t i)
{
	for (;;) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		if (d->status == GIT_DELTA_ADDED || d->old_file.mode != d->new_file.mode)
			return d->new_file.mode;
		if (made_by(&i, diff, i, d->old_file.path))
			continue;

		git_tree_entry *entry;
		if (find_entry(&entry, g, root, d->old_file.path, NULL) <= 0)
			return 0;
		uint32_t mode = git_tree_entry_filemode(entry);
		git_tree_entry_free(entry);
		return mode;
	}
}

static int
keep_modes(git_index *index, struct gitrepo *g, git_tree *root, git_diff *diff)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		const git_index_entry *entry = git_index_get_bypath(index, d->new_file.path, 0);
		uint32_t mode = mode_after(g, root, diff, i);
		if (d->status == GIT_DELTA_DELETED || !entry || !mode || entry->mode == mode)
			continue;

		git_index_entry fixed = *entry;
		fixed.mode = mode;
		int ret = git_index_add(index, &fixed);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int
apply_diff(git_oid *out, struct gitrepo *g, git_tree *root, const char *name, git_diff *diff,
           struct error *err)
{
	for (size_t i = 0; i < git_diff_num_deltas(diff); i++)
		if (check_delta(g, root, name, diff, i, err) < 0)
			return -1;

	struct place at = { 0 };
	git_apply_options options;
	git_apply_options_init(&options, GIT_APPLY_OPTIONS_VERSION);
	options.delta_cb = on_delta;
	options.hunk_cb = on_hunk;
	options.payload = &at;

	git_index *index = NULL;
	int ret = git_apply_to_tree(&index, g->handle, root, diff, &options);
	if (ret < 0) {
		apply_failed(name, &at, ret, err);
	} else {
		ret = keep_modes(index, g, root, diff);
		if (ret == 0)
			ret = git_index_write_tree_to(out, index, g->handle);
		if (ret < 0)
			lib_error(err, "%s", name);
	}
	git_index_free(index);
	free(at.file);
	return ret < 0 ? -1 : 0;
}

int
gitrepo_apply_patch(struct tree_id *out, struct gitrepo *g, const struct tree_id *tree,
                    const char *name, const char *patch, size_t len, struct error *err)
{
	git_tree *root = NULL;
	git_diff *diff = NULL;
	git_oid oid;
	int ret = -1;

	if (git_diff_from_buffer(&diff, patch, len) < 0) {
		lib_error(err, "%s", name);
		goto out;
	}
	if (git_diff_num_deltas(diff) == 0) {
		error_set(err, "%s: holds no change", name);
		goto out;
	}
	if (lookup_root(&root, g, tree, err) < 0 || apply_diff(&oid, g, root, name, diff, err) < 0)
		goto out;
	git_oid_tostr(out->hex, sizeof(out->hex), &oid);
	ret = 0;
out:
	git_tree_free(root);
	git_diff_free(diff);
	return ret;
}

/* libgit2 has no way to tell it a buffer's mode: it writes 100644 at the end of "index". */
static void
add_with_mode(struct str *out, const char *text, size_t len, unsigned mode)
{
	static const char plain[] = " 100644\n";
	const char *index = strstr(text, "\nindex ");
	const char *end = index ? strchr(index + 1, '\n') : NULL;
	size_t before = end ? (size_t)(end + 1 - text) : 0;

	if (before < sizeof(plain) - 1 ||
	    memcmp(text + before - (sizeof(plain) - 1), plain, sizeof(plain) - 1) != 0) {
		str_add_bytes(out, text, len);
		return;
	}
	str_add_bytes(out, text, before - (sizeof(plain) - 1));
	str_addf(out, " %06o\n", mode);
	str_add_bytes(out, text + before, len - before);
}

int
gitrepo_diff_text(struct str *out, const char *path, unsigned mode, const char *old,
                  size_t old_len, const char *new, size_t new_len, struct error *err)
{
	if (old_len == new_len && (old_len == 0 || memcmp(old, new, old_len) == 0))
		return 0;

	git_diff_options options;
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags |= GIT_DIFF_SHOW_BINARY;
	git_patch *patch = NULL;
	git_buf buf = { 0 };
	int ret = git_patch_from_buffers(&patch, old_len ? old : "", old_len, path,
	                                 new_len ? new : "", new_len, path, &options);
	if (ret == 0)
		ret = git_patch_to_buf(&buf, patch);
	if (ret == 0)
		add_with_mode(out, buf.ptr, buf.size, mode);
	else
		lib_error(err, "%s", path);
	git_buf_dispose(&buf);
	git_patch_free(patch);
	return ret < 0 ? -1 : 0;
}
