#include "http/credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"
#include "http/base64.h"
#include "registry/docker_config.h"

static void
base64_goes_both_ways(void **state)
{
	(void)state;
	static const struct { const char *bytes, *text; } rows[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "\xff\xfe\xfd", "//79" }, { "user:pass", "dXNlcjpwYXNz" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		base64_encode(&out, rows[i].bytes, strlen(rows[i].bytes));
		assert_string_equal(str_text(&out), rows[i].text);
		str_clear(&out);
		assert_true(base64_decode(&out, rows[i].text));
		assert_string_equal(str_text(&out), rows[i].bytes);
		str_dispose(&out);
	}
}

static void
what_is_no_base64_is_refused(void **state)
{
	(void)state;
	static const char *const rows[] = { "Z", "Zg=", "Zg===", "=", "Zm9v=", "Zm 9v", "Zm9v\n", "Zm-_", "Zg==Zg==" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		assert_false(base64_decode(&out, rows[i]));
		str_dispose(&out);
	}
	struct str out = { 0 };
	assert_true(base64_decode(&out, "Zm8"));	/* padding left out */
	assert_string_equal(out.data, "fo");
	str_dispose(&out);
}

static void
an_auth_is_user_and_password(void **state)
{
	(void)state;
	static const struct { const char *plain; size_t len; const char *user, *password, *error; } rows[] = {
		{ "user:pass", 9, "user", "pass", NULL },
		{ "user:pa:ss:", 11, "user", "pa:ss:", NULL },
		{ "user:", 5, "user", "", NULL },
		{ "user:pass\0\0", 11, "user", "pass", NULL },
		{ ":pass", 5, NULL, NULL, "auth is not user:password" },
		{ "userpass", 8, NULL, NULL, "auth is not user:password" },
		{ "", 0, NULL, NULL, "auth is not user:password" },
		{ "\0\0", 2, NULL, NULL, "auth is not user:password" },
		{ "user:pa\nss", 10, NULL, NULL, "auth has control characters" },
		{ "us\0er:pass", 10, NULL, NULL, "auth has control characters" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct credential c = { 0 };
		struct error err = { 0 };
		struct str text = { 0 };
		base64_encode(&text, rows[i].plain, rows[i].len);
		assert_int_equal(credential_parse_auth(&c, str_text(&text), &err), rows[i].error ? -1 : 0);
		assert_string_equal(err.text, rows[i].error ? rows[i].error : "");
		if (!rows[i].error) {
			assert_string_equal(str_text(&c.user), rows[i].user);
			assert_string_equal(str_text(&c.password), rows[i].password);
		}
		credential_wipe(&c);
		str_dispose(&text);
	}
}

static void
a_helper_says_who_we_are(void **state)
{
	(void)state;
	static const struct {
		const char *output;
		bool ok;
		int ret;
		const char *user, *password, *identity, *error;
	} rows[] = {
		{ "{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"s\"}\n", true, 1, "u", "s", "", "" },
		{ "{\"Username\":\"<token>\",\"Secret\":\"s\"}", true, 1, "", "", "s", "" },
		{ "{\"Username\":\"u\",\"Secret\":\"\"}", true, 0, "", "", "", "" },
		{ "{\"Username\":\"\",\"Secret\":\"s\"}", true, 0, "", "", "", "" },
		{ "credentials not found in native keychain\n", false, 0, "", "", "", "" },
		{ "credentials not found in native keychain", true, -1, "", "", "", "it printed no JSON object" },
		{ "no keychain here", false, -1, "", "", "", "it said \"no keychain here\"" },
		{ "a\x1b[31m", false, -1, "", "", "", "it said \"a?[31m\"" },
		{ "", true, -1, "", "", "", "it printed no JSON object" },
		{ "{\"Username\":\"u\"", true, -1, "", "", "", "it printed broken JSON" },
		{ "{\"Username\":\"u\",\"Secret\":\"s\"}x", true, -1, "", "", "", "it printed broken JSON" },
		{ "{\"Username\":\"u\"}", true, -1, "", "", "", "it printed no Username and Secret" },
		{ "{\"Username\":1,\"Secret\":\"s\"}", true, -1, "", "", "", "its Username is no string" },
		{ "{\"Username\":\"u\",\"Secret\":[\"s\"]}", true, -1, "", "", "", "its Secret is no string" },
		{ "{\"Username\":\"u\",\"Secret\":\"a\",\"Secret\":\"b\"}", true, -1, "", "", "", "it says Secret twice" },
		{ "{\"Username\":\"u\",\"Secret\":\"a\\r\\nb\"}", true, -1, "", "", "",
		  "its Secret has control characters" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct credential c = { 0 };
		struct error err = { 0 };
		assert_int_equal(credential_parse_helper(&c, rows[i].output, strlen(rows[i].output),
		                                         rows[i].ok, &err), rows[i].ret);
		assert_string_equal(str_text(&c.user), rows[i].user);
		assert_string_equal(str_text(&c.password), rows[i].password);
		assert_string_equal(str_text(&c.identity_token), rows[i].identity);
		assert_string_equal(err.text, rows[i].error);
		credential_wipe(&c);
	}
}

static void
a_configuration_knows_registries(void **state)
{
	(void)state;
	/* "u:p" is dTpw, "v:q" is djpx, "w:r" is dzpy. */
	static const struct {
		const char *json, *registry, *repository;
		enum docker_config_found found;
		const char *user, *identity, *helper, *error;
	} rows[] = {
		{ "{}", "r.example", "a", DOCKER_CONFIG_NOTHING, "", "", NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"}}}", "r.example", "a",
		  DOCKER_CONFIG_CREDENTIAL, "u", "", NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"}}}", "r.example:5000", "a",
		  DOCKER_CONFIG_NOTHING, "", "", NULL, "" },
		{ "{\"auths\":{\"r.example.evil\":{\"auth\":\"dTpw\"}}}", "r.example", "a",
		  DOCKER_CONFIG_NOTHING, "", "", NULL, "" },
		{ "{\"auths\":{\"https://r.example/v1/\":{\"auth\":\"dTpw\"}}}", "r.example", "a",
		  DOCKER_CONFIG_CREDENTIAL, "u", "", NULL, "" },
		{ "{\"auths\":{\"http://r.example\":{\"auth\":\"djpx\"},\"r.example\":{\"auth\":\"dTpw\"}}}",
		  "r.example", "a", DOCKER_CONFIG_CREDENTIAL, "u", "", NULL, "" },
		{ "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"}}}", "docker.io", "a/b",
		  DOCKER_CONFIG_CREDENTIAL, "u", "", NULL, "" },
		{ "{\"auths\":{\"docker.io\":{\"auth\":\"dTpw\"}}}", "docker.io", "a/b",
		  DOCKER_CONFIG_CREDENTIAL, "u", "", NULL, "" },
		{ "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"}}}", "quay.io", "a/b",
		  DOCKER_CONFIG_NOTHING, "", "", NULL, "" },
		{ "{\"auths\":{\"r.example/a\":{\"auth\":\"djpx\"},\"r.example/a/b\":{\"auth\":\"dzpy\"},"
		  "\"r.example\":{\"auth\":\"dTpw\"}}}", "r.example", "a/b/c",
		  DOCKER_CONFIG_CREDENTIAL, "w", "", NULL, "" },
		{ "{\"auths\":{\"r.example/a\":{\"auth\":\"djpx\"},\"r.example\":{\"auth\":\"dTpw\"}}}",
		  "r.example", "ab", DOCKER_CONFIG_CREDENTIAL, "u", "", NULL, "" },
		{ "{\"auths\":{\"r.example\":{}}}", "r.example", "a", DOCKER_CONFIG_NOTHING, "", "", NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"auth\":\"dTpw\",\"identitytoken\":\"id\"}}}", "r.example", "a",
		  DOCKER_CONFIG_CREDENTIAL, "u", "id", NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"auth\":\"Og==\",\"identitytoken\":\"id\"}}}", "r.example", "a",
		  DOCKER_CONFIG_CREDENTIAL, "", "id", NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"auth\":\"!\"}}}", "r.example", "a", DOCKER_CONFIG_BROKEN, "",
		  "", NULL, "c.json: /auths: entry for r.example: auth is not base64; docker login writes it anew" },
		{ "{\"auths\":{\"other\":{\"auth\":\"!\"}}}", "r.example", "a", DOCKER_CONFIG_NOTHING, "", "",
		  NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"identitytoken\":\"a\\nb\"}}}", "r.example", "a",
		  DOCKER_CONFIG_BROKEN, "", "", NULL,
		  "c.json: /auths: entry for r.example: identitytoken has blanks or control characters; docker login writes it anew" },
		{ "{\"credsStore\":\"pass\",\"auths\":{\"r.example\":{\"auth\":\"dTpw\"}}}", "r.example", "a",
		  DOCKER_CONFIG_HELPER, "", "", "pass", "" },
		{ "{\"credsStore\":\"pass\",\"credHelpers\":{\"r.example\":\"ecr\"}}", "r.example", "a",
		  DOCKER_CONFIG_HELPER, "", "", "ecr", "" },
		{ "{\"credHelpers\":{\"docker.io\":\"hub\"}}", "docker.io", "a/b", DOCKER_CONFIG_HELPER, "", "",
		  "hub", "" },
		{ "{\"credHelpers\":{\"other\":\"x\"},\"credsStore\":\"\"}", "r.example", "a",
		  DOCKER_CONFIG_NOTHING, "", "", NULL, "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		struct credential c = { 0 };
		const char *helper = NULL;
		struct docker_config *config = docker_config_parse("c.json", rows[i].json,
		                                                   strlen(rows[i].json), &err);
		assert_non_null(config);
		assert_int_equal(docker_config_find(config, rows[i].registry, rows[i].repository, &c,
		                                    &helper, &err), rows[i].found);
		assert_string_equal(str_text(&c.user), rows[i].user);
		assert_string_equal(str_text(&c.identity_token), rows[i].identity);
		assert_string_equal(err.text, rows[i].error);
		if (rows[i].helper)
			assert_string_equal(helper, rows[i].helper);
		credential_wipe(&c);
		docker_config_free(config);
	}
}

static void
a_broken_configuration_is_refused_without_its_text(void **state)
{
	(void)state;
	static const struct { const char *json, *error; } rows[] = {
		{ "", "c.json: line 1: is not JSON" },
		{ "{\n\"auths\": secret", "c.json: line 2: is not JSON" },
		{ "[]", "c.json: is no JSON object" },
		{ "{\"auths\":[]}", "c.json: /auths: is no object" },
		{ "{\"auths\":{\"h\":7}}", "c.json: /auths/h: is no object" },
		{ "{\"auths\":{\"h\":{\"auth\":7}}}", "c.json: /auths/h/auth: is no string" },
		{ "{\"auths\":{\"h\":{\"identitytoken\":[\"secret\"]}}}", "c.json: /auths/h/identitytoken: is no string" },
		{ "{\"credsStore\":\"../../bin/sh\"}", "c.json: /credsStore: \"../../bin/sh\" cannot name a program" },
		{ "{\"credsStore\":\"a b\"}", "c.json: /credsStore: \"a b\" cannot name a program" },
		{ "{\"credsStore\":7}", "c.json: /credsStore: is no string" },
		{ "{\"credHelpers\":{\"h\":\"a/b\"}}", "c.json: /credHelpers/h: \"a/b\" cannot name a program" },
		{ "{\"credHelpers\":[]}", "c.json: /credHelpers: is no object" },
		{ "{\"auths\":{},\"auths\":{}}", "c.json: line 1: has a key twice" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		assert_null(docker_config_parse("c.json", rows[i].json, strlen(rows[i].json), &err));
		assert_string_equal(err.text, rows[i].error);
	}
}

GROUP(test_credential)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(what_is_no_base64_is_refused),
		cmocka_unit_test(an_auth_is_user_and_password),
		cmocka_unit_test(a_helper_says_who_we_are),
		cmocka_unit_test(a_configuration_knows_registries),
		cmocka_unit_test(a_broken_configuration_is_refused_without_its_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
