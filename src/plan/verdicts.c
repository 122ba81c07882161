#include "plan/verdicts.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/target.h"
#include "plan/plan.h"
#include "registry/registry.h"
#include "registry/registry_answers.h"

static struct repository_query
query_of(const char *registry, const char *repository, struct arena *a, size_t most)
{
	return (struct repository_query){
		.registry = registry,
		.repository = repository,
		.tags = arena_array(a, most, sizeof(struct tag_query)),
	};
}

/*
 * The questions, in the order in which take_answers reads them: of the baseline
 * repository all targets, then the fixed humans; of the human one all humans.
 */
static void
add_questions(struct repository_query *baseline, struct repository_query *human,
              const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_images; i++)
		baseline->tags[baseline->n_tags++].tag = plan->images[i].target;
	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		for (size_t j = 0; j < image->n_entries; j++) {
			struct commit_id id;
			memcpy(id.hex, image->entries[j].human, sizeof(id.hex));
			human->tags[human->n_tags++].tag = image->entries[j].human;
			if (fleet_human_is_fixed(plan->fleet, &id))
				baseline->tags[baseline->n_tags++].tag = image->entries[j].human;
		}
	}
}

/* Present beats unknown, which beats absent: of several bases the first best counts. */
static int
rank(enum verdict v)
{
	return v == VERDICT_PRESENT ? 2 : v == VERDICT_UNKNOWN;
}

static void
offer_base(struct base *base, const char *repository, const struct tag_query *q)
{
	if (base->repository && rank(base->verdict) >= rank(q->verdict))
		return;
	*base = (struct base){ repository, q->tag, q->verdict, q->digest };
}

static void
take_answers(struct plan *plan, const struct repository_query *baseline,
             const struct repository_query *human)
{
	const struct fleet *fleet = plan->fleet;
	const struct tag_query *fixed = baseline->tags + plan->n_images;
	const struct tag_query *usual = human->tags;

	for (size_t i = 0; i < plan->n_images; i++) {
		struct image *image = &plan->images[i];
		image->registry.verdict = baseline->tags[i].verdict;
		image->registry.reason = baseline->tags[i].reason;
		image->registry.digest = baseline->tags[i].digest;
		for (size_t j = 0; j < image->n_entries; j++) {
			if (fixed < baseline->tags + baseline->n_tags &&
			    fixed->tag == image->entries[j].human)
				offer_base(&image->registry.base, fleet->baseline_repository, fixed++);
			offer_base(&image->registry.base, fleet->human_repository, usual++);
		}
	}
}

/* All that is unknown is said, a line a repository, before the run fails. */
static int
check_known(const struct repository_query *queries, size_t n, struct error *err)
{
	size_t n_unknown = 0;

	for (size_t i = 0; i < n; i++) {
		if (!queries[i].reason)
			continue;
		fprintf(stderr, "gen: %s/%s: unknown which tags are there: %s\n",
		        queries[i].registry, queries[i].repository, queries[i].reason);
		n_unknown++;
	}
	if (!n_unknown)
		return 0;
	return error_set(err, "nothing is planned on what is unknown: gen check asks again, "
	                      "--offline plans from the last answers");
}

/* Offline, everything hangs on how old the answers are. */
static int
say_age(const struct registry_answers *answers, const struct repository_query *queries, size_t n,
        struct error *err)
{
	struct str text = { 0 };
	int ret = 0;

	if (!answers->registry)
		ret = registry_answers_age(&text, answers, queries, n, err);
	for (char *line = text.data, *end; ret == 0 && line && *line; line = end) {
		end = line + strcspn(line, "\n");
		fprintf(stderr, "gen: offline: %.*s\n", (int)(end - line), line);
		end += *end == '\n';
	}
	str_dispose(&text);
	return ret;
}

int
verdicts_ask(struct plan *plan, const char *registry, const struct registry_answers *answers,
             struct arena *a, struct error *err)
{
	const struct fleet *fleet = plan->fleet;
	struct arena scratch = { 0 };	/* the questions: as much as half the plan, and soon forgotten */
	struct repository_query queries[2] = {
		query_of(registry, fleet->baseline_repository, &scratch,
		         plan->n_images + (fleet->n_fixed_humans ? plan->n_entries : 0)),
		query_of(registry, fleet->human_repository, &scratch, plan->n_entries),
	};
	int ret = -1;

	queries[0].collect_prefix = TARGET_PREFIX;
	queries[0].create = fleet->create;
	queries[0].create_hint = true;
	add_questions(&queries[0], &queries[1], plan);
	if (registry_answers_get(answers, queries, 2, a, err) == 0 &&
	    check_known(queries, 2, err) == 0 && say_age(answers, queries, 2, err) == 0) {
		take_answers(plan, &queries[0], &queries[1]);
		plan->unmapped_tags = queries[0].others;
		plan->n_unmapped_tags = queries[0].n_others;
		ret = 0;
	}
	arena_dispose(&scratch);
	return ret;
}

static bool
lacks_digest(const struct image *image, const char *repository)
{
	return image_can_be_built(image) && !image->registry.base.digest &&
	       strcmp(image->registry.base.repository, repository) == 0;
}

/* The bases of one repository whose digests are not known yet. */
static int
ask_digests(struct plan *plan, const char *registry, const char *repository,
            const struct registry_answers *answers, struct arena *a, struct error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_images; i++)
		n += lacks_digest(&plan->images[i], repository);
	if (!n)
		return 0;
	struct repository_query query = query_of(registry, repository, a, n);
	struct base **bases = arena_array(a, n, sizeof(struct base *));
	for (size_t i = 0; i < plan->n_images; i++) {
		struct image *image = &plan->images[i];
		if (!lacks_digest(image, repository))
			continue;
		bases[query.n_tags] = &image->registry.base;
		query.tags[query.n_tags].tag = image->registry.base.tag;
		query.tags[query.n_tags++].want_digest = true;
	}
	if (registry_answers_get(answers, &query, 1, a, err) < 0 || check_known(&query, 1, err) < 0)
		return -1;
	for (size_t i = 0; i < query.n_tags; i++) {
		bases[i]->verdict = query.tags[i].verdict;
		bases[i]->digest = query.tags[i].digest;
		if (query.tags[i].verdict == VERDICT_PRESENT && !query.tags[i].digest)
			return error_set(err, "%s/%s:%s: the registry gives no digest", query.registry,
			                 repository, query.tags[i].tag);
	}
	return 0;
}

int
verdicts_ask_digests(struct plan *plan, const char *registry, const struct registry_answers *answers,
                     struct arena *a, struct error *err)
{
	const struct fleet *fleet = plan->fleet;

	if (ask_digests(plan, registry, fleet->human_repository, answers, a, err) < 0)
		return -1;
	if (strcmp(fleet->human_repository, fleet->baseline_repository) == 0)
		return 0;
	return ask_digests(plan, registry, fleet->baseline_repository, answers, a, err);
}

int
verdicts_check_push(const struct plan *plan, const char *registry, struct registry *r,
                    struct arena *a, struct error *err)
{
	struct push_query q = {
		.registry = registry,
		.repository = plan->fleet->baseline_repository,
	};

	if (registry_may_push(r, &q, 1, a, err) < 0)
		return -1;
	if (q.may == MAY_PUSH_YES)
		return 0;
	return error_set(err, "%s/%s: %s push there: %s; --no-push builds without", q.registry,
	                 q.repository, q.may == MAY_PUSH_NO ? "you may not" : "unknown whether you may",
	                 q.reason);
}
