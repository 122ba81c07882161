/*
 * Ask a registry by hand, without a fleet.
 *
 * usage: registry_probe [-i] [-c PREFIX] [-d] [-n] [-p] [-t SECONDS] [-P]
 *                       REGISTRY REPOSITORY [TAG...]
 *
 *   -i  http is allowed      -c  collect other tags      -d  with digests
 *   -n  create: true         -p  may we push?            -P  progress
 *
 * "TAG VERDICT [DIGEST] [REASON]" a line; exit 0 if nothing is unknown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "registry/registry.h"

struct choice {
	struct registry_options options;
	const char *collect;
	bool digest, create, push;
};

static int
read_options(struct choice *c, int argc, char **argv)
{
	int opt;
	while ((opt = getopt(argc, argv, "ic:dnpt:P")) != -1) {
		switch (opt) {
		case 'i':
			c->options.insecure = true;
			break;
		case 'c':
			c->collect = optarg;
			break;
		case 'd':
			c->digest = true;
			break;
		case 'n':
			c->create = true;
			break;
		case 'p':
			c->push = true;
			break;
		case 't':
			c->options.timeout_s = strtol(optarg, NULL, 10);
			break;
		case 'P':
			c->options.progress = true;
			break;
		default:
			return -1;
		}
	}
	return argc - optind < 2 ? -1 : 0;
}

static int
ask_push(struct registry *r, const char *registry, const char *repository, struct arena *a,
         struct error *err)
{
	struct push_query q = { .registry = registry, .repository = repository };
	if (registry_may_push(r, &q, 1, a, err) < 0)
		return -1;
	printf("push %s%s%s\n", may_push_name(q.may), q.reason ? " " : "",
	       q.reason ? q.reason : "");
	return q.may == MAY_PUSH_UNKNOWN;
}

static int
ask_tags(struct registry *r, const struct choice *c, char **argv, size_t n, struct arena *a,
         struct error *err)
{
	struct repository_query q = {
		.registry = argv[0], .repository = argv[1], .n_tags = n,
		.tags = arena_array(a, n, sizeof(*q.tags)),
		.collect_prefix = c->collect, .create = c->create,
	};
	for (size_t i = 0; i < n; i++)
		q.tags[i] = (struct tag_query){ .tag = argv[2 + i], .want_digest = c->digest };
	if (registry_ask(r, &q, 1, a, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		printf("%s %s%s%s%s%s\n", q.tags[i].tag, verdict_name(q.tags[i].verdict),
		       q.tags[i].digest ? " " : "", q.tags[i].digest ? q.tags[i].digest : "",
		       q.tags[i].reason ? " " : "", q.tags[i].reason ? q.tags[i].reason : "");
	for (size_t i = 0; i < q.n_others; i++)
		printf("other %s\n", q.others[i]);
	if (c->collect)
		printf("others %zu %s\n", q.n_others, q.others_complete ? "complete" : "partial");
	if (q.reason)
		printf("reason %s\n", q.reason);
	return q.reason != NULL;
}

int
main(int argc, char **argv)
{
	struct choice c = { 0 };
	struct arena a = { 0 };
	struct error err = { 0 };

	if (read_options(&c, argc, argv) < 0) {
		fprintf(stderr, "usage: registry_probe [-idnpP] [-c PREFIX] [-t SECONDS] "
		        "REGISTRY REPOSITORY [TAG...]\n");
		return 2;
	}
	argv += optind;
	struct registry *r = registry_new(&c.options, &err);
	int ret = r ? c.push ? ask_push(r, argv[0], argv[1], &a, &err)
	                     : ask_tags(r, &c, argv, (size_t)(argc - optind - 2), &a, &err)
	            : -1;
	if (r)
		fputs(registry_limits(r, &a), stdout);
	if (ret < 0)
		fprintf(stderr, "registry_probe: %s\n", err.text);
	registry_free(r);
	arena_dispose(&a);
	return ret ? 1 : 0;
}
