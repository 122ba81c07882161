#include "os/signals.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"

static const int interrupts[] = { SIGINT, SIGTERM, SIGHUP };

static bool
is_ignored(int signal)
{
	struct sigaction now;
	return sigaction(signal, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void
watched(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		if (!is_ignored(interrupts[i]))
			sigaddset(set, interrupts[i]);
}

void
signals_watch(void)
{
	sigset_t set;
	watched(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* A parent that ignores SIGCHLD would make waitpid forget how children ended. */
	signal(SIGCHLD, SIG_DFL);
}

/* sigtimedwait once; 0 when the time was over or another signal came between. */
static int
wait_once(const sigset_t *set, double seconds)
{
	if (seconds < 0)
		return sigwaitinfo(set, NULL);
	struct timespec t = { .tv_sec = (time_t)seconds };
	t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
	return sigtimedwait(set, NULL, &t);
}

int
signals_wait(double seconds, const sigset_t *extra)
{
	sigset_t set;
	watched(&set);
	if (extra)
		sigorset(&set, &set, extra);

	double until = clock_monotonic_s() + seconds;
	for (;;) {
		int got = wait_once(&set, seconds);
		if (got > 0)
			return got;
		if (errno == EAGAIN)
			return 0;
		if (seconds >= 0) {
			seconds = until - clock_monotonic_s();
			if (seconds < 0)
				return 0;
		}
	}
}

void
signals_release(void)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
signals_die(int number)
{
	signal(number, SIG_DFL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}
