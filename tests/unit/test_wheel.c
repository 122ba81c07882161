#include "registry/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/str.h"
#include "http/http_answer.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))
#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define BASE64 "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define DIGEST "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct arena arena;

static void
templates_are_https_and_hold_the_commit(void **state)
{
	(void)state;
	static const struct { const char *template; bool valid; } rows[] = {
		{ "https://w.example.org/{commit}/a-{commit}.whl", true },
		{ "http://127.0.0.1:8000/{commit}.whl", true },
		{ "http://w.example.org/{commit}.whl", false },
		{ "https://w.example.org/a.whl", false },
		{ "https://me:secret@w.example.org/{commit}.whl", false },
		{ "file:///{commit}.whl", false },
		{ "https://w.example.org/{commit}/a b.whl", false },
		{ "", false },
	};
	static const struct commit_id commit = { COMMIT };

	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(wheel_template_valid(rows[i].template), rows[i].valid);
	assert_string_equal(wheel_url(rows[0].template, &commit, &arena),
	                    "https://w.example.org/" COMMIT "/a-" COMMIT ".whl");
}

static void
an_answer_is_there_not_there_or_none(void **state)
{
	(void)state;
	static const struct {
		enum http_outcome outcome;
		long status;
		struct http_header header;
		enum verdict verdict;
		const char *digest, *reason;
		bool again;
	} rows[] = {
		{ HTTP_ANSWERED, 200, { 0 }, VERDICT_PRESENT, NULL, NULL, false },
		{ HTTP_ANSWERED, 200, { "repr-digest", "sha-256=:" BASE64 ":" }, VERDICT_PRESENT, DIGEST, NULL,
		  false },
		{ HTTP_ANSWERED, 200, { "Repr-Digest", "md5=:x:, sha-256=:" BASE64 ":" }, VERDICT_PRESENT,
		  DIGEST, NULL, false },
		{ HTTP_ANSWERED, 200, { "Repr-Digest", "sha-256=:AAAA:" }, VERDICT_PRESENT, NULL, NULL, false },
		{ HTTP_ANSWERED, 200, { "X-Checksum-Sha256", &DIGEST[7] }, VERDICT_PRESENT, DIGEST, NULL, false },
		{ HTTP_ANSWERED, 200, { "X-Checksum-Sha256", "zz" }, VERDICT_PRESENT, NULL, NULL, false },
		{ HTTP_ANSWERED, 403, { 0 }, VERDICT_ABSENT, NULL, NULL, false },
		{ HTTP_ANSWERED, 404, { 0 }, VERDICT_ABSENT, NULL, NULL, false },
		{ HTTP_ANSWERED, 410, { 0 }, VERDICT_ABSENT, NULL, NULL, false },
		{ HTTP_ANSWERED, 206, { 0 }, VERDICT_UNKNOWN, NULL, "status 206", false },
		{ HTTP_ANSWERED, 405, { 0 }, VERDICT_UNKNOWN, NULL, "405 Method Not Allowed", false },
		{ HTTP_ANSWERED, 429, { 0 }, VERDICT_UNKNOWN, NULL, "429 Too Many Requests", true },
		{ HTTP_ANSWERED, 503, { 0 }, VERDICT_UNKNOWN, NULL, "503 Service Unavailable", true },
		{ HTTP_UNREACHABLE, 0, { 0 }, VERDICT_UNKNOWN, NULL, "why", true },
		{ HTTP_IMPOSSIBLE, 0, { 0 }, VERDICT_UNKNOWN, NULL, "why", false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct wheel w = { .url = "u", .digest = "old", .reason = "old" };
		struct http_answer answer = {
			.outcome = rows[i].outcome, .words = "why", .status = rows[i].status,
			.headers = &rows[i].header, .n_headers = rows[i].header.name != NULL,
		};
		assert_int_equal(wheel_take_answer(&w, &answer, &arena), rows[i].again);
		assert_int_equal(w.verdict, rows[i].verdict);
		assert_int_equal(!w.digest, !rows[i].digest);
		if (w.digest)
			assert_string_equal(w.digest, rows[i].digest);
		assert_int_equal(!w.reason, !rows[i].reason);
		if (w.reason)
			assert_string_equal(w.reason, rows[i].reason);
	}
}

static void
answers_are_kept(void **state)
{
	(void)state;
	static const char old[] = "absent - https://w/2\n"
	                          "torn\n"
	                          "present sha256:zz https://w/6\n"
	                          "present " DIGEST " https://w/1\n"
	                          "absent - https://w/4\n";
	static const struct wheel now[] = {
		{ "https://w/3", VERDICT_PRESENT, NULL, NULL },
		{ "https://w/4", VERDICT_PRESENT, DIGEST, NULL },
		{ "https://w/1", VERDICT_UNKNOWN, NULL, "no" },
		{ "https://w/5", VERDICT_UNKNOWN, NULL, "no" },
	};
	struct wheel asked[] = { { .url = "https://w/1" }, { .url = "https://w/2" }, { .url = "https://w/9" } };
	struct str text = { 0 };

	wheels_render(&text, now, ROWS(now), old, &arena);
	assert_string_equal(str_text(&text), "present " DIGEST " https://w/1\n"
	                                     "absent - https://w/2\n"
	                                     "present - https://w/3\n"
	                                     "present " DIGEST " https://w/4\n");
	wheels_recall(asked, ROWS(asked), str_text(&text), &arena);
	assert_int_equal(asked[0].verdict, VERDICT_PRESENT);
	assert_string_equal(asked[0].digest, DIGEST);
	assert_int_equal(asked[1].verdict, VERDICT_ABSENT);
	assert_null(asked[1].digest);
	assert_int_equal(asked[2].verdict, VERDICT_UNKNOWN);
	assert_string_equal(asked[2].reason, "there is no earlier answer");
	str_dispose(&text);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

GROUP(test_wheel)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates_are_https_and_hold_the_commit),
		cmocka_unit_test(an_answer_is_there_not_there_or_none),
		cmocka_unit_test(answers_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
