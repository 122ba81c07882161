#include "base/image_ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"

#define SHA256 "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LONG100 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeaaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"

static void
a_reference_has_parts(void **state)
{
	(void)state;
	static const struct {
		const char *text, *registry, *repository, *tag, *digest;
	} rows[] = {
		{ "ubuntu", "docker.io", "library/ubuntu", NULL, NULL },
		{ "docker.io/ubuntu:22.04", "docker.io", "library/ubuntu", "22.04", NULL },
		{ "index.docker.io/a/b", "docker.io", "a/b", NULL, NULL },
		{ "localhost", "docker.io", "library/localhost", NULL, NULL },
		{ "localhost/a", "localhost", "a", NULL, NULL },
		{ "localhost:5000/a", "localhost:5000", "a", NULL, NULL },
		{ "localhost:5000/a:b", "localhost:5000", "a", "b", NULL },
		{ "127.0.0.1:5000/a/b:c", "127.0.0.1:5000", "a/b", "c", NULL },
		{ "[::1]:5000/a", "[::1]:5000", "a", NULL, NULL },
		{ "[2001:db8::1]/a", "[2001:db8::1]", "a", NULL, NULL },
		{ "quay.io/ubuntu", "quay.io", "ubuntu", NULL, NULL },
		{ "quay.io/a@" SHA256, "quay.io", "a", NULL, SHA256 },
		{ "quay.io/a:t@" SHA256, "quay.io", "a", "t", SHA256 },
		{ "Host/a", "Host", "a", NULL, NULL },
		{ "a/b", "docker.io", "a/b", NULL, NULL },
		{ "a/b/c__d/e--f/g.h_i", "docker.io", "a/b/c__d/e--f/g.h_i", NULL, NULL },
		{ "a:_", "docker.io", "library/a", "_", NULL },
		{ "xn--a.example/a", "xn--a.example", "a", NULL, NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct image_ref ref;
		assert_int_equal(image_ref_parse(&ref, rows[i].text, &a, &err), 0);
		assert_string_equal(ref.registry, rows[i].registry);
		assert_string_equal(ref.repository, rows[i].repository);
		assert_int_equal(!ref.tag, !rows[i].tag);
		if (ref.tag)
			assert_string_equal(ref.tag, rows[i].tag);
		assert_int_equal(!ref.digest, !rows[i].digest);
		if (ref.digest)
			assert_string_equal(ref.digest, rows[i].digest);

		/* What is spelled out reads back as the same. */
		struct image_ref again;
		const char *text = image_ref_text(&ref, &a);
		assert_int_equal(image_ref_parse(&again, text, &a, &err), 0);
		assert_string_equal(image_ref_text(&again, &a), text);
		arena_dispose(&a);
	}
}

static void
a_broken_reference_is_refused_by_part(void **state)
{
	(void)state;
	static const struct { const char *text, *want; } rows[] = {
		{ "", "image \"\": is empty" },
		{ "a.b/", "image \"a.b/\": repository \"\" is not a lower-case path" },
		{ "a//b", "image \"a//b\": repository \"a//b\" is not a lower-case path" },
		{ "a/B", "image \"a/B\": repository \"a/B\" is not a lower-case path" },
		{ "a/b_", "image \"a/b_\": repository \"a/b_\" is not a lower-case path" },
		{ "a/b___c", "image \"a/b___c\": repository \"a/b___c\" is not a lower-case path" },
		{ "a/b..c", "image \"a/b..c\": repository \"a/b..c\" is not a lower-case path" },
		{ "a/../b", "image \"a/../b\": repository \"a/../b\" is not a lower-case path" },
		{ "a b", "image \"a b\": repository \"library/a b\" is not a lower-case path" },
		{ "h:99999/a", "image \"h:99999/a\": registry \"h:99999\" is not host[:port]" },
		{ "h:0/a", "image \"h:0/a\": registry \"h:0\" is not host[:port]" },
		{ "h:/a", "image \"h:/a\": registry \"h:\" is not host[:port]" },
		{ "-h.a/a", "image \"-h.a/a\": registry \"-h.a\" is not host[:port]" },
		{ "h-.a/a", "image \"h-.a/a\": registry \"h-.a\" is not host[:port]" },
		{ "h..a/a", "image \"h..a/a\": registry \"h..a\" is not host[:port]" },
		{ "[::1/a", "image \"[::1/a\": registry \"[::1\" is not host[:port]" },
		{ "[x::]/a", "image \"[x::]/a\": registry \"[x::]\" is not host[:port]" },
		{ "a:", "image \"a:\": tag \"\" is not 1 to 128 characters of "
		        "A-Z a-z 0-9 _ . -, or starts with . or -" },
		{ "a:-b", "image \"a:-b\": tag \"-b\" is not" },
		{ "a:b c", "image \"a:b c\": tag \"b c\" is not" },
		{ "a@sha256:12", "image \"a@sha256:12\": digest \"sha256:12\" is not a sha256 or sha512 digest" },
		{ "a@md5:0123456789abcdef0123456789abcdef", "image \"a@md5:" },
		{ "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		  "image \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\": "
		  "64 hex digits are an id, not a name" },
		{ LONG100 "/" LONG100 "/" LONG100,
		  "image \"" LONG100 "/aaaaaaaaaabbbbbbbbbb" },
		{ "a\nb", "image \"a?b\": repository" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct image_ref ref = { .registry = "untouched" };
		assert_int_equal(image_ref_parse(&ref, rows[i].text, &a, &err), -1);
		err.text[strlen(rows[i].want)] = '\0';
		assert_string_equal(err.text, rows[i].want);
		assert_string_equal(ref.registry, "untouched");
		arena_dispose(&a);
	}
}

static void
only_loopback_is_loopback(void **state)
{
	(void)state;
	static const struct { const char *registry; bool want; } rows[] = {
		{ "localhost", true },
		{ "localhost:5000", true },
		{ "LOCALHOST:1", true },
		{ "127.0.0.1", true },
		{ "127.255.1.2:80", true },
		{ "[::1]", true },
		{ "[0:0:0:0:0:0:0:1]:80", true },
		{ "128.0.0.1", false },
		{ "127.0.0.1.example.com", false },
		{ "localhost.example.com", false },
		{ "127.1", false },
		{ "[::2]", false },
		{ "[::1", false },
		{ "::1", false },
		{ "docker.io", false },
		{ "", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(image_ref_registry_is_loopback(rows[i].registry), rows[i].want);
}

static void
a_word_is_no_registry(void **state)
{
	(void)state;
	assert_false(image_ref_registry_valid("mirror"));
	assert_false(image_ref_registry_valid(""));
	assert_false(image_ref_registry_valid("a.b/c"));
	assert_false(image_ref_registry_valid("https://a.b"));
	assert_false(image_ref_registry_valid("a.b:1:2"));
	assert_true(image_ref_registry_valid("mirror:80"));
	assert_true(image_ref_registry_valid("mirror.example"));
}

GROUP(test_image_ref)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reference_has_parts),
		cmocka_unit_test(a_broken_reference_is_refused_by_part),
		cmocka_unit_test(only_loopback_is_loopback),
		cmocka_unit_test(a_word_is_no_registry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
