#include "io/log_class.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"

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
