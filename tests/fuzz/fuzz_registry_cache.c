/* The file of the last answers: whatever it holds, writing over it settles. */
#include "fuzz.h"

#include "base/str.h"
#include "registry/registry_cache.h"
#include "registry/registry_query.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *text = arena_copy(&a, (const char *)data, size);
	struct tag_query tags[] = { { .tag = "a", .want_digest = true }, { .tag = "b" } };
	struct repository_query q = { .registry = "r.example", .repository = "a/b", .tags = tags,
	                              .n_tags = 2, .collect_prefix = "" };
	struct str once = { 0 }, twice = { 0 };

	if (registry_cache_answer(&q, text, size, &a, &err) == 0)
		MUST(tags[0].verdict != VERDICT_PRESENT || tags[0].digest);
	else
		MUST(*err.text);
	registry_cache_pages(&q, text, size, &a);

	tags[0] = (struct tag_query){ .tag = "a", .verdict = VERDICT_PRESENT };
	tags[1] = (struct tag_query){ .tag = "b", .verdict = VERDICT_UNKNOWN };
	q.others_complete = false;
	registry_cache_merge(&once, &q, text, size, 1700000000);
	registry_cache_merge(&twice, &q, once.data, once.len, 1800000000);
	MUST(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);

	/* The times of asking, which have a file of their own. */
	const char *names[] = { "x" };
	struct str asked = { 0 }, again = { 0 };
	registry_cache_asked_at("x", text, size);
	registry_cache_asked(&asked, names, 1, text, size, 1700000000);
	registry_cache_asked(&again, names, 1, asked.data, asked.len, 1700000000);
	MUST(asked.len == again.len && memcmp(asked.data, again.data, asked.len) == 0);
	MUST(registry_cache_asked_at("x", asked.data, asked.len) == 1700000000);
	str_dispose(&asked);
	str_dispose(&again);
	str_dispose(&once);
	str_dispose(&twice);
	arena_dispose(&a);
	return 0;
}
