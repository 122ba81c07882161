#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"

#define READ_LIMIT ((size_t)1 << 30)
#define CHUNK ((size_t)64 * 1024)
#define NAMES_TRIED 100u

static int
failed(struct error *err, const char *path)
{
	return error_set(err, "%s: %s", path, strerror(errno));
}

static ssize_t
read_some(int fd, void *buf, size_t size)
{
	ssize_t n;
	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* All of fd; the size that stat gives is not asked for: /proc and pipes have none. */
static int
read_all(struct str *out, int fd, const char *path, size_t limit, struct error *err)
{
	char buf[CHUNK];
	for (;;) {
		ssize_t n = read_some(fd, buf, sizeof(buf));
		if (n < 0)
			return failed(err, path);
		if (n == 0)
			return 0;
		if ((size_t)n > limit - out->len)
			return error_set(err, "%s: is over %zu bytes", path, limit);
		str_add_bytes(out, buf, (size_t)n);
	}
}

/* Opened, 1; not there, 0; failed, -1. */
static int
open_if_there(int *fd, const char *path, struct error *err)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return 1;
	return errno == ENOENT ? 0 : failed(err, path);
}

/* All that is left of fd, which is closed. */
static int
take_all(const char **text, size_t *len, int fd, const char *path, size_t limit, struct arena *a,
         struct error *err)
{
	struct str s = { 0 };
	int ret = read_all(&s, fd, path, limit, err);

	close(fd);
	if (ret == 0) {
		*text = arena_copy(a, str_text(&s), s.len);
		*len = s.len;
		ret = 1;
	}
	str_dispose(&s);
	return ret;
}

int
file_read_if_there(const char **text, size_t *len, const char *path, size_t limit,
                   struct arena *a, struct error *err)
{
	int fd, got = open_if_there(&fd, path, err);
	return got > 0 ? take_all(text, len, fd, path, limit ? limit : READ_LIMIT, a, err) : got;
}

int
file_read_end(const char **text, size_t *len, const char *path, size_t most, struct arena *a,
              struct error *err)
{
	int fd, got = open_if_there(&fd, path, err);
	if (got <= 0)
		return got;

	/* It may grow while we read: what is over most is then cut off in front. */
	off_t end = lseek(fd, 0, SEEK_END);
	if (end < 0 || lseek(fd, (uintmax_t)end > most ? end - (off_t)most : 0, SEEK_SET) < 0) {
		failed(err, path);
		close(fd);
		return -1;
	}
	if (take_all(text, len, fd, path, READ_LIMIT, a, err) < 0)
		return -1;
	if (*len > most) {
		*text += *len - most;
		*len = most;
	}
	return 1;
}

int
file_read(const char **text, size_t *len, const char *path, size_t limit, struct arena *a,
          struct error *err)
{
	int got = file_read_if_there(text, len, path, limit, a, err);
	if (got == 0) {
		errno = ENOENT;
		return failed(err, path);
	}
	return got < 0 ? -1 : 0;
}

/* Does fd hold just these bytes? */
static bool
holds(int fd, const char *bytes, size_t len)
{
	char buf[CHUNK];
	for (;;) {
		ssize_t n = read_some(fd, buf, sizeof(buf));
		if (n <= 0)
			return n == 0 && len == 0;
		if ((size_t)n > len || memcmp(buf, bytes, (size_t)n) != 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
}

static bool
is_same(const char *path, const char *bytes, size_t len)
{
	/* A FIFO in the way must not hold us: hence O_NONBLOCK, and the look at its kind. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;

	struct stat st;
	bool same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 &&
	            (uintmax_t)st.st_size == len && holds(fd, bytes, len);
	close(fd);
	return same;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		len -= (size_t)n;
	}
	return fsync(fd);
}

/*
 * Open a new file in the folder of path; its name goes into temp.  mkstemp would
 * make it private to the user whatever the umask is.  The name is short, so that
 * a path whose last part has the greatest length still has a neighbour, and starts
 * with a dot, so that file_list does not see what a killed run left.
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
replace(const char *path, const char *bytes, size_t len, struct error *err)
{
	struct str temp = { 0 };
	int ret = -1;

	int fd = open_beside(&temp, path);
	if (fd < 0) {
		failed(err, path);
		goto out;
	}
	int wrote = write_all(fd, bytes, len);
	int saved = errno;
	if (close(fd) < 0 && wrote == 0) {
		wrote = -1;
		saved = errno;
	}
	if (wrote == 0 && rename(str_text(&temp), path) < 0) {
		wrote = -1;
		saved = errno;
	}
	if (wrote < 0) {
		unlink(str_text(&temp));
		errno = saved;
		failed(err, path);
		goto out;
	}
	ret = 1;
out:
	str_dispose(&temp);
	return ret;
}

int
file_replace(const char *path, const char *bytes, size_t len, struct error *err)
{
	if (is_same(path, bytes, len))
		return 0;

	const char *slash = strrchr(path, '/');
	if (slash && slash != path) {
		struct str folder = { 0 };
		str_add_bytes(&folder, path, (size_t)(slash - path));
		int made = file_make_folders(str_text(&folder), err);
		str_dispose(&folder);
		if (made < 0)
			return -1;
	}
	return replace(path, bytes, len, err);
}

static int
make_folder(const char *path, struct error *err)
{
	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return failed(err, path);

	struct stat st;
	if (stat(path, &st) < 0)
		return failed(err, path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, "%s: is not a folder", path);
	return 0;
}

int
file_make_folders(const char *path, struct error *err)
{
	if (file_is_folder(path))
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

bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool
file_is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
file_list(const char ***names, size_t *n, const char *folder, struct arena *a, struct error *err)
{
	*names = NULL;
	*n = 0;
	DIR *dir = opendir(folder);
	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return failed(err, folder);

	const char **found = NULL;
	size_t count = 0, cap = 0;
	struct dirent *e;
	while (errno = 0, (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		found = memory_grow(found, &cap, count, sizeof(*found));
		found[count++] = arena_strdup(a, e->d_name);
	}
	int ret = errno ? failed(err, folder) : 0;
	closedir(dir);
	if (ret == 0 && count) {
		qsort(found, count, sizeof(*found), by_name);
		*names = arena_array(a, count, sizeof(**names));
		memcpy(*names, found, count * sizeof(*found));
		*n = count;
	}
	free(found);
	return ret;
}
