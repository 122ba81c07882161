#include "plan/recipe_book.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/sink.h"
#include "fleet/fleet.h"
#include "json/fields.h"
#include "json/pairs.h"
#include "plan/plan.h"
#include "plan/recipe.h"
#include "registry/wheel.h"

#define FLEET "fleet"

/* ---- writing ---- */

static void
add_pair(struct str *out, const char *key, const char *value)
{
	str_adds(out, key);
	str_add(out, '=');
	str_adds(out, value);
	str_add(out, '\n');
}

static void
add_long(struct str *out, const char *key, int64_t value)
{
	str_addf(out, "%s=%" PRId64 "\n", key, value);
}

static void
add_named(struct str *out, const char *prefix, const struct name_value *v)
{
	str_adds(out, prefix);
	add_pair(out, v->name, v->value);
}

static void
add_shared(struct str *out, const struct fleet *fleet, const struct surroundings *s)
{
	add_pair(out, "fleet", fleet->name);
	add_pair(out, "source", fleet->source_url ? fleet->source_url : "");
	add_pair(out, "registry", s->registry);
	add_pair(out, "home", fleet->registry);
	add_pair(out, "repository", fleet->baseline_repository);
	add_pair(out, "base_repository", fleet->human_repository);
	add_pair(out, "dockerfile", s->dockerfile);
	add_pair(out, "dockerfile_digest", s->dockerfile_digest);
	if (s->context_files) {
		add_pair(out, "context_files", s->context_files);
		add_pair(out, "context_digest", s->context_digest);
	}
	for (size_t i = 0; i < fleet->build.n_args; i++)
		add_named(out, "arg.", &fleet->build.args[i]);
	for (size_t i = 0; i < fleet->build.n_env; i++)
		add_named(out, "env.", &fleet->build.env[i]);
}

static bool
is_shared(const struct name_value *v, const struct name_value *shared, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(shared[i].name, v->name) == 0)
			return strcmp(shared[i].value, v->value) == 0;
	return false;
}

/* Those of list that the fleet does not have so.  It has none that list has not. */
static void
add_own_values(struct str *out, const char *prefix, const struct name_value *list, size_t n,
               const struct name_value *shared, size_t n_shared)
{
	for (size_t i = 0; i < n; i++)
		if (!is_shared(&list[i], shared, n_shared))
			add_named(out, prefix, &list[i]);
}

static void
add_patches(struct str *out, const struct image *image)
{
	for (size_t i = 0; i < image->parts.n_patches; i++)
		str_addf(out, "patch.%s=%s\n", image->parts.patches[i].name,
		         image->parts.patches[i].digest);
}

/* Not in the digest: it is another way to the same objects. */
static void
add_native(struct str *out, const struct image *image)
{
	add_pair(out, "native", native_name(image->native.way));
	if (image->native.reason)
		add_pair(out, "native_reason", image->native.reason);
	if (image->native.objects)
		add_pair(out, "objects", image->native.objects);
	if (image->native.wheel)
		add_pair(out, "wheel", image->native.wheel->url);
	if (image->native.wheel && image->native.wheel->digest)
		add_pair(out, "wheel_digest", image->native.wheel->digest);
}

/* How, not what; and only what is not the fleet's. */
static void
add_settings(struct str *out, const struct image *image, const struct fleet *fleet)
{
	long jobs = image_max_jobs(image, fleet);
	if (jobs != fleet->build.max_jobs)
		add_long(out, "set.jobs", jobs);
	/* What takes its objects from elsewhere runs no compilers: it must not wait for memory. */
	long gb_per_job = image->native.way == NATIVE_COMPILE ? image->parts.gb_per_job : 0;
	if (gb_per_job != fleet->build.gb_per_job)
		add_long(out, "set.gb_per_job", gb_per_job);
	if (image->native.key)
		add_pair(out, "set.native_key", image->native.key);
}

static void
add_own(struct str *out, const struct image *image, const struct fleet *fleet)
{
	const struct base *base = &image->registry.base;

	add_pair(out, "commit", image->parent.hex);
	add_pair(out, "tree", image->git.tree);
	add_long(out, "time", image->git.time_s);
	if (strcmp(base->repository, fleet->human_repository) != 0)
		add_pair(out, "base_repository", base->repository);
	add_pair(out, "base_tag", base->tag);
	add_pair(out, "base_digest", base->digest);
	add_pair(out, "input", image->parts.input);
	add_patches(out, image);
	add_own_values(out, "arg.", image->parts.args, image->parts.n_args,
	               fleet->build.args, fleet->build.n_args);
	add_own_values(out, "env.", image->parts.env, image->parts.n_env,
	               fleet->build.env, fleet->build.n_env);
	add_native(out, image);
	add_settings(out, image, fleet);
}

static void
add_heading(struct str *out, const char *name)
{
	str_add(out, '[');
	str_adds(out, name);
	str_adds(out, "]\n");
}

int
recipe_book_write(struct sink *out, const struct plan *plan, const struct surroundings *s,
                  struct error *err)
{
	add_heading(&out->text, FLEET);
	add_shared(&out->text, plan->fleet, s);
	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		if (image->decided.decision == DECISION_SKIP)
			continue;
		add_heading(&out->text, image->target);
		if (image->decided.decision == DECISION_HOLD)
			add_pair(&out->text, "held", image->decided.reason);
		else
			add_own(&out->text, image, plan->fleet);
		if (sink_flow(out, err) < 0)
			return -1;
	}
	return sink_end(out, err);
}

/* ---- finding ---- */

/* The first heading from at on; end if there is none. */
static const char *
heading_from(const char *at, const char *book, const char *end)
{
	while (at < end && !(*at == '[' && (at == book || at[-1] == '\n'))) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	return at;
}

/* The section of the heading at at. */
static void
take_section(struct recipe_section *out, const char *at, const char *book, const char *end)
{
	const char *line = memchr(at, '\n', (size_t)(end - at));

	line = line ? line : end;
	out->name = at + 1;
	out->name_len = (size_t)(line - out->name);
	if (out->name_len && line[-1] == ']')
		out->name_len--;
	out->text = line < end ? line + 1 : end;
	out->len = (size_t)(heading_from(out->text, book, end) - out->text);
}

bool
recipe_book_next(struct recipe_section *section, const char *book, size_t len)
{
	const char *end = book + len;
	const char *at = heading_from(section->name ? section->text + section->len : book, book, end);

	if (at == end)
		return false;
	take_section(section, at, book, end);
	return true;
}

/* As strcmp of the section's name and name. */
static int
compare_name(const struct recipe_section *section, const char *name)
{
	size_t len = strlen(name);
	int order = memcmp(section->name, name, len < section->name_len ? len : section->name_len);

	return order ? order : (section->name_len > len) - (section->name_len < len);
}

bool
recipe_book_find(struct recipe_section *out, const char *book, size_t len, const char *target)
{
	const char *from = book, *end = book + len, *to = end;

	/* The first section is the fleet's, and in no order with the others. */
	if (len)
		from = heading_from(book + 1, book, end);

	/* Both are at a heading, or the end. */
	while (from < to) {
		const char *at = heading_from(from + (to - from) / 2, book, end);
		if (at >= to)
			at = from;	/* the middle is in the last section, perhaps the only one */
		take_section(out, at, book, end);
		int order = compare_name(out, target);
		if (order == 0)
			return true;
		if (order < 0)
			from = out->text + out->len;
		else
			to = at;
	}
	return false;
}

int
recipe_book_read(struct pairs *out, const char *book, size_t len, const char *target,
                 const char *place, struct arena *a, struct error *err)
{
	struct recipe_section shared = { 0 }, own;

	if (!len || !recipe_book_next(&shared, book, len) || !recipe_book_find(&own, book, len, target))
		return 0;
	if (pairs_parse(out, shared.text, shared.len, place, a, err) < 0 ||
	    pairs_parse(out, own.text, own.len, place, a, err) < 0)
		return -1;
	return 1;
}

void
recipe_pairs(struct pairs *out, const struct image *image, const struct fleet *fleet,
             const struct surroundings *s, struct arena *a)
{
	struct str text = { 0 };

	add_shared(&text, fleet, s);
	add_own(&text, image, fleet);
	pairs_parse(out, str_text(&text), text.len, "recipe", a, NULL);	/* it is ours */
	str_dispose(&text);
}

/* ---- the whole recipe ---- */

static const char *
get(const struct pairs *pairs, const char *key)
{
	const char *value = pairs_get(pairs, key);
	return value ? value : "";
}

static void
add_same(struct str *out, const char *key, const struct pairs *pairs)
{
	const char *value = pairs_get(pairs, key);
	if (value)
		add_pair(out, key, value);
}

static int
by_key(const void *x, const void *y)
{
	return strcmp(((const struct pair *)x)->key, ((const struct pair *)y)->key);
}

/* Those whose keys start so, sorted.  Lives as long as a. */
static struct pairs
under(const char *prefix, const struct pairs *pairs, struct arena *a)
{
	struct pairs some = { .items = arena_array(a, pairs->n, sizeof(*some.items)) };

	for (size_t i = 0; i < pairs->n; i++)
		if (strncmp(pairs->items[i].key, prefix, strlen(prefix)) == 0)
			some.items[some.n++] = pairs->items[i];
	if (some.n)
		qsort(some.items, some.n, sizeof(*some.items), by_key);
	return some;
}

static void
add_under(struct str *out, const char *prefix, const struct pairs *pairs, struct arena *a)
{
	struct pairs some = under(prefix, pairs, a);

	for (size_t i = 0; i < some.n; i++)
		add_pair(out, some.items[i].key, some.items[i].value);
}

static void
add_labels(struct str *out, const char *target, const struct pairs *pairs)
{
	str_adds(out, "label.org.opencontainers.image.created=");
	recipe_add_time(out, strtoll(get(pairs, "time"), NULL, 10));
	str_addf(out, "\nlabel.org.opencontainers.image.revision=%s\n", get(pairs, "commit"));
	if (*get(pairs, "source"))
		add_pair(out, "label.org.opencontainers.image.source", get(pairs, "source"));
	str_addf(out, "label.org.opencontainers.image.base.name=%s/%s:%s\n", get(pairs, "home"),
	         get(pairs, "base_repository"), get(pairs, "base_tag"));
	add_pair(out, "label.org.opencontainers.image.base.digest", get(pairs, "base_digest"));
	add_pair(out, "label.stampmill.fleet", get(pairs, "fleet"));
	add_pair(out, "label.stampmill.target", target);
	add_pair(out, "label.stampmill.input", get(pairs, "input"));
}

/* Where things are: in git, in the registry, in the engine. */
static void
add_names(struct str *out, const char *target, const struct pairs *pairs)
{
	const char *registry = get(pairs, "registry"), *base = get(pairs, "base_repository");

	add_pair(out, "source", get(pairs, "source"));
	str_addf(out, "base=%s/%s@%s\n", registry, base, get(pairs, "base_digest"));
	str_addf(out, "base_name=%s/%s:%s\n", registry, base, get(pairs, "base_tag"));
	str_addf(out, "local=stampmill-%s:%s\n", get(pairs, "fleet"), target);
	str_addf(out, "image=%s/%s:%s\n", registry, get(pairs, "repository"), target);
}

void
recipe_text(struct str *out, const char *target, const struct pairs *pairs, struct arena *a)
{
	const char *dash = strrchr(target, '-'), *objects = pairs_get(pairs, "objects");

	str_addf(out, "target=%s\nid=%s\n", target, dash ? dash + 1 : target);
	add_same(out, "commit", pairs);
	add_same(out, "tree", pairs);
	add_same(out, "time", pairs);
	add_names(out, target, pairs);
	add_same(out, "input", pairs);
	add_same(out, "dockerfile", pairs);
	add_same(out, "context_files", pairs);
	add_same(out, "dockerfile_digest", pairs);
	add_same(out, "context_digest", pairs);
	add_under(out, "patch.", pairs, a);
	add_under(out, "env.", pairs, a);
	add_under(out, "arg.", pairs, a);
	add_labels(out, target, pairs);
	add_same(out, "native", pairs);
	add_pair(out, "native_reason", get(pairs, "native_reason"));
	if (objects)
		str_addf(out, "objects=stampmill-%s:%s\n", get(pairs, "fleet"), objects);
	add_same(out, "wheel", pairs);
	add_same(out, "wheel_digest", pairs);
}

void
recipe_environment_text(struct str *out, const struct pairs *pairs, struct arena *a)
{
	struct pairs env = under("env.", pairs, a);

	for (size_t i = 0; i < env.n; i++)
		recipe_add_export(out, env.items[i].key + strlen("env."), env.items[i].value);
}

void
recipe_settings(struct pairs *out, const struct pairs *pairs, struct arena *a)
{
	for (size_t i = 0; i < pairs->n; i++)
		if (strncmp(pairs->items[i].key, "set.", 4) == 0)
			pairs_put(out, pairs->items[i].key + 4, pairs->items[i].value, a);
}
