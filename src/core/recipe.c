#include "core/recipe.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/entry.h"
#include "core/fleet.h"
#include "core/plan.h"

/* Raise it when the steps make something else from the same recipe. */
#define RECIPE_VERSION 1

#define TIME_SIZE 32

/* RFC 3339, as OCI annotations want it. */
static void
time_text(char out[TIME_SIZE], int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(out, "1970-01-01T00:00:00Z");
}

static void
add_export(struct str *out, const struct name_value *v)
{
	str_addf(out, "export %s='", v->name);
	for (const char *p = v->value; *p; p++) {
		if (*p == '\'')
			str_adds(out, "'\\''");
		else
			str_add(out, *p);
	}
	str_adds(out, "'\n");
}

void
recipe_environment(struct str *out, const struct image *image)
{
	for (size_t i = 0; i < image->n_env; i++)
		add_export(out, &image->env[i]);
}

/* All that the patch step's result hangs on. */
static void
add_context(struct str *out, const struct image *image, const struct surroundings *s,
            struct arena *a)
{
	str_addf(out, "recipe=%d\ntree=%s\ntime=%lld\n", RECIPE_VERSION, image->tree,
	         (long long)image->time_s);
	for (size_t i = 0; i < image->n_patches; i++)
		str_addf(out, "patch=%s %s\n", image->patches[i].name,
		         digest_of(image->patches[i].text, image->patches[i].len, a));
	if (s->context_files)
		str_addf(out, "context_files=%s\n", s->context_digest);
	recipe_environment(out, image);
}

const char *
recipe_context_digest(const struct image *image, const struct surroundings *s, struct arena *a)
{
	struct str text = { 0 };
	add_context(&text, image, s, a);
	const char *digest = digest_of(text.data, text.len, a);
	str_dispose(&text);
	return digest;
}

/* Build arguments and labels, but the label that holds the input digest itself. */
static void
add_contents(struct str *out, const struct image *image, const struct fleet *fleet)
{
	char created[TIME_SIZE];

	for (size_t i = 0; i < image->n_args; i++)
		str_addf(out, "arg.%s=%s\n", image->args[i].name, image->args[i].value);
	time_text(created, image->time_s);
	str_addf(out, "label.org.opencontainers.image.created=%s\n", created);
	str_addf(out, "label.org.opencontainers.image.revision=%s\n", image->parent.hex);
	if (fleet->source_url)
		str_addf(out, "label.org.opencontainers.image.source=%s\n", fleet->source_url);
	str_addf(out, "label.org.opencontainers.image.base.name=%s/%s:%s\n", fleet->registry,
	         image->base.repository, image->base.tag);
	str_addf(out, "label.org.opencontainers.image.base.digest=%s\n", image->base.digest);
	str_addf(out, "label.stampmill.fleet=%s\n", fleet->name);
	str_addf(out, "label.stampmill.target=%s\n", image->target);
}

const char *
recipe_input_digest(const struct image *image, const struct fleet *fleet,
                    const struct surroundings *s, struct arena *a)
{
	struct str text = { 0 };

	add_context(&text, image, s, a);
	str_addf(&text, "dockerfile=%s\n", s->dockerfile_digest);
	add_contents(&text, image, fleet);
	const char *digest = digest_of(text.data, text.len, a);
	str_dispose(&text);
	return digest;
}

const char *
recipe_image_name(const struct image *image, const struct fleet *fleet,
                  const struct surroundings *s, struct arena *a)
{
	return arena_printf(a, "%s/%s:%s", s->registry, fleet->baseline_repository, image->target);
}

/* The rest of what is in the digest, so that two recipes show what changed. */
static void
add_parts(struct str *out, const struct image *image, const struct surroundings *s,
          struct arena *a)
{
	str_addf(out, "dockerfile_digest=%s\n", s->dockerfile_digest);
	if (s->context_files)
		str_addf(out, "context_digest=%s\n", s->context_digest);
	for (size_t i = 0; i < image->n_patches; i++)
		str_addf(out, "patch.%s=%s\n", image->patches[i].name,
		         digest_of(image->patches[i].text, image->patches[i].len, a));
	for (size_t i = 0; i < image->n_env; i++)
		str_addf(out, "env.%s=%s\n", image->env[i].name, image->env[i].value);
}

void
recipe_text(struct str *out, const struct image *image, const struct fleet *fleet,
            const struct surroundings *s, struct arena *a)
{
	str_addf(out, "target=%s\nid=%s\ncommit=%s\ntree=%s\ntime=%lld\n", image->target, image->id,
	         image->parent.hex, image->tree, (long long)image->time_s);
	str_addf(out, "source=%s\n", fleet->source_url ? fleet->source_url : "");
	str_addf(out, "base=%s/%s@%s\n", s->registry, image->base.repository, image->base.digest);
	str_addf(out, "base_name=%s/%s:%s\n", s->registry, image->base.repository, image->base.tag);
	str_addf(out, "local=stampmill-%s:%s\n", fleet->name, image->target);
	str_addf(out, "image=%s\n", recipe_image_name(image, fleet, s, a));
	str_addf(out, "input=%s\ndockerfile=%s\n", image->input, s->dockerfile);
	if (s->context_files)
		str_addf(out, "context_files=%s\n", s->context_files);
	add_parts(out, image, s, a);
	add_contents(out, image, fleet);
	str_addf(out, "label.stampmill.input=%s\n", image->input);

	/* Not in the digest: it is another way to the same objects. */
	str_addf(out, "native=%s\nnative_reason=%s\n", native_name(image->native),
	         image->native_reason ? image->native_reason : "");
	if (image->objects)
		str_addf(out, "objects=stampmill-%s:%s\n", fleet->name, image->objects);
}

void
recipe_fleet_settings(struct str *out, const struct fleet *fleet, const struct surroundings *s)
{
	str_addf(out, "deadline_s=%ld\ngrace_s=%ld\n", fleet->build.deadline_s, fleet->build.grace_s);
	str_addf(out, "jobs=%ld\nnvcc_threads=%ld\n", fleet->build.max_jobs, fleet->build.nvcc_threads);
	str_addf(out, "disk_gb=%ld\ngb_per_job=%ld\n", fleet->build.disk_gb, fleet->build.gb_per_job);
	if (fleet->build.ladder)
		str_addf(out, "ladder=%s\n", fleet->build.ladder);
	if (fleet->build.attempts)
		str_addf(out, "attempts=%ld\n", fleet->build.attempts);
	if (fleet->build.remove_local)
		str_adds(out, "keep_local=0\n");
	str_addf(out, "engine=%s\nisolation=%s\nnetwork=%s\n", s->engine, fleet->build.isolation,
	         fleet->build.network);
	str_addf(out, "insecure=%d\n", fleet->insecure_registry);
	str_addf(out, "git_objects=%s\ngen=%s\n", s->git_objects, s->gen);
}

void
recipe_image_settings(struct str *out, const struct image *image, const struct fleet *fleet)
{
	long jobs = image_max_jobs(image, fleet);
	if (jobs != fleet->build.max_jobs)
		str_addf(out, "jobs=%ld\n", jobs);
	/* What takes its objects from elsewhere runs no compilers: it must not wait for memory. */
	long gb_per_job = image->native == NATIVE_COMPILE ? image->gb_per_job : 0;
	if (gb_per_job != fleet->build.gb_per_job)
		str_addf(out, "gb_per_job=%ld\n", gb_per_job);
	if (image->native_key)
		str_addf(out, "native_key=%s\n", image->native_key);
}
