#include "cmd/layout.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"
#include "os/file.h"

/* Length of the longest folder that both absolute paths are in, its slash too. */
static size_t
common_folder(const char *a, const char *b)
{
	size_t last = 0;
	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			last = i + 1;
	return last;
}

/* to, as seen from the folder from; both absolute and without links. */
static const char *
relative(const char *from, const char *to, struct arena *a)
{
	const char *folder = arena_printf(a, "%s/", strcmp(from, "/") == 0 ? "" : from);
	size_t common = common_folder(folder, to);
	struct str path = { 0 };

	for (const char *p = folder + common; (p = strchr(p, '/')); p++)
		str_adds(&path, "../");
	str_adds(&path, to + common);
	const char *text = arena_strdup(a, str_text(&path));
	str_dispose(&path);
	return text;
}

/* ninja runs commands with a shell: a bare name would be looked up in PATH. */
static const char *
as_command(const char *path, struct arena *a)
{
	return strchr(path, '/') ? path : arena_printf(a, "./%s", path);
}

/* What the rules can put between double quotes for a shell, and an include and a plan can name. */
static int
check_plain(const char *path, struct error *err)
{
	for (const char *p = path; *p; p += utf8_len(p)) {
		if (!utf8_len(p))
			return error_set(err, "%s: a folder's name is not UTF-8, as out/plan.json has to be", path);
		if (strchr("$`\"\\|", *p) || (unsigned char)*p < 0x20 || *p == 0x7f)
			return error_set(err, "%s: a folder's name holds \"%c\", which build commands cannot carry",
			                 path, *p);
	}
	return 0;
}

static int
in_tree(struct layout *out, const char *program, const char *folder, struct arena *a)
{
	const char *tree = arena_copy(a, program, (size_t)(strrchr(program, '/') - program));

	if (!file_exists(arena_printf(a, "%s/rules/docker.ninja", tree)))
		return 0;
	out->rules = relative(folder, arena_printf(a, "%s/rules", tree), a);
	out->step = as_command(relative(folder, arena_printf(a, "%s/out/bin/step", tree), a), a);
	out->gen = as_command(relative(folder, program, a), a);
	return 1;
}

/* Installed, but perhaps not where it was configured to be: packed, or moved as a whole. */
static int
beside(struct layout *out, const char *program, struct arena *a)
{
	const char *slash = strrchr(program, '/');
	const char *prefix = arena_copy(a, program, (size_t)(slash - program));

	slash = strrchr(prefix, '/');
	if (!slash || strcmp(slash, "/bin") != 0)
		return 0;
	prefix = arena_copy(a, prefix, (size_t)(slash - prefix));
	const char *rules = arena_printf(a, "%s/share/stampmill/rules", prefix);
	const char *step = arena_printf(a, "%s/libexec/stampmill/step", prefix);
	if (!file_exists(arena_printf(a, "%s/docker.ninja", rules)) || access(step, X_OK) < 0)
		return 0;
	out->rules = rules;
	out->step = step;
	return 1;
}

int
layout_find(struct layout *out, struct arena *a, struct error *err)
{
	char program[PATH_MAX], folder[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (n < 0 || !getcwd(folder, sizeof(folder)))
		return error_set(err, "%s: %s", n < 0 ? "/proc/self/exe" : "the folder that this runs in",
		                 strerror(errno));
	program[n] = '\0';
	out->program = arena_strdup(a, program);

	if (!in_tree(out, program, folder, a)) {
		out->gen = out->program;	/* it need not be in anyone's PATH */
		if (!beside(out, program, a)) {
			out->rules = GEN_DATADIR "/rules";
			out->step = GEN_LIBEXECDIR "/step";
		}
	}
	if (!file_exists(arena_printf(a, "%s/docker.ninja", out->rules)))
		return error_set(err, "%s: no rules there: run make, or make install", out->rules);
	if (access(out->step, X_OK) < 0)
		return error_set(err, "%s: no step program there: run make, or make install", out->step);
	if (check_plain(out->rules, err) < 0 || check_plain(out->step, err) < 0 ||
	    check_plain(out->gen, err) < 0)
		return -1;
	return 0;
}
