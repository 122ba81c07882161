#include "logs/log_class.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "logs/log_line.h"

#define CHUNK ((size_t)256 * 1024)

int
log_class_read(struct finding *out, struct classifier *c, int fd, const char *path,
               struct error *err)
{
	char *buf = memory_resize(NULL, CHUNK);
	ssize_t n;
	while ((n = read(fd, buf, CHUNK)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			classifier_feed(c, buf, (size_t)n);
	int failure = errno;
	free(buf);
	classifier_finish(out, c);
	return n < 0 ? error_set(err, "%s: %s", path, strerror(failure)) : 0;
}

/* The end of the file, at most size bytes of it. */
static ssize_t
read_tail(char *buf, size_t size, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = -1;
	if (fstat(fd, &st) == 0)
		n = pread(fd, buf, size, st.st_size > (off_t)size ? st.st_size - (off_t)size : 0);
	close(fd);
	return n;
}

bool
log_last_line(char *out, size_t size, const char *path)
{
	char buf[2048], clean[sizeof(buf)];
	ssize_t got = read_tail(buf, sizeof(buf), path);
	size_t len = got > 0 ? log_line_clean(clean, buf, (size_t)got) : 0;
	while (len && strchr(" \t\r\n", clean[len - 1]))
		len--;
	size_t start = len;
	while (start && clean[start - 1] != '\n' && clean[start - 1] != '\r')
		start--;
	len = len - start < size ? len - start : size - 1;
	memcpy(out, clean + start, len);
	out[len] = '\0';
	for (char *p = out; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	return len > 0;
}
