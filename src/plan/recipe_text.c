#include "plan/recipe_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "json/pairs.h"
#include "plan/planned.h"
#include "plan/recipe.h"

/* "key=value\n", if there is a value. */
static void
add(struct str *out, const char *key, const char *value)
{
	if (!value)
		return;
	str_adds(out, key);
	str_add(out, '=');
	str_adds(out, value);
	str_add(out, '\n');
}

static const char *
some(const char *text)
{
	return text ? text : "";
}

/* "prefix.NAME=value" lines. */
static void
add_values(struct str *out, const char *prefix, const struct values *values)
{
	for (size_t i = 0; i < values->n; i++) {
		str_adds(out, prefix);
		add(out, values->list[i].name, values->list[i].value);
	}
}

/* By name: so that two recipes are compared line by line. */
static void
add_patches(struct str *out, const struct planned_image *image, struct arena *a)
{
	size_t n = image->patches.n;
	struct values sorted = { arena_array(a, n, sizeof(*sorted.list)), n };

	for (size_t i = 0; i < n; i++) {
		bool known = i < image->patch_digests.n;
		sorted.list[i].name = image->patches.list[i];
		sorted.list[i].value = known ? image->patch_digests.list[i] : "";
	}
	values_sort(&sorted);
	add_values(out, "patch.", &sorted);
}

const char *
recipe_local(const struct planned *fleet, const char *target, struct arena *a)
{
	return arena_printf(a, "stampmill-%s:%s", fleet->fleet, target);
}

/* Where things are: in git, in the registry, in the engine. */
static void
add_names(struct str *out, const struct planned *fleet, const struct planned_image *image,
          struct arena *a)
{
	const char *base = some(image->base.image), *tag = strrchr(base, ':');

	add(out, "source", some(fleet->source));
	str_addf(out, "base=%.*s@%s\n", tag ? (int)(tag - base) : 0, base, some(image->base.digest));
	add(out, "base_name", base);
	add(out, "local", recipe_local(fleet, image->target, a));
	add(out, "image", image->image);
}

/* A label names the fleet's registry, whichever stands in for it here. */
static void
add_base_label(struct str *out, const struct planned *fleet, const char *base)
{
	const char *registry = some(fleet->registry);
	size_t len = strlen(registry);

	str_addf(out, "label.org.opencontainers.image.base.name=%s%s\n", some(fleet->home),
	         strncmp(base, registry, len) == 0 ? base + len : base);
}

static void
add_labels(struct str *out, const struct planned *fleet, const struct planned_image *image)
{
	str_adds(out, "label.org.opencontainers.image.created=");
	recipe_add_time(out, image->time_s);
	str_addf(out, "\nlabel.org.opencontainers.image.revision=%s\n", image->parent);
	add(out, "label.org.opencontainers.image.source", fleet->source);
	add_base_label(out, fleet, some(image->base.image));
	add(out, "label.org.opencontainers.image.base.digest", image->base.digest);
	add(out, "label.stampmill.fleet", fleet->fleet);
	add(out, "label.stampmill.target", image->target);
	add(out, "label.stampmill.input", image->input);
}

static void
add_native(struct str *out, const struct planned *fleet, const struct planned_image *image,
           struct arena *a)
{
	add(out, "native", native_name(image->native));
	add(out, "native_reason", some(image->native_reason));
	if (image->objects)
		add(out, "objects", recipe_local(fleet, image->objects, a));
	add(out, "wheel", image->wheel);
	add(out, "wheel_digest", image->wheel_digest);
}

void
recipe_text(struct str *out, const struct planned *fleet, const struct planned_image *image,
            struct arena *a)
{
	add(out, "target", image->target);
	add(out, "id", image->id);
	add(out, "commit", image->parent);
	add(out, "tree", image->tree);
	str_addf(out, "time=%ld\n", image->time_s);
	add_names(out, fleet, image, a);
	add(out, "input", image->input);
	add(out, "dockerfile", fleet->dockerfile);
	add(out, "context_files", fleet->context_files);
	add(out, "dockerfile_digest", fleet->dockerfile_digest);
	add(out, "context_digest", fleet->context_digest);
	add_patches(out, image, a);
	add_values(out, "env.", &image->env);
	add_values(out, "arg.", &image->args);
	add_labels(out, fleet, image);
	add_native(out, fleet, image, a);
}

void
recipe_environment_text(struct str *out, const struct planned_image *image)
{
	for (size_t i = 0; i < image->env.n; i++)
		recipe_add_export(out, image->env.list[i].name, image->env.list[i].value);
}

void
recipe_settings(struct pairs *out, const struct planned *fleet, const struct planned_image *image,
                struct arena *a)
{
	if (image->max_jobs != fleet->max_jobs)
		pairs_put(out, "jobs", arena_printf(a, "%ld", image->max_jobs), a);
	if (image->gb_per_job != fleet->gb_per_job)
		pairs_put(out, "gb_per_job", arena_printf(a, "%ld", image->gb_per_job), a);
	if (image->native_key)
		pairs_put(out, "native_key", image->native_key, a);
}
