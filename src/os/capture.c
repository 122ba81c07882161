#include "os/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/str.h"
#include "os/clock.h"

extern char **environ;

/* Our ends of its pipes, and what is still to be written. */
struct talk {
	int in, out;
	const char *rest;
	size_t rest_len;
	double end_s;
};

static void
close_once(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
start(pid_t *pid, const struct capture *c, const int stdin_pipe[2], const int stdout_pipe[2])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, stdin_pipe[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, stdout_pipe[1], STDOUT_FILENO);
	if (c->stderr_too)
		posix_spawn_file_actions_adddup2(&actions, stdout_pipe[1], STDERR_FILENO);
	else if (c->quiet)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
	                                      POSIX_SPAWN_SETPGROUP);
	int failed = posix_spawnp(pid, c->argv[0], &actions, &attributes, c->argv,
	                          c->environment ? c->environment : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/* One write; a program that does not read its input is no error. */
static void
feed(struct talk *t)
{
	ssize_t n = t->rest_len ? write(t->in, t->rest, t->rest_len) : 0;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		t->rest += n;
		t->rest_len -= (size_t)n;
	}
	if (n <= 0 || !t->rest_len)
		close_once(&t->in);
}

/* One read.  Returns -1 and err set when it is too much. */
static int
drain(struct talk *t, struct str *out, size_t limit, size_t *total, struct error *err)
{
	char buffer[4096];
	ssize_t n = read(t->out, buffer, sizeof(buffer));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n <= 0) {
		close_once(&t->out);
		return 0;
	}
	*total += (size_t)n;
	if (*total > limit)
		return error_set(err, "prints more than %zu bytes", limit);
	if (out)
		str_add_bytes(out, buffer, (size_t)n);
	explicit_bzero(buffer, sizeof(buffer));
	return 0;
}

static int
talk(struct talk *t, struct str *out, const struct capture *c, struct error *err)
{
	size_t total = 0;

	while (t->out >= 0) {
		double left = t->end_s - clock_monotonic_s();
		if (left <= 0)
			return error_set(err, "did not end within %.0f s", c->deadline_s);
		struct pollfd fds[2] = { { t->out, POLLIN, 0 }, { t->in, POLLOUT, 0 } };
		if (poll(fds, t->in >= 0 ? 2 : 1, (int)(left * 1000) + 1) < 0 && errno != EINTR)
			return error_set(err, "poll: %s", strerror(errno));
		if (t->in >= 0 && fds[1].revents)
			feed(t);
		if (fds[0].revents && drain(t, out, c->limit, &total, err) < 0)
			return -1;
	}
	return 0;
}

/* Its stdout is closed: it should end now.  One that does not is killed at the deadline. */
static int
reap(pid_t pid, const struct talk *t, const struct capture *c, struct error *err)
{
	struct timespec pause = { 0, 50 * 1000 };	/* most have ended by now, or will at once */
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);
		if (got == pid)
			break;
		if (got < 0 && errno != EINTR)
			return error_set(err, "wait: %s", strerror(errno));
		if (clock_monotonic_s() > t->end_s) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return error_set(err, "did not end within %.0f s", c->deadline_s);
		}
		nanosleep(&pause, NULL);
		pause.tv_nsec += pause.tv_nsec < 2 * 1000 * 1000 ? pause.tv_nsec : 0;
	}
	if (WIFSIGNALED(status))
		return error_set(err, "killed by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

int
capture_run(struct str *out, const struct capture *c, struct error *err)
{
	int in[2] = { -1, -1 }, from[2] = { -1, -1 };
	pid_t pid;
	int ret = -1;
	void (*old_pipe)(int) = signal(SIGPIPE, SIG_IGN);

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0) {
		error_set(err, "pipe: %s", strerror(errno));
		goto out;
	}
	int failed = start(&pid, c, in, from);
	if (failed) {
		ret = failed == ENOENT ? 127 : error_set(err, "%s", strerror(failed));
		goto out;
	}
	close_once(&in[0]);
	close_once(&from[1]);
	fcntl(in[1], F_SETFL, O_NONBLOCK);

	struct talk t = { in[1], from[0], c->input ? c->input : "", c->input_len,
	                  clock_monotonic_s() + c->deadline_s };
	ret = talk(&t, out, c, err);
	in[1] = t.in;
	from[0] = t.out;
	if (ret < 0) {
		kill(-pid, SIGKILL);
		waitpid(pid, NULL, 0);
	} else {
		ret = reap(pid, &t, c, err);
	}
out:
	close_once(&in[0]);
	close_once(&in[1]);
	close_once(&from[0]);
	close_once(&from[1]);
	signal(SIGPIPE, old_pipe);
	if (ret < 0)
		error_prefix(err, "%s", c->argv[0]);
	return ret;
}
