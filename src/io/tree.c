#include "io/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

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
