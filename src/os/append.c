#include "os/append.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/str.h"

static bool
ends_torn(int fd)
{
	struct stat st;
	char last;
	return fstat(fd, &st) == 0 && st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 &&
	       last != '\n';
}

int
append_lines(const char *path, const char *lines, size_t len, struct error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_set(err, "%s: %s", path, strerror(errno));

	/* A write in two pages is seen half done: without the lock it looks torn. */
	struct str text = { 0 };
	flock(fd, LOCK_EX);
	if (ends_torn(fd))
		str_add(&text, '\n');
	str_add_bytes(&text, lines, len);
	ssize_t n = write(fd, text.data, text.len);
	int ret = 0;
	if (n < 0)
		ret = error_set(err, "%s: %s", path, strerror(errno));
	else if ((size_t)n != text.len)
		ret = error_set(err, "%s: only %zd of %zu bytes were written", path, n, text.len);
	close(fd);
	str_dispose(&text);
	return ret;
}
