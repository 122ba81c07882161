#include "cmd/commands.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "cmd/options.h"
#include "fleet/fleet.h"
#include "os/file.h"
#include "registry/registry.h"

/* The fleet says whether http is allowed; without one it is for loopback only. */
static int
read_insecure(bool *out, const char *fleet_file, struct arena *a, struct error *err)
{
	struct fleet fleet;
	const char *text;
	size_t len;

	*out = false;
	int there = file_read_if_there(&text, &len, fleet_file, 0, a, err);
	if (there <= 0)
		return there;
	if (fleet_parse(&fleet, fleet_file, text, len, a, err) < 0)
		return -1;
	*out = fleet.insecure_registry;
	return 0;
}

static int
ask(struct tag_query *tag, const struct options *options, const char *image, struct arena *a,
    struct error *err)
{
	struct registry_options how = { .timeout_s = options->registry_timeout_s };
	struct image_ref ref;

	if (image_ref_parse(&ref, image, a, err) < 0 ||
	    read_insecure(&how.insecure, options->fleet_file, a, err) < 0)
		return -1;
	*tag = (struct tag_query){ .tag = ref.tag ? ref.tag : "latest", .want_digest = true };
	struct repository_query query = {
		.registry = options->registry ? options->registry : ref.registry,
		.repository = ref.repository,
		.tags = tag,
		.n_tags = 1,
		.want_ids = options->image_id,
	};
	struct registry *r = registry_new(&how, err);
	int ret = r ? registry_ask(r, &query, 1, a, err) : -1;
	registry_free(r);
	return ret;
}

/* With --image-id, the id is empty if the tag holds a list of images. */
int
cmd_digest(struct options *options, struct error *err)
{
	struct arena arena = { 0 };
	struct tag_query tag = { 0 };
	int status = 0;

	if (ask(&tag, options, options->words[0], &arena, err) < 0) {
		status = -1;
	} else if (tag.verdict == VERDICT_PRESENT) {
		printf("present\t%s", tag.digest ? tag.digest : "");
		if (options->image_id)
			printf("\t%s", tag.image_id ? tag.image_id : "");
		putchar('\n');
	} else if (tag.verdict == VERDICT_ABSENT) {
		puts("absent");
	} else {
		printf("unknown\t%s\n", tag.reason ? tag.reason : "");
		status = 1;
	}
	arena_dispose(&arena);
	return status;
}
