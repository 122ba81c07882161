#include "http/token_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"
#include "base/str.h"
#include "registry/oci_error.h"

static void
an_answer_has_a_token(void **state)
{
	(void)state;
	static const struct { const char *body, *token; long expires_s; } rows[] = {
		{ "{\"token\":\"abc\"}", "abc", 60 },
		{ "{\"access_token\":\"abc\"}", "abc", 60 },
		{ "{\"token\":\"abc\",\"access_token\":\"abc\",\"expires_in\":300,"
		  "\"issued_at\":\"2026-01-01T00:00:00Z\"}", "abc", 300 },
		{ "{\"token\":\"\",\"access_token\":\"abc\"}", "abc", 60 },
		{ "{\"token\":null,\"access_token\":\"abc\"}", "abc", 60 },
		{ "{\"token\":\"abc\",\"expires_in\":1}", "abc", 60 },
		{ "{\"token\":\"abc\",\"expires_in\":-5}", "abc", 60 },
		{ "{\"token\":\"abc\",\"expires_in\":1e300}", "abc", 86400 },
		{ "{\"token\":\"abc\",\"expires_in\":\"300\"}", "abc", 60 },
		{ "{\"x\":{\"token\":\"no\"},\"y\":[1],\"token\":\"a.b-c_d/e+f=\"}", "a.b-c_d/e+f=", 60 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str token = { 0 };
		struct error err = { 0 };
		long expires_s = 0;
		assert_int_equal(token_answer_parse(&token, &expires_s, rows[i].body,
		                                    strlen(rows[i].body), &err), 0);
		assert_string_equal(token.data, rows[i].token);
		assert_int_equal(expires_s, rows[i].expires_s);
		str_dispose(&token);
	}
}

static void
a_bad_answer_is_named_without_its_text(void **state)
{
	(void)state;
	static const struct { const char *body, *error; } rows[] = {
		{ "", "is not a JSON object" },
		{ "<html>", "is not a JSON object" },
		{ "[]", "is not a JSON object" },
		{ "{", "is not JSON" },
		{ "{\"token\":\"secret\"", "is not JSON" },
		{ "{\"token\":\"secret\"}x", "is not JSON" },
		{ "{}", "has no token" },
		{ "{\"token\":\"\"}", "has no token" },
		{ "{\"token\":7}", "has a \"token\" that is not a string" },
		{ "{\"token\":{\"token\":\"secret\"}}", "has a \"token\" that is not a string" },
		{ "{\"token\":\"a\",\"token\":\"b\"}", "has \"token\" twice" },
		{ "{\"token\":\"a\",\"access_token\":\"b\"}", "has two different tokens" },
		{ "{\"token\":\"a b\"}", "has a \"token\" with blanks or control characters" },
		{ "{\"token\":\"a\\r\\nX: y\"}", "has a \"token\" with blanks or control characters" },
		{ "{\"token\":\"\\u00e4\"}", "has a \"token\" with blanks or control characters" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str token = { 0 };
		struct error err = { 0 };
		long expires_s = 7;
		assert_int_equal(token_answer_parse(&token, &expires_s, rows[i].body,
		                                    strlen(rows[i].body), &err), -1);
		assert_string_equal(err.text, rows[i].error);
		assert_int_equal(token.len, 0);
		assert_int_equal(expires_s, 7);
		str_dispose(&token);
	}
}

static void
a_token_is_not_endless(void **state)
{
	(void)state;
	struct str body = { 0 }, token = { 0 };
	struct error err = { 0 };
	long expires_s;

	str_adds(&body, "{\"token\":\"");
	for (int i = 0; i < 20000; i++)
		str_add(&body, 'a');
	str_adds(&body, "\"}");
	assert_int_equal(token_answer_parse(&token, &expires_s, body.data, body.len, &err), -1);
	assert_string_equal(err.text, "has a \"token\" of more than 16384 bytes");
	str_dispose(&body);
	str_dispose(&token);
}

static void
a_refusal_has_a_code(void **state)
{
	(void)state;
	static const struct { const char *body; bool found, name, manifest; const char *words; } rows[] = {
		{ "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"no such name\",\"detail\":{\"a\":[]}}]}",
		  true, true, false, "NAME_UNKNOWN: no such name" },
		{ "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}", true, false, true, "MANIFEST_UNKNOWN" },
		{ "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"a\"},{\"code\":\"UNAUTHORIZED\"}]}",
		  true, false, false, "DENIED: a" },
		{ "{\"errors\":[{\"code\":\"X\"},{\"code\":\"NAME_UNKNOWN\"}]}", true, true, false, "X" },
		{ "{\"message\":\"rate limit\"}", false, false, false, "rate limit" },
		{ "{\"detail\":\"rate limit\",\"error\":false}", false, false, false, "rate limit" },
		{ "{\"errors\":[{\"message\":\"NAME_UNKNOWN\"}]}", false, false, false, "NAME_UNKNOWN" },
		{ "{\"errors\":[{\"code\":\"\\u001b[31m\\n\",\"message\":\"\\u00e4\"}]}", true, false, false,
		  "?[31m?: ??" },
		{ "{\"errors\":[null,7,[{\"code\":\"NAME_UNKNOWN\"}]]}", false, false, false, "" },
		{ "{\"errors\":{\"code\":\"NAME_UNKNOWN\"}}", false, false, false, "" },
		{ "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]", false, false, false, "" },
		{ "{\"code\":\"NAME_UNKNOWN\"}", false, false, false, "" },
		{ "404 page not found\n", false, false, false, "" },
		{ "", false, false, false, "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct oci_error e;
		oci_error_parse(&e, rows[i].body, strlen(rows[i].body));
		assert_int_equal(e.found, rows[i].found);
		assert_int_equal(e.name_unknown, rows[i].name);
		assert_int_equal(e.manifest_unknown, rows[i].manifest);
		assert_string_equal(e.words, rows[i].words);
	}
}

GROUP(test_token_answer)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_has_a_token),
		cmocka_unit_test(a_bad_answer_is_named_without_its_text),
		cmocka_unit_test(a_token_is_not_endless),
		cmocka_unit_test(a_refusal_has_a_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
