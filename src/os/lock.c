#include "os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"

#define TEXT_LIMIT ((size_t)4096)

static int
failed(struct error *err, const char *path)
{
	return error_set(err, "%s: %s", path, strerror(errno));
}

/* Between our open and our flock a holder may have removed the file: then we hold nothing. */
static bool
is_current(int fd, const char *path)
{
	struct stat ours, there;
	return fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino &&
	       ours.st_dev == there.st_dev;
}

static const char *
read_text(int fd, struct arena *a)
{
	char buf[TEXT_LIMIT];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);
	return arena_copy(a, buf, n > 0 ? (size_t)n : 0);
}

int
lock_try(struct lock *l, const char *path, const char **text, struct arena *a,
         struct error *err)
{
	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0)
			return failed(err, path);
		int locked = flock(fd, LOCK_EX | LOCK_NB);
		if (locked < 0 && errno != EWOULDBLOCK) {
			failed(err, path);
			close(fd);
			return -1;
		}
		if (locked == 0 && !is_current(fd, path)) {
			close(fd);
			continue;
		}
		*text = read_text(fd, a);
		if (locked < 0) {
			close(fd);
			return 0;
		}
		*l = (struct lock){ .fd = fd, .path = path };
		return 1;
	}
}

int
lock_take(struct lock *l, const char *path, struct error *err)
{
	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0)
			return failed(err, path);
		int locked;
		while ((locked = flock(fd, LOCK_EX)) < 0 && errno == EINTR)
			;
		if (locked < 0) {
			failed(err, path);
			close(fd);
			return -1;
		}
		if (is_current(fd, path)) {
			*l = (struct lock){ .fd = fd, .path = path };
			return 0;
		}
		close(fd);
	}
}

bool
lock_is_held(const char *path, const char **text, struct arena *a)
{
	*text = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	*text = read_text(fd, a);
	close(fd);
	return held;
}

int
lock_write(const struct lock *l, const char *text, size_t len, struct error *err)
{
	if (ftruncate(l->fd, 0) < 0)
		return failed(err, l->path);
	ssize_t n = pwrite(l->fd, text, len, 0);
	if (n < 0)
		return failed(err, l->path);
	if ((size_t)n != len)
		return error_set(err, "%s: only %zd of %zu bytes were written", l->path, n, len);
	return 0;
}

void
lock_close(struct lock *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

void
lock_release(struct lock *l)
{
	if (l->fd >= 0)
		unlink(l->path);
	lock_close(l);
}
