/* spend - run a command and say what it took.
 *
 * usage: spend COMMAND [ARGUMENT...]
 *
 * Prints "SECONDS KIB", the wall time and the greatest resident memory of the command, whose
 * own output is dropped; exits as it did.  A program of its own, since Linux counts the memory
 * of the process that starts a command as the command's: started by Python, nothing would be
 * below Python's 13 MiB.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
run(char **command)
{
	int null = open("/dev/null", O_WRONLY);

	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
		execvp(command[0], command);
	fprintf(stderr, "spend: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct rusage used;
	int status;

	if (argc < 2) {
		fputs("usage: spend COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	double start_s = now_s();
	pid_t child = fork();
	if (child == 0)
		run(argv + 1);
	if (child < 0 || wait4(child, &status, 0, &used) < 0) {
		fprintf(stderr, "spend: %s\n", strerror(errno));
		return 1;
	}
	printf("%.6f %ld\n", now_s() - start_s, used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
