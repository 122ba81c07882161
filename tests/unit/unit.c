/*
 * unit.c - run groups of unit tests, each in a process of its own.
 *
 *	unit [-o FOLDER] [-j N] [-t SECONDS] [GROUP[:TEST]...]
 *
 * Without names, unit runs all groups.  TEST may hold * and ?.
 *
 * tests/run uses the options.  With -o, what a group prints goes to FOLDER/NAME.log, the group
 * works in a new folder NAME, and stdout has a line per group when it ends:
 *
 *	NAME STATUS SECONDS PID
 *
 * NAME is spelled as it was on the command line.  STATUS is the exit status, 128 and the signal
 * that killed the group, or 124 after -t SECONDS.  -j N runs N groups at a time.
 *
 * exit: 0 all tests passed, 1 one failed, 2 usage
 */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_AT_ONCE = 64, TIMED_OUT = 124, NOT_STARTED = 126 };

static struct group *groups, **last = &groups;

/* A group at work, or pid 0. */
static struct {
	volatile pid_t pid;
	const char *name;
	time_t since;
} places[MOST_AT_ONCE];

static const char *log_folder;	/* or NULL */
static unsigned deadline_s;	/* or 0 */

void
group_add(struct group *g)
{
	*last = g;
	last = &g->next;
}

static const struct group *
group_find(const char *name)
{
	const struct group *g = groups;
	size_t len = strcspn(name, ":");
	while (g && (strncmp(g->name, name, len) != 0 || g->name[len]))
		g = g->next;
	return g;
}

static int
run_here(const char *name)
{
	const char *test = strchr(name, ':');
	if (test)
		cmocka_set_test_filter(test + 1);
	return group_find(name)->run() ? 1 : 0;
}

/* Point stdout and stderr to the group's log, and go to its folder. */
static bool
enter(const char *name)
{
	char path[4096];
	if (!log_folder)
		return true;
	snprintf(path, sizeof(path), "%s/%s.log", log_folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return fd >= 0 && dup2(fd, 1) == 1 && dup2(fd, 2) == 2 &&
	       mkdir(name, 0777) == 0 && chdir(name) == 0;
}

static void
on_signals(void (*handler)(int))
{
	static const int those[] = { SIGHUP, SIGINT, SIGTERM };
	for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
		signal(those[i], handler);
}

static void
stopped(int signal_number)
{
	for (size_t i = 0; i < MOST_AT_ONCE; i++)
		if (places[i].pid)
			kill(-places[i].pid, SIGKILL);
	_exit(128 + signal_number);
}

static void
start(const char *name)
{
	size_t i = 0;
	while (places[i].pid)
		i++;
	places[i].name = name;
	places[i].since = time(NULL);
	places[i].pid = fork();
	if (places[i].pid < 0) {
		perror("unit: fork");
		exit(NOT_STARTED);
	}
	if (places[i].pid > 0) {
		setpgid(places[i].pid, places[i].pid);	/* the child does it too: who comes first? */
		return;
	}
	setpgid(0, 0);
	on_signals(SIG_DFL);
	if (!enter(name)) {
		perror(name);
		exit(NOT_STARTED);
	}
	alarm(deadline_s);
	exit(run_here(name));
}

static int
status_of(int wait_status)
{
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	return WTERMSIG(wait_status) == SIGALRM ? TIMED_OUT : 128 + WTERMSIG(wait_status);
}

/* Wait for a group to end, end what it left running, and tell.  Returns its status. */
static int
finish_one(void)
{
	siginfo_t ended;
	int wait_status;
	size_t i = 0;
	if (waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) < 0)
		exit(NOT_STARTED);
	kill(-ended.si_pid, SIGKILL);
	while (places[i].pid != ended.si_pid)
		i++;
	places[i].pid = 0;
	waitpid(ended.si_pid, &wait_status, 0);

	int status = status_of(wait_status);
	if (log_folder)
		printf("%s %d %ld %ld\n", places[i].name, status,
		       (long)(time(NULL) - places[i].since), (long)ended.si_pid);
	else if (status > 1)
		fprintf(stderr, "unit: %s: status %d\n", places[i].name, status);
	fflush(stdout);
	return status;
}

/* Returns whether all have passed. */
static bool
run_each(char **names, size_t n, size_t at_once)
{
	bool passed = true;
	size_t started = 0, ended = 0;
	on_signals(stopped);
	while (ended < n)
		if (started < n && started - ended < at_once && started - ended < MOST_AT_ONCE)
			start(names[started++]);
		else {
			passed = finish_one() == 0 && passed;
			ended++;
		}
	return passed;
}

/* The names of all groups. */
static char **
all_names(size_t *n)
{
	char **names = NULL;
	*n = 0;
	for (const struct group *g = groups; g; g = g->next) {
		names = realloc(names, (*n + 1) * sizeof(*names));
		if (!names)
			exit(NOT_STARTED);
		names[(*n)++] = (char *)(uintptr_t)g->name;
	}
	return names;
}

static size_t
number(const char *text)
{
	unsigned long n = strtoul(text, NULL, 10);
	return n < 1 ? 1 : n > 100000 ? 100000 : n;
}

static void
refuse_unknown(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!group_find(names[i])) {
			fprintf(stderr, "unit: \"%s\": there is no such group\n", names[i]);
			exit(2);
		}
}

int
main(int argc, char **argv)
{
	size_t at_once = 1, n;
	for (int option; (option = getopt(argc, argv, "j:o:t:")) != -1;)
		switch (option) {
		case 'j': at_once = number(optarg); break;
		case 'o': log_folder = optarg; break;
		case 't': deadline_s = (unsigned)number(optarg); break;
		default: return 2;
		}
	char **names = argv + optind;
	n = (size_t)(argc - optind);
	refuse_unknown(names, n);
	if (n == 1 && !log_folder)
		return run_here(names[0]);	/* as a debugger likes it */
	if (n > 0)
		return run_each(names, n, at_once) ? 0 : 1;
	names = all_names(&n);
	bool passed = run_each(names, n, at_once);
	free(names);
	return passed ? 0 : 1;
}
