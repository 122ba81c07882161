#include "os/machine.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <unistd.h>

#include "base/arena.h"
#include "os/file.h"

#define GB (1024.0 * 1024.0 * 1024.0)
#define CGROUP "/sys/fs/cgroup"
#define FILE_LIMIT ((size_t)1024 * 1024)
#define NO_LIMIT 1e18	/* version 1 writes "none" as a number like this */

void
machine_name(char out[MACHINE_NAME_SIZE])
{
	if (gethostname(out, MACHINE_NAME_SIZE) < 0)
		strcpy(out, "?");
	out[MACHINE_NAME_SIZE - 1] = '\0';
}

static const char *
read_text(const char *path, struct arena *a)
{
	const char *text;
	size_t len;
	return file_read_if_there(&text, &len, path, FILE_LIMIT, a, NULL) == 1 ? text : NULL;
}

/* The number behind a word at the start of a line; below 0 if there is none. */
static double
number_after(const char *text, const char *word)
{
	size_t n = strlen(word);
	while (text && *text) {
		if (strncmp(text, word, n) == 0)
			return strtod(text + n, NULL);
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return -1;
}

/*
 * The folder of our control group for memory: version 2's, or version 1's.  In
 * /proc/self/cgroup lines are "0::/path" and "4:memory:/path".
 */
static const char *
cgroup_folder(struct arena *a, bool *version_2)
{
	const char *text = read_text("/proc/self/cgroup", a);
	for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		const char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;
		if (!path)
			break;
		int path_len = (int)strcspn(path + 1, "\n");
		const char *names = arena_copy(a, list + 1, (size_t)(path - list - 1));
		if (strcmp(names, "memory") == 0) {
			*version_2 = false;
			return arena_printf(a, CGROUP "/memory%.*s", path_len, path + 1);
		}
		const char *folder = arena_printf(a, CGROUP "%.*s", path_len, path + 1);
		if (!*names && file_exists(arena_printf(a, "%s/memory.current", folder))) {
			*version_2 = true;
			return folder;
		}
	}
	return NULL;
}

static double
bytes_in(const char *folder, const char *file, const char *word, struct arena *a)
{
	const char *text = read_text(arena_printf(a, "%s/%s", folder, file), a);
	if (!text)
		return 0;
	/* "max" reads as 0 */
	double n = *word ? number_after(text, word) : strtod(text, NULL);
	return n < 0 ? 0 : n;
}

/* The least room that our group, or one above it, has; file cache makes way. */
static void
apply_cgroups(struct machine_memory *m, struct arena *a)
{
	bool v2;
	const char *folder = cgroup_folder(a, &v2);
	while (folder && strlen(folder) > strlen(CGROUP)) {
		double limit = bytes_in(folder, v2 ? "memory.max" : "memory.limit_in_bytes", "", a);
		if (limit > 0 && limit < NO_LIMIT) {
			double use = bytes_in(folder, v2 ? "memory.current" : "memory.usage_in_bytes", "", a);
			double cache = bytes_in(folder, "memory.stat",
			                        v2 ? "inactive_file " : "total_inactive_file ", a);
			double room = (limit - use + cache) / GB;
			m->total_gb = limit / GB < m->total_gb ? limit / GB : m->total_gb;
			m->available_gb = room < m->available_gb ? room : m->available_gb;
		}
		char *parent = arena_strdup(a, folder);
		*strrchr(parent, '/') = '\0';
		folder = parent;
	}
}

void
machine_memory(struct machine_memory *out, bool own_cgroup)
{
	struct arena a = { 0 };
	const char *text = read_text("/proc/meminfo", &a);
	double total = number_after(text, "MemTotal:"), available = number_after(text, "MemAvailable:");
	out->total_gb = total < 0 ? -1 : total * 1024 / GB;
	out->available_gb = available < 0 ? -1 : available * 1024 / GB;
	if (own_cgroup && total >= 0 && available >= 0)
		apply_cgroups(out, &a);
	arena_dispose(&a);
}

long
machine_cores(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set)
	                                                     : sysconf(_SC_NPROCESSORS_ONLN);
}

void
machine_kills(struct machine_kills *out)
{
	struct arena a = { 0 };
	bool v2;
	double whole = number_after(read_text("/proc/vmstat", &a), "oom_kill ");
	const char *folder = cgroup_folder(&a, &v2);
	const char *own = folder ? read_text(arena_printf(&a, "%s/%s", folder,
		v2 ? "memory.events" : "memory.oom_control"), &a) : NULL;
	double in_group = number_after(own, "oom_kill ");
	out->known = whole >= 0;
	out->whole = whole < 0 ? 0 : (long)whole;
	out->own = in_group < 0 ? 0 : (long)in_group;
	arena_dispose(&a);
}

double
machine_disk_free_gb(const char *path)
{
	struct arena a = { 0 };
	struct statvfs v;
	char *p = arena_strdup(&a, path);
	int got;
	while ((got = statvfs(*p ? p : ".", &v)) < 0 && strrchr(p, '/') && strcmp(p, "/") != 0) {
		char *slash = strrchr(p, '/');
		slash[slash == p ? 1 : 0] = '\0';
	}
	if (got < 0)
		got = statvfs(".", &v);
	arena_dispose(&a);
	if (got < 0)
		return -1;
	if (v.f_files && !v.f_favail)
		return 0;
	return (double)v.f_bavail * (double)v.f_frsize / GB;
}
