#include "os/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/str.h"

#define BLOCK 512.0	/* of st_blocks, whatever the file system's are */

/* Links are not followed, other file systems not entered. */
static FTS *
walk(const char *path)
{
	char *paths[] = { (char *)path, NULL };
	return fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
}

double
tree_size_bytes(const char *path)
{
	FTS *fts = walk(path);
	double size = 0;
	if (!fts)
		return 0;
	for (FTSENT *e; (e = fts_read(fts));)
		if (e->fts_info != FTS_DP && e->fts_info != FTS_NS)
			size += (double)e->fts_statp->st_blocks * BLOCK;
	fts_close(fts);
	return size;
}

int
tree_remove(const char *path, struct error *err)
{
	FTS *fts = walk(path);
	int ret = 0;
	if (!fts)
		return error_set(err, "%s: %s", path, strerror(errno));
	for (FTSENT *e; (e = fts_read(fts));) {
		if (e->fts_info == FTS_D)
			continue;
		int gone = e->fts_info == FTS_DP || e->fts_info == FTS_DNR ? rmdir(e->fts_path)
		                                                           : unlink(e->fts_path);
		if (gone < 0 && errno != ENOENT)
			ret = error_set(err, "%s: %s", e->fts_path, strerror(errno));
	}
	fts_close(fts);
	return ret;
}

static int
make_folder(const char *path, struct error *err)
{
	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return error_set(err, "%s: %s", path, strerror(errno));

	struct stat st;
	if (stat(path, &st) < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return error_set(err, "%s: is not a folder", path);
	return 0;
}

int
tree_make(const char *path, struct error *err)
{
	struct stat st;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;

	struct str s = { 0 };
	str_adds(&s, path);
	int ret = 0;
	for (size_t i = 1; ret == 0 && i < s.len; i++) {
		if (s.data[i] != '/')
			continue;
		s.data[i] = '\0';
		ret = make_folder(s.data, err);
		s.data[i] = '/';
	}
	if (ret == 0)
		ret = make_folder(str_text(&s), err);
	str_dispose(&s);
	return ret;
}

int
tree_sync(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret = fd < 0 ? -1 : syncfs(fd), saved = errno;
	if (fd >= 0)
		close(fd);
	return ret < 0 ? error_set(err, "%s: %s", path, strerror(saved)) : 0;
}
