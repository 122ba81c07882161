#include "os/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "os/clock.h"
#include "os/proc.h"
#include "os/signals.h"

#define LEFTOVER_GRACE_S 2.0	/* for what a command that ended well left running */
#define KILL_LIMIT_S 5.0	/* a process that KILL does not end in this time is given up */
#define FRONT_DIED SIGUSR1	/* what the kernel tells the keeper */

/* What the keeper reports, in memory that it shares with us. */
struct report {
	struct process_end end;
	volatile sig_atomic_t whole;
};

enum phase {
	PHASE_RUNNING,
	PHASE_ENDING,	/* told to end */
	PHASE_KILLED,
};

struct keeper {
	const struct process_plan *plan;
	struct process_end *end;
	pid_t command;
	bool command_gone;
	enum phase phase;
	double started;
	double next;		/* when the phase is over; 0: never */
};

static _Noreturn void
become_command(const struct process_plan *plan, pid_t keeper)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
	if (getppid() != keeper)
		_exit(127);

	int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (in < 0 || dup2(in, 0) < 0 || dup2(plan->output, 1) < 0 || dup2(plan->output, 2) < 0)
		_exit(127);
	signals_release();
	execvp(plan->argv[0], plan->argv);
	dprintf(2, "step: %s: %s\n", plan->argv[0], strerror(errno));
	_exit(127);
}

/* Collect all that ended.  Returns whether there are children still. */
static bool
reap(struct keeper *k)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			return pid == 0;
		if (pid != k->command)
			continue;
		k->command_gone = true;
		if (WIFSIGNALED(status))
			k->end->signal = WTERMSIG(status);
		else
			k->end->status = WEXITSTATUS(status);
	}
}

static void
send_all(const struct keeper *k, int signal)
{
	if (!k->command_gone)
		kill(-k->command, signal);
	else
		proc_signal_children(signal, k->command);
}

static void
tell_to_end(struct keeper *k, int signal, double grace_s)
{
	send_all(k, signal);
	k->phase = PHASE_ENDING;
	k->next = clock_monotonic_s() + grace_s;
}

/*
 * KILL, until no child is left: those of a killed child become ours in turn.  A
 * process of another user (sudo) or one stuck in the kernel may stay.
 */
static void
kill_all(struct keeper *k)
{
	k->phase = PHASE_KILLED;
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	double until = clock_monotonic_s() + KILL_LIMIT_S;
	do {
		proc_signal_children(SIGKILL, k->command);
		signals_wait(0.02, &child);
	} while (reap(k) && clock_monotonic_s() < until);
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

static void
on_interrupt(struct keeper *k, int signal)
{
	if (k->phase != PHASE_RUNNING) {
		kill_all(k);
		return;
	}
	k->end->interrupt = signal;
	tell_to_end(k, signal == FRONT_DIED ? SIGTERM : signal,
	            least(k->plan->grace_s, PROCESS_INTERRUPT_GRACE_S));
}

static void
on_time(struct keeper *k)
{
	if (k->phase == PHASE_RUNNING) {
		k->end->deadline_hit = true;
		tell_to_end(k, SIGTERM, k->plan->grace_s);
	} else {
		kill_all(k);
	}
}

/* Wait until the command and all it started are gone. */
static void
keep(struct keeper *k)
{
	sigset_t extra;
	sigemptyset(&extra);
	sigaddset(&extra, SIGCHLD);
	sigaddset(&extra, FRONT_DIED);

	while (reap(k)) {
		if (k->phase == PHASE_KILLED)
			return;
		if (k->command_gone && k->phase == PHASE_RUNNING)
			tell_to_end(k, SIGTERM, least(k->plan->grace_s, LEFTOVER_GRACE_S));

		double left = k->next == 0 ? -1 : k->next - clock_monotonic_s();
		int signal = k->next != 0 && left <= 0 ? 0 : signals_wait(left, &extra);
		if (signal == 0)
			on_time(k);
		else if (signal != SIGCHLD)
			on_interrupt(k, signal);
	}
}

static _Noreturn void
become_keeper(const struct process_plan *plan, struct report *report, pid_t front)
{
	setpgid(0, 0);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, FRONT_DIED);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, (long)FRONT_DIED, 0L, 0L, 0L);
	prctl(PR_SET_NAME, "step-keeper", 0L, 0L, 0L);
	proc_adopt_orphans();
	if (getppid() != front)
		_exit(1);

	struct keeper k = { .plan = plan, .end = &report->end, .started = clock_monotonic_s() };
	if (plan->deadline_s > 0)
		k.next = k.started + plan->deadline_s;
	pid_t self = getpid();
	k.command = fork();
	if (k.command == 0)
		become_command(plan, self);
	if (k.command < 0) {
		dprintf(plan->output, "step: cannot start a process: %s\n", strerror(errno));
		report->end.status = 127;
	} else {
		setpgid(k.command, k.command);
		keep(&k);
	}

	struct rusage usage;
	if (getrusage(RUSAGE_CHILDREN, &usage) == 0)
		report->end.peak_kb = usage.ru_maxrss;
	report->end.seconds = clock_monotonic_s() - k.started;
	report->whole = 1;
	_exit(0);
}

/* Wait for the keeper, passing signals on to it. */
static void
wait_for_keeper(pid_t keeper)
{
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (waitpid(keeper, NULL, WNOHANG) == 0) {
		int signal = signals_wait(-1, &child);
		if (signal != SIGCHLD)
			kill(keeper, signal);
	}
}

/* The keeper was killed: its children are ours now. */
static void
end_without_keeper(struct process_end *end)
{
	struct keeper rest = { .end = end, .command_gone = true };
	kill_all(&rest);
	end->keeper_lost = true;
}

int
process_run(struct process_end *end, const struct process_plan *plan, struct error *err)
{
	struct report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
	                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return error_set(err, "cannot get shared memory: %s", strerror(errno));

	proc_adopt_orphans();
	double started = clock_monotonic_s();
	pid_t front = getpid();
	pid_t keeper = fork();
	if (keeper == 0)
		become_keeper(plan, report, front);
	if (keeper < 0) {
		munmap(report, sizeof(*report));
		return error_set(err, "cannot start a process: %s", strerror(errno));
	}
	wait_for_keeper(keeper);

	*end = report->end;
	if (!report->whole) {
		end_without_keeper(end);
		end->seconds = clock_monotonic_s() - started;
	}
	munmap(report, sizeof(*report));
	return 0;
}
