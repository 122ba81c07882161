#include "os/file_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "os/file.h"
#include "os/tree.h"

#define CHUNK ((size_t)64 * 1024)
#define NAMES_TRIED 100u

struct file_writer {
	char *path;
	int old;		/* the file as it was; -1: none, or it differs */
	off_t same;		/* so many bytes of it are what was added */
	int new;		/* -1: not begun, all has been the same so far */
	struct str temp;	/* its name, "" once it is gone */
};

static int
failed(const struct file_writer *w, struct error *err)
{
	return error_set(err, "%s: %s", w->path, strerror(errno));
}

struct file_writer *
file_writer_new(const char *path)
{
	struct file_writer *w = memory_resize(NULL, sizeof(*w));
	struct stat st;

	*w = (struct file_writer){ .new = -1 };
	w->path = memory_resize(NULL, strlen(path) + 1);
	strcpy(w->path, path);

	/* A FIFO in the way must not hold us: hence O_NONBLOCK, and the look at its kind. */
	w->old = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (w->old >= 0 && (fstat(w->old, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(w->old);
		w->old = -1;
	}
	return w;
}

/* ---- the old file ---- */

static ssize_t
read_some(int fd, void *buf, size_t size)
{
	ssize_t n;
	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Does the old file go on with these bytes? */
static bool
goes_on_with(const struct file_writer *w, const char *bytes, size_t len)
{
	char buf[CHUNK];

	while (len) {
		ssize_t n = read_some(w->old, buf, len < sizeof(buf) ? len : sizeof(buf));
		if (n <= 0 || memcmp(buf, bytes, (size_t)n) != 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
ends_here(const struct file_writer *w)
{
	char byte;
	return read_some(w->old, &byte, 1) == 0;
}

/* ---- the new file ---- */

/*
 * Open a new file in the folder of path.  mkstemp would make it private to the user
 * whatever the umask is.  The name is short, so that a path whose last part has the
 * greatest length still has a neighbour, and starts with a dot, so that file_list does
 * not see what a killed run left.
 */
static int
open_beside(struct str *temp, const char *path)
{
	const char *slash = strrchr(path, '/');

	for (unsigned i = 0; i < NAMES_TRIED; i++) {
		str_clear(temp);
		if (slash)
			str_add_bytes(temp, path, (size_t)(slash - path) + 1);
		str_addf(temp, ".new-%ld-%u", (long)getpid(), i);
		int fd = open(str_text(temp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int
make_folder_of(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct str folder = { 0 };

	if (!slash || slash == path)
		return 0;
	str_add_bytes(&folder, path, (size_t)(slash - path));
	int ret = tree_make(str_text(&folder), err);
	str_dispose(&folder);
	return ret;
}

static int
write_all(const struct file_writer *w, const char *bytes, size_t len, struct error *err)
{
	while (len) {
		ssize_t n = write(w->new, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(w, err);
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* What was the same so far. */
static int
copy_same(const struct file_writer *w, struct error *err)
{
	char buf[CHUNK];
	off_t left = w->same;

	if (left && lseek(w->old, 0, SEEK_SET) < 0)
		return failed(w, err);
	while (left) {
		ssize_t n = read_some(w->old, buf, left < (off_t)sizeof(buf) ? (size_t)left : sizeof(buf));
		if (n <= 0)
			return n < 0 ? failed(w, err) : error_set(err, "%s: became shorter while it was read", w->path);
		if (write_all(w, buf, (size_t)n, err) < 0)
			return -1;
		left -= n;
	}
	return 0;
}

static int
begin_new(struct file_writer *w, struct error *err)
{
	if (make_folder_of(w->path, err) < 0)
		return -1;
	w->new = open_beside(&w->temp, w->path);
	if (w->new < 0) {
		failed(w, err);
		str_clear(&w->temp);
		return -1;
	}
	return copy_same(w, err);
}

/* ---- both ---- */

int
file_writer_add(struct file_writer *w, const char *bytes, size_t len, struct error *err)
{
	if (w->new < 0) {
		if (w->old >= 0 && goes_on_with(w, bytes, len)) {
			w->same += (off_t)len;
			return 0;
		}
		if (begin_new(w, err) < 0)
			return -1;
	}
	return write_all(w, bytes, len, err);
}

int
file_writer_take(void *writer, const char *bytes, size_t len, struct error *err)
{
	return file_writer_add(writer, bytes, len, err);
}

static int
close_new(struct file_writer *w, struct error *err)
{
	int synced = fsync(w->new), saved = errno;
	int closed = close(w->new);

	w->new = -1;
	if (synced < 0)
		errno = saved;
	return synced < 0 || closed < 0 ? failed(w, err) : 0;
}

int
file_writer_end(struct file_writer *w, struct error *err)
{
	if (w->new < 0) {
		if (w->old >= 0 && ends_here(w))
			return 0;
		if (begin_new(w, err) < 0)
			return -1;
	}
	if (close_new(w, err) < 0)
		return -1;
	if (rename(str_text(&w->temp), w->path) < 0)
		return failed(w, err);
	str_clear(&w->temp);
	return 1;
}

void
file_writer_free(struct file_writer *w)
{
	if (!w)
		return;
	if (w->new >= 0)
		close(w->new);
	if (w->temp.len)
		unlink(str_text(&w->temp));
	if (w->old >= 0)
		close(w->old);
	str_dispose(&w->temp);
	free(w->path);
	free(w);
}
