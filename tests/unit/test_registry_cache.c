#include "registry/registry_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "registry/registry_query.h"

#define D1 "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define D2 "sha256:2222222222222222222222222222222222222222222222222222222222222222"
#define NOW INT64_C(1700000000)		/* 2023-11-14T22:13:20Z */
#define LATER INT64_C(1700003600)

static struct repository_query
query(struct tag_query *tags, size_t n)
{
	return (struct repository_query){ .registry = "r.example", .repository = "a/b", .tags = tags,
	                                  .n_tags = n, .source = "https://r.example" };
}

static void
merge(struct str *text, const struct repository_query *q, int64_t now_s)
{
	struct str out = { 0 };
	registry_cache_merge(&out, q, text->data, text->len, now_s);
	str_dispose(text);
	*text = out;
}

static void
answers_are_written_in_order(void **state)
{
	(void)state;
	struct tag_query tags[] = {
		{ .tag = "z", .verdict = VERDICT_ABSENT },
		{ .tag = "a", .verdict = VERDICT_PRESENT, .digest = D1 },
		{ .tag = "u", .verdict = VERDICT_UNKNOWN, .reason = "why" },
		{ .tag = "m", .verdict = VERDICT_PRESENT },
	};
	struct repository_query q = query(tags, 4);
	const char *others[] = { "o1", "o2" };
	struct str text = { 0 };

	q.collect_prefix = "o";
	q.others = others;
	q.n_others = 2;
	q.others_complete = true;
	merge(&text, &q, NOW);
	assert_string_equal(str_text(&text),
		"{\n"
		"  \"version\": 1,\n"
		"  \"registry\": \"r.example\",\n"
		"  \"repository\": \"a/b\",\n"
		"  \"source\": \"https://r.example\",\n"
		"  \"time\": \"2023-11-14T22:13:20Z\",\n"
		"  \"tags\": {\n"
		"    \"a\": {\n"
		"      \"verdict\": \"present\",\n"
		"      \"digest\": \"" D1 "\"\n"
		"    },\n"
		"    \"m\": {\n"
		"      \"verdict\": \"present\"\n"
		"    },\n"
		"    \"z\": {\n"
		"      \"verdict\": \"absent\"\n"
		"    }\n"
		"  },\n"
		"  \"others\": [\n"
		"    \"o1\",\n"
		"    \"o2\"\n"
		"  ]\n"
		"}\n");
	str_dispose(&text);
}

static void
the_same_answer_leaves_the_same_bytes(void **state)
{
	(void)state;
	struct tag_query tags[] = {
		{ .tag = "a", .verdict = VERDICT_PRESENT, .digest = D1 },
		{ .tag = "b", .verdict = VERDICT_ABSENT },
	};
	struct repository_query q = query(tags, 2);
	struct str text = { 0 }, before = { 0 };

	merge(&text, &q, NOW);
	str_adds(&before, str_text(&text));

	merge(&text, &q, LATER);
	assert_string_equal(str_text(&text), str_text(&before));

	/* Neither does what is unknown now, nor a digest that was not asked for. */
	tags[0].digest = NULL;
	tags[1].verdict = VERDICT_UNKNOWN;
	merge(&text, &q, LATER);
	assert_string_equal(str_text(&text), str_text(&before));

	/* Nor a question about one tag only. */
	q.n_tags = 1;
	merge(&text, &q, LATER);
	assert_string_equal(str_text(&text), str_text(&before));

	tags[0].digest = D2;
	merge(&text, &q, LATER);
	assert_non_null(strstr(str_text(&text), D2));
	assert_null(strstr(str_text(&text), D1));
	assert_non_null(strstr(str_text(&text), "\"time\": \"2023-11-14T23:13:20Z\""));
	str_dispose(&text);
	str_dispose(&before);
}

static void
a_tag_that_goes_takes_its_digest_along(void **state)
{
	(void)state;
	struct tag_query tags[] = { { .tag = "a", .verdict = VERDICT_PRESENT, .digest = D1 } };
	struct repository_query q = query(tags, 1);
	struct str text = { 0 };

	merge(&text, &q, NOW);
	tags[0] = (struct tag_query){ .tag = "a", .verdict = VERDICT_ABSENT };
	merge(&text, &q, LATER);
	assert_null(strstr(str_text(&text), D1));
	tags[0].verdict = VERDICT_PRESENT;
	merge(&text, &q, LATER);
	assert_null(strstr(str_text(&text), D1));
	str_dispose(&text);
}

static void
others_and_pages_stay_until_a_list_is_read(void **state)
{
	(void)state;
	const char *others[] = { "o1" }, *page_tags[] = { "a", "o1" };
	struct list_page page = { "http://r/1", "\"e1\"", "http://r/2", page_tags, 2 };
	struct repository_query q = query(NULL, 0);
	struct str text = { 0 }, before = { 0 };
	struct arena a = { 0 };

	q.collect_prefix = "o";
	q.others = others;
	q.n_others = 1;
	q.others_complete = q.listed = true;
	q.pages = &page;
	q.n_pages = 1;
	merge(&text, &q, NOW);
	str_adds(&before, str_text(&text));

	/* What gen does next: it asks for digests, and for these no list. */
	struct repository_query plain = query(NULL, 0);
	registry_cache_pages(&plain, str_text(&text), text.len, &a);
	assert_int_equal(plain.n_known_pages, 1);
	assert_string_equal(plain.known_pages[0].url, "http://r/1");
	assert_string_equal(plain.known_pages[0].etag, "\"e1\"");
	assert_string_equal(plain.known_pages[0].next, "http://r/2");
	assert_int_equal(plain.known_pages[0].n_tags, 2);
	merge(&text, &plain, LATER);
	assert_string_equal(str_text(&text), str_text(&before));

	/* A list that gave no validators. */
	q.n_pages = q.n_others = 0;
	merge(&text, &q, LATER);
	assert_null(strstr(str_text(&text), "pages"));
	assert_null(strstr(str_text(&text), "o1"));
	str_dispose(&text);
	str_dispose(&before);
	arena_dispose(&a);
}

static void
the_last_answers_answer(void **state)
{
	(void)state;
	struct tag_query told[] = {
		{ .tag = "a", .verdict = VERDICT_PRESENT, .digest = D1 },
		{ .tag = "b", .verdict = VERDICT_ABSENT },
		{ .tag = "c", .verdict = VERDICT_PRESENT },
	};
	struct tag_query asked[] = {
		{ .tag = "c" }, { .tag = "b" }, { .tag = "a", .want_digest = true }, { .tag = "x" },
		{ .tag = "c", .want_digest = true },
	};
	struct repository_query q = query(told, 3), again = query(asked, 5);
	struct str text = { 0 };
	struct arena a = { 0 };
	struct error err = { 0 };

	merge(&text, &q, NOW);
	assert_int_equal(registry_cache_answer(&again, text.data, text.len, &a, &err), 0);
	assert_int_equal(asked[0].verdict, VERDICT_PRESENT);
	assert_null(asked[0].digest);
	assert_int_equal(asked[1].verdict, VERDICT_ABSENT);
	assert_int_equal(asked[2].verdict, VERDICT_PRESENT);
	assert_string_equal(asked[2].digest, D1);
	assert_int_equal(asked[3].verdict, VERDICT_UNKNOWN);
	assert_string_equal(asked[3].reason, "the last answers do not have tag x");
	assert_int_equal(asked[4].verdict, VERDICT_UNKNOWN);
	assert_string_equal(asked[4].reason, "the last answers do not have the digest of tag c");
	assert_string_equal(again.reason, asked[3].reason);
	assert_false(again.others_complete);
	str_dispose(&text);
	arena_dispose(&a);
}

static void
a_broken_file_is_an_error_to_read_and_nothing_to_write_over(void **state)
{
	(void)state;
	static const struct { const char *text, *error; } rows[] = {
		{ "", "is not JSON" },
		{ "{", "is not JSON" },
		{ "{} {}", "is not JSON" },
		{ "{\"tags\":{\"a\":{\"verdict\":\"absent\"}", "is not JSON" },
		{ "[]", "does not hold answers about r.example/a/b" },
		{ "[{}]", "does not hold answers about r.example/a/b" },
		{ "{}", "does not hold answers about r.example/a/b" },
		{ "{\"version\":2,\"registry\":\"r.example\",\"repository\":\"a/b\",\"tags\":{}}",
		  "does not hold answers about r.example/a/b" },
		{ "{\"version\":1,\"registry\":\"r.example\",\"repository\":\"a/c\",\"tags\":{}}",
		  "does not hold answers about r.example/a/b" },
		{ "{\"version\":1,\"registry\":\"r.example\",\"repository\":\"a/b\",\"tags\":[]}",
		  "does not hold answers about r.example/a/b" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tag_query tags[] = { { .tag = "a", .verdict = VERDICT_PRESENT } };
		struct repository_query q = query(tags, 1);
		struct arena a = { 0 };
		struct error err = { 0 };
		struct str text = { 0 }, fresh = { 0 };

		assert_int_equal(registry_cache_answer(&q, rows[i].text, strlen(rows[i].text), &a,
		                                       &err), -1);
		assert_string_equal(err.text, rows[i].error);

		tags[0].verdict = VERDICT_PRESENT;
		registry_cache_merge(&text, &q, rows[i].text, strlen(rows[i].text), NOW);
		registry_cache_merge(&fresh, &q, NULL, 0, NOW);
		assert_string_equal(str_text(&text), str_text(&fresh));
		str_dispose(&text);
		str_dispose(&fresh);
		arena_dispose(&a);
	}
}

static void
what_a_file_may_not_say_is_passed_over(void **state)
{
	(void)state;
	static const char text[] =
		"{\"version\":1,\"registry\":\"r.example\",\"repository\":\"a/b\",\"tags\":{"
		"\"a\":{\"verdict\":\"maybe\"},\"b\":{\"verdict\":\"present\",\"digest\":\"sha256:1\"},"
		"\"c\":7},\"others\":[\"ok\",\"-no\",7,\"a b\"]}";
	struct tag_query tags[] = { { .tag = "a" }, { .tag = "b" }, { .tag = "c" } };
	struct repository_query q = query(tags, 3);
	struct arena a = { 0 };

	q.collect_prefix = "";
	assert_int_equal(registry_cache_answer(&q, text, strlen(text), &a, NULL), 0);
	assert_int_equal(tags[0].verdict, VERDICT_UNKNOWN);
	assert_int_equal(tags[1].verdict, VERDICT_PRESENT);
	assert_null(tags[1].digest);
	assert_int_equal(tags[2].verdict, VERDICT_UNKNOWN);
	assert_int_equal(q.n_others, 1);
	assert_string_equal(q.others[0], "ok");
	arena_dispose(&a);
}

static void
names_fit_into_a_folder(void **state)
{
	(void)state;
	struct str name = { 0 }, repository = { 0 };

	registry_cache_name(&name, "docker.io", "anonymous/vllm-baseline");
	assert_string_equal(name.data, "docker.io+anonymous+vllm-baseline.json");

	while (repository.len < 240)
		str_adds(&repository, "a/");
	str_add(&repository, 'b');
	str_clear(&name);
	registry_cache_name(&name, "r.example", repository.data);
	assert_true(name.len < 220);
	assert_null(strchr(name.data, '/'));

	struct str other = { 0 };
	repository.data[repository.len - 1] = 'c';
	registry_cache_name(&other, "r.example", repository.data);
	assert_string_not_equal(name.data, other.data);
	str_dispose(&name);
	str_dispose(&other);
	str_dispose(&repository);
}

static void
when_is_kept_apart(void **state)
{
	(void)state;
	const char *first[] = { "b.json", "a.json" }, *second[] = { "c.json", "a.json" };
	struct str text = { 0 }, next = { 0 };

	registry_cache_asked(&text, first, 2, NULL, 0, NOW);
	registry_cache_asked(&next, second, 2, text.data, text.len, LATER);
	assert_string_equal(next.data,
		"{\n"
		"  \"version\": 1,\n"
		"  \"asked\": {\n"
		"    \"a.json\": \"2023-11-14T23:13:20Z\",\n"
		"    \"b.json\": \"2023-11-14T22:13:20Z\",\n"
		"    \"c.json\": \"2023-11-14T23:13:20Z\"\n"
		"  }\n"
		"}\n");
	assert_int_equal(registry_cache_asked_at("b.json", next.data, next.len), NOW);
	assert_int_equal(registry_cache_asked_at("d.json", next.data, next.len), -1);
	assert_int_equal(registry_cache_asked_at("b.json", "junk", 4), -1);
	assert_int_equal(registry_cache_asked_at("b.json", NULL, 0), -1);
	str_dispose(&text);
	str_dispose(&next);
}

GROUP(test_registry_cache)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_written_in_order),
		cmocka_unit_test(the_same_answer_leaves_the_same_bytes),
		cmocka_unit_test(a_tag_that_goes_takes_its_digest_along),
		cmocka_unit_test(others_and_pages_stay_until_a_list_is_read),
		cmocka_unit_test(the_last_answers_answer),
		cmocka_unit_test(a_broken_file_is_an_error_to_read_and_nothing_to_write_over),
		cmocka_unit_test(what_a_file_may_not_say_is_passed_over),
		cmocka_unit_test(names_fit_into_a_folder),
		cmocka_unit_test(when_is_kept_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
