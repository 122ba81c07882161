#include "os/engine.h"

#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "os/file.h"

#define DEFAULT_SOCKET "/var/run/docker.sock"
#define ANSWER_MS 10000

static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* A daemon that hangs accepts connections too, so something is asked. */
static bool
socket_answers(const char *path)
{
	static const char request[] = "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n";
	char answer[5];
	int fd = connect_to(path);
	if (fd < 0)
		return false;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool ok = send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(request) - 1 &&
	          poll(&p, 1, ANSWER_MS) == 1 && read(fd, answer, sizeof(answer)) == sizeof(answer) &&
	          memcmp(answer, "HTTP/", 5) == 0;
	close(fd);
	return ok;
}

bool
engine_answers(enum engine engine)
{
	if (engine != ENGINE_DOCKER)
		return true;
	const char *host = getenv("DOCKER_HOST");
	if (!host || !*host)
		return getenv("DOCKER_CONTEXT") ? true : socket_answers(DEFAULT_SOCKET);
	return strncmp(host, "unix://", 7) != 0 || socket_answers(host + 7);
}

const char *
engine_store(enum engine engine, struct arena *a)
{
	const char *path = NULL, *home = getenv("HOME");
	if (engine == ENGINE_DOCKER)
		path = "/var/lib/docker";
	else if (engine == ENGINE_BUILDAH && geteuid() == 0)
		path = "/var/lib/containers/storage";
	else if (engine == ENGINE_BUILDAH && home)
		path = arena_printf(a, "%s/.local/share/containers/storage", home);
	return path && file_exists(path) ? path : NULL;
}
