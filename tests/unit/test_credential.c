#include "http/credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"
#include <nettle/base64.h>

#include "base/error.h"
#include "registry/docker_config.h"

static void
a_password_is_shown_as_basic(void **state)
{
	(void)state;
	static const struct { const char *user, *password, *shown; } rows[] = {
		{ "u", "p", "Basic dTpw" },
		{ "user", "pass", "Basic dXNlcjpwYXNz" },
		{ "u", "", "Basic dTo=" },
		{ "\xff\xfe", "", "Basic //46" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct credential c = { 0 };
		struct str out = { 0 };
		str_adds(&c.user, rows[i].user);
		str_adds(&c.password, rows[i].password);
		credential_add_basic(&out, &c);
		assert_string_equal(out.data, rows[i].shown);
		assert_int_equal(out.len, strlen(rows[i].shown));
		str_dispose(&out);
		credential_wipe(&c);
	}
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
		char text[64] = "";
		base64_encode_raw(text, rows[i].len, (const uint8_t *)rows[i].plain);
		assert_int_equal(credential_parse_auth(&c, text, &err), rows[i].error ? -1 : 0);
		assert_string_equal(err.text, rows[i].error ? rows[i].error : "");
		if (!rows[i].error) {
			assert_string_equal(str_text(&c.user), rows[i].user);
			assert_string_equal(str_text(&c.password), rows[i].password);
		}
		credential_wipe(&c);
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
		{ "credentials not found in native keychain", true, -1, "", "", "", "it did not print a JSON object" },
		{ "no keychain here", false, -1, "", "", "", "it said \"no keychain here\"" },
		{ "a\x1b[31m", false, -1, "", "", "", "it said \"a?[31m\"" },
		{ "", true, -1, "", "", "", "it did not print a JSON object" },
		{ "{\"Username\":\"u\"", true, -1, "", "", "", "it printed broken JSON" },
		{ "{\"Username\":\"u\",\"Secret\":\"s\"}x", true, -1, "", "", "", "it printed broken JSON" },
		{ "{\"Username\":\"u\"}", true, -1, "", "", "", "it did not print both Username and Secret" },
		{ "{\"Username\":1,\"Secret\":\"s\"}", true, -1, "", "", "", "its Username is not a string" },
		{ "{\"Username\":\"u\",\"Secret\":[\"s\"]}", true, -1, "", "", "", "its Secret is not a string" },
		{ "{\"Username\":\"u\",\"Secret\":\"a\",\"Secret\":\"b\"}", true, -1, "", "", "", "it printed Secret twice" },
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
		  "", NULL, "c.json: /auths: entry for r.example: auth is not base64; docker login writes it again" },
		{ "{\"auths\":{\"other\":{\"auth\":\"!\"}}}", "r.example", "a", DOCKER_CONFIG_NOTHING, "", "",
		  NULL, "" },
		{ "{\"auths\":{\"r.example\":{\"identitytoken\":\"a\\nb\"}}}", "r.example", "a",
		  DOCKER_CONFIG_BROKEN, "", "", NULL,
		  "c.json: /auths: entry for r.example: identitytoken has blanks or control characters; docker login writes it again" },
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
		{ "[]", "c.json: is not a JSON object" },
		{ "{\"auths\":[]}", "c.json: /auths: is not a JSON object" },
		{ "{\"auths\":{\"h\":7}}", "c.json: /auths/h: is not a JSON object" },
		{ "{\"auths\":{\"h\":{\"auth\":7}}}", "c.json: /auths/h/auth: is not a string" },
		{ "{\"auths\":{\"h\":{\"identitytoken\":[\"secret\"]}}}", "c.json: /auths/h/identitytoken: is not a string" },
		{ "{\"credsStore\":\"../../bin/sh\"}", "c.json: /credsStore: \"../../bin/sh\" is not the name of a program" },
		{ "{\"credsStore\":\"a b\"}", "c.json: /credsStore: \"a b\" is not the name of a program" },
		{ "{\"credsStore\":7}", "c.json: /credsStore: is not a string" },
		{ "{\"credHelpers\":{\"h\":\"a/b\"}}", "c.json: /credHelpers/h: \"a/b\" is not the name of a program" },
		{ "{\"credHelpers\":[]}", "c.json: /credHelpers: is not a JSON object" },
		{ "{\"auths\":{},\"auths\":{}}", "c.json: line 1: has a key twice" },
		{ "{\"auths\":{\"h\":{},\n\"h\":{}}}", "c.json: line 2: has a key twice" },
		{ "{\"auths\":{\"h\":{\"auth\":\"\",\"auth\":\"\"}}}", "c.json: line 1: has a key twice" },
		{ "{\"credHelpers\":{\"h\":\"a\",\"h\":\"b\"}}", "c.json: line 1: has a key twice" },
		{ "{\"credsStore\":\"a\",\"credsStore\":\"b\"}", "c.json: line 1: has a key twice" },
		{ "{\"auths\":{}} x", "c.json: line 1: is not JSON" },
		{ "{\"plugins\":{\"x\":[", "c.json: line 1: is not JSON" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		assert_null(docker_config_parse("c.json", rows[i].json, strlen(rows[i].json), &err));
		assert_string_equal(err.text, rows[i].error);
	}
}

static void
a_secret_has_a_limit(void **state)
{
	(void)state;
	struct str json = { 0 };
	struct error err = { 0 };

	str_adds(&json, "{\"auths\":{\"h\":{\"auth\":\"");
	for (int i = 0; i < 16385; i++)
		str_add(&json, 'A');
	str_adds(&json, "\"}}}");
	assert_null(docker_config_parse("c.json", json.data, json.len, &err));
	assert_string_equal(err.text, "c.json: /auths/h/auth: is over 16384 bytes");
	str_dispose(&json);
}

GROUP(test_credential)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_is_shown_as_basic),
		cmocka_unit_test(an_auth_is_user_and_password),
		cmocka_unit_test(a_helper_says_who_we_are),
		cmocka_unit_test(a_configuration_knows_registries),
		cmocka_unit_test(a_broken_configuration_is_refused_without_its_text),
		cmocka_unit_test(a_secret_has_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
