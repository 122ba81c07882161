#include "plan/questions.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/table.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/target.h"
#include "plan/plan.h"
#include "registry/registry_answers.h"

struct question_index {
	size_t cap;		/* of the query's tags */
	size_t next;		/* whose answer is probably wanted next: the one behind the last */
	struct table tags;	/* their numbers; made when next turns out wrong */
};

/* Names of repositories are mostly the fleet's own texts. */
static bool
is_same(const char *a, const char *b)
{
	return a == b || strcmp(a, b) == 0;
}

static size_t
place_of(const struct questions *q, const char *registry, const char *repository)
{
	size_t i = 0;

	while (i < q->n && !(is_same(q->queries[i].repository, repository) &&
	                     is_same(q->queries[i].registry, registry)))
		i++;
	return i;
}

static size_t
add_repository(struct questions *q, const char *registry, const char *repository)
{
	size_t n = q->n + 1;

	q->queries = memory_resize(q->queries, n * sizeof(*q->queries));
	q->indexes = memory_resize(q->indexes, n * sizeof(*q->indexes));
	q->queries[q->n] = (struct repository_query){ .registry = registry, .repository = repository };
	q->indexes[q->n] = (struct question_index){ 0 };
	return q->n++;
}

static size_t
place_for(struct questions *q, const char *registry, const char *repository)
{
	size_t i = place_of(q, registry, repository);
	return i < q->n ? i : add_repository(q, registry, repository);
}

struct repository_query *
questions_about(struct questions *q, const char *registry, const char *repository)
{
	size_t i = place_for(q, registry, repository);
	return &q->queries[i];
}

void
questions_reserve(struct questions *q, const char *registry, const char *repository, size_t n)
{
	size_t i = place_for(q, registry, repository);
	struct repository_query *query = &q->queries[i];

	q->indexes[i].cap += n;
	query->tags = memory_resize(query->tags, q->indexes[i].cap * sizeof(*query->tags));
}

void
questions_add(struct questions *q, const struct image_name *name, bool want_digest)
{
	size_t i = place_for(q, name->registry, name->repository);
	struct repository_query *query = &q->queries[i];

	query->tags = memory_grow(query->tags, &q->indexes[i].cap, query->n_tags, sizeof(*query->tags));
	query->tags[query->n_tags++] = (struct tag_query){ .tag = name->tag, .want_digest = want_digest };
}

int
questions_ask(struct questions *q, const struct registry_answers *answers, struct arena *a,
              struct error *err)
{
	return q->n ? registry_answers_get(answers, q->queries, q->n, a, err) : 0;
}

/* Returns the number of the tag; n_tags if there is none. */
static size_t
search(struct question_index *index, const struct repository_query *query, const char *tag,
       struct arena *a)
{
	size_t i;

	if (!index->tags.slots) {
		table_init(&index->tags, query->n_tags, a);
		for (i = 0; i < query->n_tags; i++)
			table_add(&index->tags, query->tags[i].tag, strlen(query->tags[i].tag), i);
	}
	struct table_search s = table_find(&index->tags, tag, strlen(tag));
	while (table_next(&s, &i))
		if (strcmp(query->tags[i].tag, tag) == 0)
			return i;
	return query->n_tags;
}

/* Who asks in some order mostly wants the answers in that order: a table is seldom needed. */
struct tag_query *
questions_answer(struct questions *q, const struct image_name *name)
{
	size_t i = place_of(q, name->registry, name->repository);

	if (i == q->n)
		return NULL;
	struct repository_query *query = &q->queries[i];
	size_t *next = &q->indexes[i].next;
	if (*next >= query->n_tags || !is_same(query->tags[*next].tag, name->tag))
		*next = search(&q->indexes[i], query, name->tag, &q->arena);
	return *next < query->n_tags ? &query->tags[(*next)++] : NULL;
}

void
questions_dispose(struct questions *q)
{
	for (size_t i = 0; i < q->n; i++)
		free(q->queries[i].tags);
	free(q->queries);
	free(q->indexes);
	arena_dispose(&q->arena);
	*q = (struct questions){ 0 };
}

/* ---- what a plan asks ---- */

struct image_name
baseline_name(const struct image *image, const struct fleet *fleet, const char *registry)
{
	return (struct image_name){ registry, fleet->baseline_repository, image->target };
}

size_t
human_names(struct image_name out[HUMAN_NAMES], const char *human, const struct fleet *fleet,
            const char *registry)
{
	struct commit_id id;
	size_t n = 0;

	memcpy(id.hex, human, sizeof(id.hex));
	if (fleet_human_is_fixed(fleet, &id))
		out[n++] = (struct image_name){ registry, fleet->baseline_repository, human };
	if (!n || !is_same(fleet->baseline_repository, fleet->human_repository))
		out[n++] = (struct image_name){ registry, fleet->human_repository, human };
	return n;
}

static void
add_image(struct questions *q, const struct image *image, const struct fleet *fleet,
          const char *registry)
{
	struct image_name name = baseline_name(image, fleet, registry), names[HUMAN_NAMES];

	questions_add(q, &name, false);
	for (size_t i = 0; i < image->n_entries; i++) {
		if (!image_entry_is_first(image, i))
			continue;
		size_t n = human_names(names, image->entries[i].human, fleet, registry);
		for (size_t j = 0; j < n; j++)
			questions_add(q, &names[j], false);
	}
}

void
questions_of_plan(struct questions *q, const struct plan *plan, const char *registry)
{
	const struct fleet *fleet = plan->fleet;
	struct repository_query *baseline = questions_about(q, registry, fleet->baseline_repository);

	baseline->collect_prefix = TARGET_PREFIX;	/* tags are called as targets are */
	baseline->create = fleet->create;
	baseline->create_hint = true;
	questions_reserve(q, registry, fleet->baseline_repository,
	                  plan->n_images + (fleet->n_fixed_humans ? plan->n_entries : 0));
	questions_reserve(q, registry, fleet->human_repository, plan->n_entries);
	for (size_t i = 0; i < plan->n_images; i++)
		add_image(q, &plan->images[i], fleet, registry);
}
