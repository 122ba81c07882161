#include "os/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "os/clock.h"

static const char *const ninja_names[] = { "ninja", "ninja-build", "samu" };

struct stat_line {
	char name[32];
	char state;
	pid_t parent;
	pid_t group;
	unsigned long long start;
};

/* All of a file of /proc; false if it cannot be read, the process being gone or another's. */
static bool
read_proc(struct str *out, pid_t pid, const char *file)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	char buf[4096];
	ssize_t n;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		str_add_bytes(out, buf, (size_t)n);
	close(fd);
	return n == 0;
}

/* The name stands in brackets and may hold any byte: fields count from the last ')'. */
static bool
parse_stat(struct stat_line *out, const char *text)
{
	const char *open_bracket = strchr(text, '('), *close_bracket = strrchr(text, ')');
	if (!open_bracket || !close_bracket)
		return false;
	snprintf(out->name, sizeof(out->name), "%.*s", (int)(close_bracket - open_bracket - 1),
	         open_bracket + 1);

	long parent, group;
	int n = sscanf(close_bracket + 1,
	               " %c %ld %ld %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
	               " %*s %llu",
	               &out->state, &parent, &group, &out->start);
	out->parent = (pid_t)parent;
	out->group = (pid_t)group;
	return n == 4;
}

static bool
look_at(struct stat_line *out, pid_t pid)
{
	struct str text = { 0 };
	bool ok = read_proc(&text, pid, "stat") && parse_stat(out, str_text(&text));
	str_dispose(&text);
	return ok;
}

struct proc_id
proc_self(void)
{
	struct stat_line line;
	struct proc_id id = { .pid = getpid() };
	if (look_at(&line, id.pid))
		id.start = line.start;
	return id;
}

bool
proc_is_alive(struct proc_id id)
{
	struct stat_line line;
	return id.pid > 0 && look_at(&line, id.pid) && line.start == id.start &&
	       line.state != 'Z' && line.state != 'X';
}

struct proc_id
proc_ninja(void)
{
	struct stat_line line;
	for (pid_t pid = getppid(); pid > 1 && look_at(&line, pid); pid = line.parent)
		for (size_t i = 0; i < sizeof(ninja_names) / sizeof(*ninja_names); i++)
			if (strcmp(line.name, ninja_names[i]) == 0)
				return (struct proc_id){ pid, line.start };
	return (struct proc_id){ 0 };
}

void
proc_adopt_orphans(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
}

/* The next process of /proc, 0 at the end. */
static pid_t
next_process(DIR *dir)
{
	struct dirent *e;
	while ((e = readdir(dir)))
		if (isdigit((unsigned char)e->d_name[0]))
			return (pid_t)strtol(e->d_name, NULL, 10);
	return 0;
}

unsigned
proc_signal_children(int signal, pid_t group)
{
	DIR *dir = opendir("/proc");
	if (!dir)
		return 0;

	unsigned n = 0;
	bool in_group = false;
	for (pid_t pid; (pid = next_process(dir));) {
		struct stat_line line;
		if (!look_at(&line, pid) || line.parent != getpid())
			continue;
		n++;
		if (line.group == group)
			in_group = true;
		else
			kill(pid, signal);
	}
	closedir(dir);
	if (in_group)
		kill(-group, signal);
	return n;
}

static bool
has_mark(pid_t pid, const char *mark)
{
	struct str text = { 0 };
	bool found = false;
	if (read_proc(&text, pid, "environ") && text.len)
		for (const char *p = text.data; !found && p < text.data + text.len; p += strlen(p) + 1)
			found = strcmp(p, mark) == 0;
	str_dispose(&text);
	return found;
}

static unsigned
kill_marked_once(const char *mark)
{
	DIR *dir = opendir("/proc");
	if (!dir)
		return 0;

	unsigned n = 0;
	for (pid_t pid; (pid = next_process(dir));)
		if (pid != getpid() && has_mark(pid, mark) && kill(pid, SIGKILL) == 0)
			n++;
	closedir(dir);
	return n;
}

unsigned
proc_kill_marked(const char *mark, double limit_s)
{
	double until = clock_monotonic_s() + limit_s;
	unsigned total = 0, n;
	while ((n = kill_marked_once(mark))) {
		total += n;
		if (clock_monotonic_s() > until)
			break;
		/* What was killed takes a moment to go; a fork may have slipped through. */
		nanosleep(&(struct timespec){ .tv_nsec = 10 * 1000 * 1000 }, NULL);
	}
	return total;
}
