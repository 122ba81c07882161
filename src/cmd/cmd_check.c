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
#include "fleet/target.h"
#include "git/gitrepo.h"
#include "json/doc.h"
#include "plan/commits.h"
#include "plan/plan.h"
#include "plan/pushed.h"
#include "plan/verdicts.h"
#include "registry/registry.h"
#include "registry/registry_answers.h"

struct check {
	const struct options *options;
	struct loaded loaded;
	struct gitrepo *git;
	struct registry *registry;	/* NULL: offline */
	struct plan plan;
	struct repository_query *queries;	/* [0] is the baseline repository */
	size_t n;
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

static void
add_tag(struct repository_query *q, const char *tag)
{
	q->tags[q->n_tags++].tag = tag;
}

static void
make_queries(struct check *c)
{
	const struct fleet *fleet = &c->loaded.fleet;
	bool one = strcmp(fleet->baseline_repository, fleet->human_repository) == 0;

	c->n = one ? 1 : 2;
	c->queries = arena_array(&c->arena, 2, sizeof(*c->queries));
	for (size_t i = 0; i < 2; i++) {
		c->queries[i].registry = options_registry(c->options, fleet);
		c->queries[i].repository = i ? fleet->human_repository : fleet->baseline_repository;
		c->queries[i].tags = arena_array(&c->arena, c->plan.n_images + 2 * c->plan.n_entries,
		                                 sizeof(struct tag_query));
	}
	struct repository_query *baseline = &c->queries[0], *human = &c->queries[one ? 0 : 1];
	baseline->collect_prefix = TARGET_PREFIX;
	baseline->create = fleet->create;
	baseline->create_hint = true;

	for (size_t i = 0; i < c->plan.n_images; i++) {
		const struct image *image = &c->plan.images[i];
		add_tag(baseline, image->target);
		for (size_t j = 0; j < image->n_entries; j++) {
			struct commit_id id;
			memcpy(id.hex, image->entries[j].human, sizeof(id.hex));
			add_tag(human, image->entries[j].human);
			if (human != baseline && fleet_human_is_fixed(fleet, &id))
				add_tag(baseline, image->entries[j].human);
		}
	}
}

/* A question about digests, and where its tags are in the question it completes. */
struct digests {
	struct repository_query query;
	size_t *at;
};

static void
add_digest(struct digests *d, const struct repository_query *q, size_t at)
{
	if (q->tags[at].verdict != VERDICT_PRESENT)
		return;
	d->at[d->query.n_tags] = at;
	d->query.tags[d->query.n_tags++] = (struct tag_query){ .tag = q->tags[at].tag,
	                                                       .want_digest = true };
}

/*
 * The bases on whose digests something stands: those of images that are absent, or that this
 * folder pushed.  Goes through the tags in the order in which make_queries added them.
 */
static int
choose_digests(struct digests d[2], struct check *c)
{
	size_t baseline = 0, human = 0, *at[] = { &baseline, &human };

	for (size_t i = 0; i < c->n; i++) {
		d[i].query = (struct repository_query){ .registry = c->queries[i].registry,
		                                        .repository = c->queries[i].repository };
		d[i].query.tags = arena_array(&c->arena, c->queries[i].n_tags, sizeof(struct tag_query));
		d[i].at = arena_array(&c->arena, c->queries[i].n_tags, sizeof(*d[i].at));
	}
	for (size_t i = 0; i < c->plan.n_images; i++) {
		struct image *image = &c->plan.images[i];
		image->registry.verdict = c->queries[0].tags[baseline++].verdict;
		if (pushed_read(image, &c->arena, &c->err) < 0)
			return -1;
		for (size_t j = 0; j < image->n_entries; j++)
			for (size_t k = c->n; k-- > 0; ) {
				size_t next = *at[k];
				if (next == c->queries[k].n_tags ||
				    c->queries[k].tags[next].tag != image->entries[j].human)
					continue;
				if (image_may_be_built(image))
					add_digest(&d[k], &c->queries[k], next);
				++*at[k];
			}
	}
	return 0;
}

static void
take_digests(struct repository_query *q, const struct digests *d)
{
	for (size_t i = 0; i < d->query.n_tags; i++)
		q->tags[d->at[i]] = d->query.tags[i];
	if (!q->reason)
		q->reason = d->query.reason;
}

static int
ask_push(struct check *c)
{
	/* Who does not say what is there will not say this either. */
	c->asked_push = c->registry && c->options->push && !c->options->dry_run &&
	                !c->queries[0].reason;
	c->push = (struct push_query){ .registry = c->queries[0].registry,
	                               .repository = c->queries[0].repository };
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
	struct digests digests[2] = { 0 };
	make_queries(c);
	if (registry_answers_get(&answers, c->queries, c->n, &c->arena, &c->err) < 0)
		return -1;
	if (choose_digests(digests, c) < 0)
		return -1;
	for (size_t i = 0; i < c->n; i++) {
		if (digests[i].query.n_tags &&
		    registry_answers_get(&answers, &digests[i].query, 1, &c->arena, &c->err) < 0)
			return -1;
		take_digests(&c->queries[i], &digests[i]);
	}
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
	for (size_t i = 0; i < c->n; i++)
		print_repository(out, &c->queries[i]);
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
	for (size_t i = 0; i < c->n; i++)
		print_json_repository(&d, &c->queries[i]);
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
	for (size_t i = 0; i < c->n; i++) {
		const struct repository_query *q = &c->queries[i];
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
		ret = registry_answers_age(&age, &answers, c->queries, c->n, &c->err);
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
	registry_free(c.registry);
	gitrepo_free(c.git);
	loaded_dispose(&c.loaded);
	arena_dispose(&c.arena);
	return ret ? 1 : 0;
}
