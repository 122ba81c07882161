#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "os/file_writer.h"

#define READ_LIMIT ((size_t)1 << 30)
#define CHUNK ((size_t)64 * 1024)

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

/* All that is left of fd, behind the first got bytes of it. */
static int
read_rest(struct str *out, int fd, const char *path, size_t got, size_t limit, struct error *err)
{
	char buf[CHUNK];
	for (;;) {
		ssize_t n = read_some(fd, buf, sizeof(buf));
		if (n < 0)
			return failed(err, path);
		if (n == 0)
			return 0;
		if ((size_t)n > limit - got - out->len)
			return error_set(err, "%s: is over %zu bytes", path, limit);
		str_add_bytes(out, buf, (size_t)n);
	}
}

/* How much is left of fd, by what it says; /proc and pipes say nothing. */
static size_t
size_left(int fd)
{
	struct stat st;
	off_t at = lseek(fd, 0, SEEK_CUR);
	return at >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > at
		? (size_t)(st.st_size - at) : 0;
}

/* Read size bytes, fewer if there are fewer. */
static int
read_size(char *out, size_t *got, int fd, const char *path, size_t size, struct error *err)
{
	for (*got = 0; *got < size;) {
		ssize_t n = read_some(fd, out + *got, size - *got);
		if (n < 0)
			return failed(err, path);
		if (n == 0)
			return 0;
		*got += (size_t)n;
	}
	return 0;
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

/* All that is left of fd, which is closed: as much as it says, in one piece, then the rest. */
static int
take_all(const char **text, size_t *len, int fd, const char *path, size_t limit, struct arena *a,
         struct error *err)
{
	size_t size = size_left(fd), got = 0;
	struct str rest = { 0 };
	char *start = NULL;
	int ret = -1;

	if (size > limit) {
		error_set(err, "%s: is over %zu bytes", path, limit);
		goto out;
	}
	start = arena_alloc(a, size + 1);
	if (read_size(start, &got, fd, path, size, err) < 0 ||
	    read_rest(&rest, fd, path, got, limit, err) < 0)
		goto out;
	if (rest.len) {
		char *all = arena_alloc(a, got + rest.len + 1);
		memcpy(all, start, got);
		memcpy(all + got, rest.data, rest.len);
		start = all;
	}
	start[got + rest.len] = '\0';
	*text = start;
	*len = got + rest.len;
	ret = 1;
out:
	close(fd);
	str_dispose(&rest);
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
file_map(char **text, size_t *len, const char *path, struct error *err)
{
	int fd, got = open_if_there(&fd, path, err);

	*text = NULL;
	*len = 0;
	if (got <= 0)
		return got;
	*len = size_left(fd);
	void *start = *len ? mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	if (start == MAP_FAILED)
		got = failed(err, path);
	else
		*text = start;
	close(fd);
	return got;
}

void
file_unmap(char *text, size_t len)
{
	if (text)
		munmap(text, len);
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

int
file_replace(const char *path, const char *bytes, size_t len, struct error *err)
{
	struct file_writer *w = file_writer_new(path);
	int ret = file_writer_add(w, bytes, len, err);

	if (ret == 0)
		ret = file_writer_end(w, err);
	file_writer_free(w);
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

bool
file_in_path(const char *program)
{
	const char *folder = getenv("PATH");
	struct str path = { 0 };
	bool found = false;

	for (const char *end; folder && !found; folder = *end ? end + 1 : NULL) {
		struct stat st;
		end = folder + strcspn(folder, ":");
		str_clear(&path);
		str_add_bytes(&path, folder, (size_t)(end - folder));
		str_addf(&path, "%s/%s", path.len ? "" : ".", program);
		found = access(str_text(&path), X_OK) == 0 && stat(str_text(&path), &st) == 0 &&
		        S_ISREG(st.st_mode);
	}
	str_dispose(&path);
	return found;
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
