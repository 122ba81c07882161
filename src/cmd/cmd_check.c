#include "cmd/cmd_check.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/print.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/load.h"
#include "git/gitrepo.h"
#include "json/doc.h"
#include "plan/commits.h"
#include "plan/plan.h"
#include "plan/pushed.h"
#include "plan/questions.h"
#include "registry/registry.h"
#include "registry/registry_answers.h"

struct check {
	const struct options *options;
	struct loaded loaded;
	struct gitrepo *git;
	struct registry *registry;	/* NULL: offline */
	struct plan plan;
	const char *where;		/* the registry: the fleet's, or what stands in for it */
	struct questions questions;	/* of the plan; the first is about the baseline repository */
	struct push_query push;
	bool asked_push;
	struct arena arena;
	struct error err;
};

static bool
is_whole(const struct entries *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (strlen(e->list[i].human) != COMMIT_ID_HEX ||
		    strlen(e->list[i].parent) != COMMIT_ID_HEX)
			return false;
	return true;
}

static int
read_inputs(struct check *c)
{
	struct loaded *l = &c->loaded;

	if (loaded_read(l, c->options->fleet_file, &c->arena, &c->err) < 0)
		return -1;
	if (!is_whole(&l->entries) &&
	    (commits_open(&c->git, &l->fleet, c->options->repo, c->options->offline, &c->err) < 0 ||
	     commits_resolve(&l->entries, &l->fleet, c->git, c->options->offline, &c->err) < 0))
		return -1;
	return plan_merge(&c->plan, &l->fleet, &l->entries, &c->arena, &c->err);
}

/* The bases of an image that are there: their digests are still to be asked for. */
static void
add_bases(struct questions *digests, const struct image *image, struct check *c)
{
	struct image_name names[HUMAN_NAMES];

	for (size_t i = 0; i < image->n_entries; i++) {
		if (!image_entry_is_first(image, i))
			continue;
		size_t n = human_names(names, image->entries[i].human, &c->loaded.fleet, c->where);
		for (size_t j = 0; j < n; j++)
			if (questions_answer(&c->questions, &names[j])->verdict == VERDICT_PRESENT)
				questions_add(digests, &names[j], true);
	}
}

/* Something stands on the bases of images that are absent, or that this folder pushed. */
static int
choose_digests(struct questions *digests, struct check *c)
{
	for (size_t i = 0; i < c->plan.n_images; i++) {
		struct image *image = &c->plan.images[i];
		struct image_name name = baseline_name(image, &c->loaded.fleet, c->where);
		image->registry.verdict = questions_answer(&c->questions, &name)->verdict;
		if (pushed_read(image, &c->arena, &c->err) < 0)
			return -1;
		if (image_may_be_built(image))
			add_bases(digests, image, c);
	}
	return 0;
}

static void
take_digests(struct questions *q, const struct repository_query *digests)
{
	struct repository_query *query = questions_about(q, digests->registry, digests->repository);

	for (size_t i = 0; i < digests->n_tags; i++) {
		const struct tag_query *tag = &digests->tags[i];
		struct image_name name = { digests->registry, digests->repository, tag->tag };
		*questions_answer(q, &name) = *tag;
	}
	if (!query->reason)
		query->reason = digests->reason;
}

static int
ask_digests(struct check *c, const struct registry_answers *answers)
{
	struct questions digests = { 0 };

	int ret = choose_digests(&digests, c);
	if (ret == 0)
		ret = questions_ask(&digests, answers, &c->arena, &c->err);
	for (size_t i = 0; ret == 0 && i < digests.n; i++)
		take_digests(&c->questions, &digests.queries[i]);
	questions_dispose(&digests);
	return ret;
}

static int
ask_push(struct check *c)
{
	const struct repository_query *baseline = &c->questions.queries[0];

	/* Who does not say what is there will not say this either. */
	c->asked_push = c->registry && c->options->push && !c->options->dry_run && !baseline->reason;
	c->push = (struct push_query){ .registry = baseline->registry,
	                               .repository = baseline->repository };
	if (!c->asked_push)
		return 0;
	return registry_may_push(c->registry, &c->push, 1, &c->arena, &c->err);
}

static int
ask(struct check *c)
{
	struct registry_options how = {
		.insecure = c->loaded.fleet.insecure_registry,
		.timeout_s = c->options->registry_timeout_s,
		.progress = true,
	};
	if (!c->options->offline && !(c->registry = registry_new(&how, &c->err)))
		return -1;

	struct registry_answers answers = { c->registry, REGISTRY_ANSWERS_FOLDER,
	                                    !c->options->dry_run };
	c->where = options_registry(c->options, &c->loaded.fleet);
	questions_of_plan(&c->questions, &c->plan, c->where);
	if (questions_ask(&c->questions, &answers, &c->arena, &c->err) < 0 ||
	    ask_digests(c, &answers) < 0)
		return -1;
	return ask_push(c);
}

/* ---- what is printed ---- */

static void
count(size_t counts[3], const struct repository_query *q)
{
	for (size_t i = 0; i < q->n_tags; i++)
		counts[q->tags[i].verdict]++;
}

static void
print_repository(struct str *out, const struct repository_query *q)
{
	size_t counts[3] = { 0 };

	for (size_t i = 0; i < q->n_tags; i++) {
		const struct tag_query *tag = &q->tags[i];
		str_addf(out, "%-7s  %s/%s:%s", verdict_name(tag->verdict), q->registry, q->repository,
		         tag->tag);
		if (tag->digest)
			str_addf(out, "@%s", tag->digest);
		str_add(out, '\n');
	}
	for (size_t i = 0; i < q->n_others; i++)
		str_addf(out, "%-7s  %s/%s:%s\n", "other", q->registry, q->repository, q->others[i]);
	count(counts, q);
	str_addf(out, "%s/%s: %zu present, %zu absent, %zu unknown", q->registry, q->repository,
	         counts[VERDICT_PRESENT], counts[VERDICT_ABSENT], counts[VERDICT_UNKNOWN]);
	if (q->collect_prefix)
		str_addf(out, ", %zu in no mapping%s", q->n_others,
		         q->others_complete ? "" : " (the list was not read to its end)");
	str_add(out, '\n');
}

static void
print_text(struct check *c, struct str *out)
{
	for (size_t i = 0; i < c->questions.n; i++)
		print_repository(out, &c->questions.queries[i]);
	if (c->asked_push)
		str_addf(out, "%s/%s: may be pushed to: %s\n", c->push.registry, c->push.repository,
		         may_push_name(c->push.may));
	if (c->registry)
		str_adds(out, registry_limits(c->registry, &c->arena));
}

static void
print_json_repository(struct doc *d, const struct repository_query *q)
{
	doc_open(d, NULL, '{');
	doc_string(d, "registry", q->registry);
	doc_string(d, "repository", q->repository);
	doc_string(d, "source", q->source);
	doc_string(d, "reason", q->reason);
	doc_open(d, "tags", '[');
	for (size_t i = 0; i < q->n_tags; i++) {
		doc_open(d, NULL, '{');
		doc_string(d, "tag", q->tags[i].tag);
		doc_string(d, "verdict", verdict_name(q->tags[i].verdict));
		doc_string(d, "digest", q->tags[i].digest);
		doc_string(d, "reason", q->tags[i].reason);
		doc_close(d, '}');
	}
	doc_close(d, ']');
	if (q->collect_prefix) {
		doc_strings(d, "others", q->others, q->n_others);
		doc_bool(d, "others_complete", q->others_complete);
	}
	doc_close(d, '}');
}

static void
print_json(struct check *c, struct str *out)
{
	struct doc d = { .out = out };

	doc_open(&d, NULL, '{');
	doc_long(&d, "version", 1);
	doc_string(&d, "fleet", c->loaded.fleet.name);
	doc_open(&d, "repositories", '[');
	for (size_t i = 0; i < c->questions.n; i++)
		print_json_repository(&d, &c->questions.queries[i]);
	doc_close(&d, ']');
	if (c->asked_push) {
		doc_open(&d, "push", '{');
		doc_string(&d, "may", may_push_name(c->push.may));
		doc_string(&d, "reason", c->push.reason);
		doc_close(&d, '}');
	}
	doc_close(&d, '}');
}

/* One line on stderr for each place that did not answer.  Returns how many. */
static int
complain(const struct check *c)
{
	int n = 0;
	for (size_t i = 0; i < c->questions.n; i++) {
		const struct repository_query *q = &c->questions.queries[i];
		if (!q->reason)
			continue;
		fprintf(stderr, "gen: %s/%s: %s\n", q->registry, q->repository, q->reason);
		n++;
	}
	if (c->asked_push && c->push.may != MAY_PUSH_YES) {
		fprintf(stderr, "gen: %s/%s: %s\n", c->push.registry, c->push.repository,
		        c->push.reason);
		n += c->push.may == MAY_PUSH_UNKNOWN;
	}
	return n;
}

static int
print(struct check *c)
{
	struct registry_answers answers = { NULL, REGISTRY_ANSWERS_FOLDER, false };
	struct str out = { 0 }, age = { 0 };

	(c->options->json ? print_json : print_text)(c, &out);
	int ret = print_page(&out, &c->err);
	if (ret == 0 && c->options->offline) {
		ret = registry_answers_age(&age, &answers, c->questions.queries, c->questions.n,
		                           &c->err);
		char *rest = NULL;
		for (char *line = strtok_r(age.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			fprintf(stderr, "gen: offline: %s\n", line);
	}
	str_dispose(&out);
	str_dispose(&age);
	return ret;
}

int
cmd_check(const struct options *options)
{
	struct check c = { .options = options };

	int ret = read_inputs(&c);
	if (ret == 0)
		ret = ask(&c);
	if (ret == 0)
		ret = print(&c);
	if (ret < 0)
		fprintf(stderr, "gen: %s\n", c.err.text);
	else
		ret = complain(&c);
	questions_dispose(&c.questions);
	registry_free(c.registry);
	gitrepo_free(c.git);
	loaded_dispose(&c.loaded);
	arena_dispose(&c.arena);
	return ret ? 1 : 0;
}
