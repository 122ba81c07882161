#include "plan/verdicts.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "plan/plan.h"
#include "plan/questions.h"
#include "registry/registry.h"
#include "registry/registry_answers.h"

/* Present beats unknown, which beats absent: of several bases the first best counts. */
static int
rank(enum verdict v)
{
	return v == VERDICT_PRESENT ? 2 : v == VERDICT_UNKNOWN;
}

static void
offer_base(struct base *base, const char *repository, const struct tag_query *answer)
{
	if (base->repository && rank(base->verdict) >= rank(answer->verdict))
		return;
	*base = (struct base){ repository, answer->tag, answer->verdict, answer->digest };
}

static void
take_answer(struct image *image, const struct fleet *fleet, const char *registry,
            struct questions *q)
{
	struct image_name own = baseline_name(image, fleet, registry), names[HUMAN_NAMES];
	const struct tag_query *answer = questions_answer(q, &own);

	image->registry.verdict = answer->verdict;
	image->registry.reason = answer->reason;
	image->registry.digest = answer->digest;
	for (size_t i = 0; i < image->n_entries; i++) {
		if (!image_entry_is_first(image, i))
			continue;
		size_t n = human_names(names, image->entries[i].human, fleet, registry);
		for (size_t j = 0; j < n; j++)
			offer_base(&image->registry.base, names[j].repository,
			           questions_answer(q, &names[j]));
	}
}

static void
take_answers(struct plan *plan, const char *registry, struct questions *q)
{
	const struct repository_query *baseline = &q->queries[0];

	for (size_t i = 0; i < plan->n_images; i++)
		take_answer(&plan->images[i], plan->fleet, registry, q);
	plan->unmapped_tags = baseline->others;
	plan->n_unmapped_tags = baseline->n_others;
}

/* Before the run fails, say what is unknown: one line per repository. */
static int
check_known(const struct questions *q, struct error *err)
{
	size_t n_unknown = 0;

	for (size_t i = 0; i < q->n; i++) {
		const struct repository_query *query = &q->queries[i];
		if (!query->reason)
			continue;
		fprintf(stderr, "gen: %s/%s: unknown which tags are there: %s\n", query->registry,
		        query->repository, query->reason);
		n_unknown++;
	}
	if (!n_unknown)
		return 0;
	return error_set(err, "cannot plan: some answers are missing; \"gen check\" asks again, "
	                      "\"--offline\" uses the last answers");
}

/* Offline, everything hangs on how old the answers are. */
static int
say_age(const struct registry_answers *answers, const struct questions *q, struct error *err)
{
	struct str text = { 0 };
	int ret = 0;

	if (!answers->registry)
		ret = registry_answers_age(&text, answers, q->queries, q->n, err);
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
	struct questions q = { 0 };
	int ret = -1;

	questions_of_plan(&q, plan, registry);
	if (questions_ask(&q, answers, a, err) == 0 && check_known(&q, err) == 0 &&
	    say_age(answers, &q, err) == 0) {
		take_answers(plan, registry, &q);
		ret = 0;
	}
	questions_dispose(&q);
	return ret;
}

static struct image_name
base_name(const struct image *image, const char *registry)
{
	const struct base *base = &image->registry.base;
	return (struct image_name){ registry, base->repository, base->tag };
}

static bool
lacks_digest(const struct image *image)
{
	return image_can_be_built(image) && !image->registry.base.digest;
}

static int
take_digest(struct base *base, const struct image_name *name, struct questions *q,
            struct error *err)
{
	const struct tag_query *answer = questions_answer(q, name);

	base->verdict = answer->verdict;
	base->digest = answer->digest;
	if (answer->verdict == VERDICT_PRESENT && !answer->digest)
		return error_set(err, "%s/%s:%s: the registry gives no digest", name->registry,
		                 name->repository, name->tag);
	return 0;
}

static int
take_digests(struct plan *plan, const char *registry, struct questions *q, struct error *err)
{
	for (size_t i = 0; i < plan->n_images; i++) {
		struct image *image = &plan->images[i];
		struct image_name name = base_name(image, registry);
		if (lacks_digest(image) && take_digest(&image->registry.base, &name, q, err) < 0)
			return -1;
	}
	return 0;
}

int
verdicts_ask_digests(struct plan *plan, const char *registry, const struct registry_answers *answers,
                     struct arena *a, struct error *err)
{
	struct questions q = { 0 };

	for (size_t i = 0; i < plan->n_images; i++) {
		struct image_name name = base_name(&plan->images[i], registry);
		if (lacks_digest(&plan->images[i]))
			questions_add(&q, &name, true);
	}
	int ret = questions_ask(&q, answers, a, err);
	if (ret == 0)
		ret = check_known(&q, err);
	if (ret == 0)
		ret = take_digests(plan, registry, &q, err);
	questions_dispose(&q);
	return ret;
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
