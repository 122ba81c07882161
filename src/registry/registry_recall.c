/* Answer questions from the last answers. */
#include "registry/registry_cache.h"

#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "registry/registry_cache_read.h"
#include "registry/registry_query.h"

struct recall {
	struct repository_query *q;
	struct table wanted;	/* numbers of q's tags */
	struct arena *arena;
};

static void
forget_answers(struct recall *r, struct arena *scratch)
{
	struct repository_query *q = r->q;

	table_init(&r->wanted, q->n_tags, scratch);
	for (size_t i = 0; i < q->n_tags; i++) {
		struct tag_query *tag = &q->tags[i];
		tag->verdict = VERDICT_UNKNOWN;
		tag->digest = tag->reason = NULL;
		table_add(&r->wanted, tag->tag, strlen(tag->tag), i);
	}
	q->reason = q->source = NULL;
}

/* Answer all that ask for this tag. */
static void
answer_tag(void *user, const struct cached_tag *said)
{
	struct recall *r = user;
	struct table_search s = table_find(&r->wanted, said->tag, strlen(said->tag));
	const char *digest = NULL;
	size_t i;

	while (table_next(&s, &i)) {
		struct tag_query *tag = &r->q->tags[i];
		if (strcmp(tag->tag, said->tag) != 0)
			continue;
		if (said->digest && !digest)
			digest = arena_strdup(r->arena, said->digest);
		tag->verdict = said->verdict;
		tag->digest = digest;
	}
}

/* Say what is unknown, and why. */
static void
say_unknown(struct repository_query *q, struct arena *a)
{
	for (size_t i = 0; i < q->n_tags; i++) {
		struct tag_query *tag = &q->tags[i];
		if (tag->verdict == VERDICT_UNKNOWN) {
			tag->reason = arena_printf(a, "the last answers do not have tag %s", tag->tag);
		} else if (tag->want_digest && tag->verdict == VERDICT_PRESENT && !tag->digest) {
			tag->verdict = VERDICT_UNKNOWN;
			tag->reason = arena_printf(a, "the last answers do not have the digest of tag %s",
			                           tag->tag);
		}
		if (!q->reason)
			q->reason = tag->reason;
	}
}

int
registry_cache_answer(struct repository_query *q, const char *text, size_t len, struct arena *a,
                      struct error *err)
{
	struct arena scratch = { 0 };
	struct recall r = { .q = q, .arena = a };
	struct cache_file file = { .tag = answer_tag, .user = &r, .want_others = q->collect_prefix };

	forget_answers(&r, &scratch);
	int ret = registry_cache_read(&file, q, text, len, a, err);
	arena_dispose(&scratch);
	q->source = file.source;
	q->others = file.others;
	q->n_others = file.n_others;
	q->others_complete = file.has_others;
	if (ret == 0)
		say_unknown(q, a);
	return ret;
}

void
registry_cache_pages(struct repository_query *q, const char *text, size_t len, struct arena *a)
{
	struct cache_file file = { .want_pages = true };

	if (registry_cache_read(&file, q, text, len, a, NULL) < 0)
		return;
	q->known_pages = file.pages;
	q->n_known_pages = file.n_pages;
}
