#include "cmd/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/program.h"
#include "cmd/options.h"
#include "cmd/prune.h"
#include "logs/log_name.h"
#include "os/file.h"
#include "os/tree.h"

#define MB (1024.0 * 1024.0)

static void
remove_path(const char *what, const char *path, struct prune *p)
{
	double size = tree_size_bytes(path);
	if (size <= 0)
		return;
	printf("%-8s %9.1f MB  %s\n", what, size / MB, path);
	fflush(stdout);
	p->bytes += size;
	if (!p->options->dry_run && tree_remove(path, &p->err) < 0)
		prune_complain(p);
}

static void
prune_sources(struct prune *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct pruned_image *image = &p->images[i];
		if (!image->verified || image->at_work || !image->id || strchr(image->id, '/'))
			continue;
		remove_path("source", arena_printf(&p->arena, "out/sources/%s.tar", image->id), p);
		remove_path("context", arena_printf(&p->arena, "out/contexts/%s", image->id), p);
	}
}

static bool
is_named_by_failure(const char *target, const char *path, struct prune *p)
{
	size_t n;
	const struct failure *f = ledger_of(&n, &p->ledger, target);
	for (size_t i = 0; i < n; i++)
		if (strcmp(f[i].log, path) == 0)
			return true;
	return false;
}

static int
prune_logs_of(const char *target, struct prune *p)
{
	const char *folder = arena_printf(&p->arena, "out/logs/%s", target), **names;
	size_t n;
	if (prune_is_at_work(target, p))
		return 0;
	if (file_list(&names, &n, folder, &p->arena, &p->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_printf(&p->arena, "%s/%s", folder, names[i]);
		if (log_name_is_old(names[i], names, n) && !is_named_by_failure(target, path, p))
			remove_path("log", path, p);
	}
	return 0;
}

static int
prune_logs(struct prune *p)
{
	const char **targets;
	size_t n;
	if (file_list(&targets, &n, "out/logs", &p->arena, &p->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (prune_logs_of(targets[i], p) < 0)
			return -1;
	return 0;
}

int
cmd_prune(struct options *options, struct error *err)
{
	struct prune p = { .options = options };
	int ret = prune_read(&p);

	if (ret < 0) {
		*err = p.err;
	} else {
		prune_sources(&p);
		if (prune_logs(&p) < 0)
			prune_complain(&p);
		if (prune_images(&p) < 0)
			prune_complain(&p);
		if (options->dry_run)
			program_say("would free %.1f MB of files; %s prune removes them", p.bytes / MB,
			            program_name());
		else
			program_say("freed %.1f MB of files", p.bytes / MB);
		ret = p.failed ? 1 : 0;
	}
	prune_dispose(&p);
	return ret;
}
