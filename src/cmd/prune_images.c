#include "cmd/prune_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/image_ref.h"
#include "base/str.h"
#include "cmd/options.h"
#include "os/capture.h"
#include "os/engine_kind.h"
#include "registry/registry.h"

#define ENGINE_LIST_LIMIT ((size_t)64 * 1024 * 1024)
#define ENGINE_DEADLINE_S 600.0

static enum engine
engine_of(const struct prune *p)
{
	return engine_parse(pairs_get(&p->fleet, "engine"));
}

/* The engine's name for a local image: buildah has a host before it. */
static const char *
name_in_engine(const char *local, struct prune *p)
{
	return arena_printf(&p->arena, "%s%s", engine_of(p) == ENGINE_BUILDAH ? "localhost/" : "", local);
}

/* The fleet's image that the engine lists so; NULL for others. */
static struct pruned_image *
image_by_name(const char *name, size_t len, const struct prune *p)
{
	struct pruned_image *found;
	size_t host = len > 10 && memcmp(name, "localhost/", 10) == 0 ? 10 : 0;
	HASH_FIND(hh, p->by_local, name + host, len - host, found);
	return found;
}

/* Lines "name:tag size" of all that the engine has; buildah aligns them with blanks. */
static int
read_sizes(struct prune *p)
{
	bool docker = engine_of(p) == ENGINE_DOCKER;
	char *argv[] = { (char *)(docker ? "docker" : "buildah"), (char *)"images", (char *)"--format",
	                 (char *)(docker ? "{{.Repository}}:{{.Tag}} {{.Size}}"
	                                 : "{{.Name}}:{{.Tag}} {{.Size}}"), NULL };
	struct capture c = { .argv = argv, .limit = ENGINE_LIST_LIMIT, .deadline_s = ENGINE_DEADLINE_S };
	struct str out = { 0 };
	int status = capture_run(&out, &c, &p->err);
	if (status > 0)
		error_set(&p->err, "%s images: exit status %d", argv[0], status);
	for (const char *line = str_text(&out); status == 0 && *line;) {
		size_t len = strcspn(line, "\n"), name = strcspn(line, " \n");
		size_t size = name + strspn(line + name, " ");
		struct pruned_image *image = image_by_name(line, name, p);
		if (image)
			image->size = arena_copy(&p->arena, line + size, len - size);
		line += len + (line[len] == '\n');
	}
	str_dispose(&out);
	return status == 0 ? 0 : -1;
}

static bool
may_go(const struct pruned_image *image)
{
	return image->pushed && image->digest && image->local && image->size && !image->at_work &&
	       !image->wanted;
}

static int
add_question(struct pruned_image *image, struct prune *p)
{
	struct image_ref ref;
	if (image_ref_parse(&ref, image->pushed, &p->arena, &p->err) < 0)
		return -1;
	image->asked = (struct image_name){ ref.registry, ref.repository, ref.tag ? ref.tag : "latest" };
	questions_add(&p->questions, &image->asked, true);
	return 0;
}

static int
ask_registry(struct prune *p)
{
	const char *insecure = pairs_get(&p->fleet, "insecure");
	struct registry_options how = {
		.insecure = insecure && strcmp(insecure, "1") == 0,
		.timeout_s = p->options->registry_timeout_s,
	};
	for (size_t i = 0; i < p->n; i++)
		if (may_go(&p->images[i]) && add_question(&p->images[i], p) < 0)
			return -1;
	if (p->questions.n == 0)
		return 0;
	struct registry *r = registry_new(&how, &p->err);
	int ret = r ? registry_ask(r, p->questions.queries, p->questions.n, &p->arena, &p->err) : -1;
	registry_free(r);
	return ret;
}

static void
remove_image(const struct pruned_image *image, struct prune *p)
{
	const char *name = name_in_engine(image->local, p);
	char *argv[] = { arena_strdup(&p->arena, engine_name(engine_of(p))), (char *)"rmi",
	                 arena_strdup(&p->arena, name), NULL };
	struct capture c = { .argv = argv, .limit = ENGINE_LIST_LIMIT, .deadline_s = ENGINE_DEADLINE_S };
	printf("image    %12s  %s, which is %s in the registry\n", image->size, name, image->digest);
	fflush(stdout);
	if (p->options->dry_run)
		return;
	int status = capture_run(NULL, &c, &p->err);
	if (status > 0)
		error_set(&p->err, "%s rmi %s: exit status %d", argv[0], name, status);
	if (status != 0)
		prune_complain(p);
}

int
prune_images(struct prune *p)
{
	if (p->n == 0)
		return 0;
	if (read_sizes(p) < 0 || ask_registry(p) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		const struct pruned_image *image = &p->images[i];
		if (!image->asked.tag)
			continue;
		const struct tag_query *q = questions_answer(&p->questions, &image->asked);
		if (q->verdict == VERDICT_UNKNOWN) {
			error_set(&p->err, "%s stays here: the registry does not say whether it has it: %s",
			          image->local, q->reason ? q->reason : "no answer");
			prune_complain(p);
		} else if (q->verdict == VERDICT_PRESENT && q->digest &&
		           strcmp(q->digest, image->digest) == 0) {
			remove_image(image, p);
		}
	}
	return 0;
}
