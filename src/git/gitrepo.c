#include "git/gitrepo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/str.h"
#include "git/gitrepo_lib.h"

#define KEEP_PRIORITY 999	/* over libgit2's own backends, 1 and 2 */

/*
 * The clone's own backends lose their means to write, and to "freshen", which sets the time of
 * the pack that holds an object somebody wants to write again.
 */
static int
write_nothing(struct gitrepo *g, struct error *err)
{
	for (size_t i = 0; i < git_odb_num_backends(g->odb); i++) {
		git_odb_backend *disk;
		if (git_odb_get_backend(&disk, g->odb, i) < 0)
			return gitrepo_lib_error(err, "%s", g->path);
		disk->write = NULL;
		disk->writestream = NULL;
		disk->writepack = NULL;
		disk->freshen = NULL;
	}
	return 0;
}

static int
add_loose(git_odb *odb, const char *objects)
{
	git_odb_backend *loose;
	int ret = git_odb_backend_loose(&loose, objects, -1, 0, 0, 0);
	if (ret < 0)
		return ret;
	ret = git_odb_add_backend(odb, loose, KEEP_PRIORITY);
	if (ret < 0)
		loose->free(loose);
	return ret;
}

int
gitrepo_keep_in(struct gitrepo *g, const char *objects, struct error *err)
{
	git_odb_free(g->kept);
	g->kept = NULL;
	if (git_odb_new(&g->kept) < 0 || add_loose(g->kept, objects) < 0 || add_loose(g->odb, objects) < 0)
		return gitrepo_lib_error(err, "%s", objects);
	return 0;
}

static int
find_objects(struct gitrepo *g, struct error *err)
{
	git_buf buf = { 0 };
	if (git_repository_item_path(&buf, g->handle, GIT_REPOSITORY_ITEM_OBJECTS) < 0)
		return gitrepo_lib_error(err, "%s", g->path);

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
	if (stat(path, &st) < 0 || access(path, R_OK) < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (code == GIT_ENOTFOUND)
		return error_set(err, "%s: is not a git repository", path);
	if (st.st_uid != geteuid())
		return gitrepo_lib_error(err, "%s: owned by user %lu, read by user %lu", path,
		                 (unsigned long)st.st_uid, (unsigned long)geteuid());
	return gitrepo_lib_error(err, "%s", path);
}

int
gitrepo_open(struct gitrepo **out, const char *path, struct error *err)
{
	if (gitrepo_lib_start(err) < 0)
		return -1;

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
		gitrepo_lib_error(err, "%s", path);
		goto fail;
	}
	if (write_nothing(g, err) < 0 || find_objects(g, err) < 0)
		goto fail;
	*out = g;
	return 0;
fail:
	gitrepo_free(g);
	return -1;
}

int
gitrepo_read_also(struct gitrepo *g, const char *objects, struct error *err)
{
	return git_odb_add_disk_alternate(g->odb, objects) < 0 ? gitrepo_lib_error(err, "%s", objects) : 0;
}

void
gitrepo_free(struct gitrepo *g)
{
	if (!g)
		return;
	gitrepo_history_free(g->history);
	git_odb_free(g->kept);
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
