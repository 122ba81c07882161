#include "http/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"
#include "base/str.h"

static void
a_url_has_an_origin(void **state)
{
	(void)state;
	static const struct { const char *url; bool https; const char *host; unsigned port; } rows[] = {
		{ "https://registry-1.docker.io/v2/", true, "registry-1.docker.io", 443 },
		{ "https://A.Example:5000/x", true, "a.example", 5000 },
		{ "http://127.0.0.1:1?x", false, "127.0.0.1", 1 },
		{ "http://localhost", false, "localhost", 80 },
		{ "http://[::1]:5000/", false, "[::1]", 5000 },
		{ "https://h/a@b:c", true, "h", 443 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct origin o;
		assert_int_equal(url_origin(&o, rows[i].url, NULL), 0);
		assert_int_equal(o.https, rows[i].https);
		assert_string_equal(o.host, rows[i].host);
		assert_int_equal(o.port, rows[i].port);
	}
}

static void
what_readers_could_differ_on_is_refused(void **state)
{
	(void)state;
	static const struct { const char *url, *error; } rows[] = {
		{ "", "url \"\": is neither https nor http" },
		{ "file:///etc/passwd", "url \"file:///etc/passwd\": is neither https nor http" },
		{ "//h/", "url \"//h/\": is neither https nor http" },
		{ "HTTPS://h/", "url \"HTTPS://h/\": is neither https nor http" },
		{ "https:///x", "url \"https:///x\": has no plain host and port" },
		{ "https://u@h/", "url \"https://u@h/\": has no plain host and port" },
		{ "https://u:1@h/", "url \"https://u:1@h/\": has no plain host and port" },
		{ "https://h:1@evil/", "url \"https://h:1@evil/\": has no plain host and port" },
		{ "https://h\\@evil/", "url \"https://h\\@evil/\": has a blank, a backslash or a byte that is not ASCII" },
		{ "https://h /", "url \"https://h /\": has a blank, a backslash or a byte that is not ASCII" },
		{ "https://h\n/", "url \"https://h?/\": has a blank, a backslash or a byte that is not ASCII" },
		{ "https://\xc3\xa4/", "url \"https://\xc3\xa4/\": has a blank, a backslash or a byte that is not ASCII" },
		{ "https://h.:1/", "url \"https://h.:1/\": has no plain host and port" },
		{ "https://@h/", "url \"https://@h/\": has no plain host and port" },
		{ "https://:1/", "url \"https://:1/\": has no plain host and port" },
		{ "https://h./", "url \"https://h./\": has no plain host and port" },
		{ "https://h:/", "url \"https://h:/\": has no plain host and port" },
		{ "https://h:0/", "url \"https://h:0/\": has no plain host and port" },
		{ "https://h:65536/", "url \"https://h:65536/\": has no plain host and port" },
		{ "https://h:1x/", "url \"https://h:1x/\": has no plain host and port" },
		{ "https://%68/", "url \"https://%68/\": has no plain host and port" },
		{ "https://[::1/", "url \"https://[::1/\": has no plain host and port" },
		{ "https://[::1]x/", "url \"https://[::1]x/\": has no plain host and port" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct origin o = { .port = 7 };
		struct error err = { 0 };
		assert_int_equal(url_origin(&o, rows[i].url, &err), -1);
		assert_string_equal(err.text, rows[i].error);
		assert_int_equal(o.port, 7);
	}
}

static void
a_url_is_not_endless(void **state)
{
	(void)state;
	struct str url = { 0 };
	struct origin o;

	str_adds(&url, "https://h/");
	while (url.len < URL_MOST)
		str_add(&url, 'a');
	assert_int_equal(url_origin(&o, url.data, NULL), 0);
	str_add(&url, 'a');
	assert_int_equal(url_origin(&o, url.data, NULL), -1);
	str_dispose(&url);
}

static void
neighbours_are_told_from_strangers(void **state)
{
	(void)state;
	static const struct { const char *url; bool private, safe; } rows[] = {
		{ "https://example.com", false, true },
		{ "http://example.com", false, false },
		{ "http://localhost:5000", true, true },
		{ "http://127.0.0.1:5000", true, true },
		{ "http://127.9.9.9", true, true },
		{ "http://[::1]:5000", true, true },
		{ "http://x.localhost", true, false },
		{ "https://10.1.2.3", true, true },
		{ "http://10.1.2.3", true, false },
		{ "https://172.15.0.1", false, true },
		{ "https://172.16.0.1", true, true },
		{ "https://172.31.255.255", true, true },
		{ "https://172.32.0.1", false, true },
		{ "https://192.168.0.1", true, true },
		{ "https://169.254.169.254", true, true },
		{ "https://100.64.0.1", true, true },
		{ "https://100.128.0.1", false, true },
		{ "https://0.0.0.0", true, true },
		{ "https://8.8.8.8", false, true },
		{ "https://[fe80::1]", true, true },
		{ "https://[fd00::1]", true, true },
		{ "https://[::ffff:10.0.0.1]", true, true },
		{ "https://[::ffff:8.8.8.8]", false, true },
		{ "https://[::]", true, true },
		{ "https://[2001:db8::1]", false, true },
		{ "https://127.0.0.1.example.com", false, true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct origin o;
		assert_int_equal(url_origin(&o, rows[i].url, NULL), 0);
		assert_int_equal(url_origin_is_private(&o), rows[i].private);
		assert_int_equal(url_origin_is_safe(&o), rows[i].safe);
	}
}

static void
a_registry_leads_only_to_where_it_may(void **state)
{
	(void)state;
	static const struct { const char *from, *to; bool insecure; const char *error; } rows[] = {
		{ "https://r.example", "https://auth.example", false, NULL },
		{ "https://r.example", "http://auth.example", true, "leads from https to http (auth.example:80)" },
		{ "https://r.example", "https://10.0.0.1", false, "leads to the private address 10.0.0.1" },
		{ "https://r.example", "https://localhost", false, "leads to the private address localhost" },
		{ "https://10.0.0.1", "https://10.0.0.2", false, NULL },
		{ "http://127.0.0.1:1", "http://127.0.0.1:2", false, NULL },
		{ "http://127.0.0.1:1", "https://auth.example", false, NULL },
		{ "http://127.0.0.1:1", "http://auth.example", false,
		  "leads to plain http on another machine (auth.example:80)" },
		{ "http://127.0.0.1:1", "http://auth.example", true, NULL },
		{ "http://r.example", "http://127.0.0.1:2", true, "leads to the private address 127.0.0.1" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct origin from, to;
		struct error err = { 0 };
		assert_int_equal(url_origin(&from, rows[i].from, NULL), 0);
		assert_int_equal(url_origin(&to, rows[i].to, NULL), 0);
		assert_int_equal(url_may_lead(&from, &to, rows[i].insecure, &err),
		                 rows[i].error ? -1 : 0);
		assert_string_equal(err.text, rows[i].error ? rows[i].error : "");
	}
}

static void
a_reference_is_resolved(void **state)
{
	(void)state;
	static const struct { const char *reference, *want; } rows[] = {
		{ "?n=1", "https://h/a/b?n=1" },
		{ "c", "https://h/a/c" },
		{ "/c?d#e", "https://h/c?d" },
		{ "../../c", "https://h/c" },
		{ "//other/c", "https://other/c" },
		{ "http://other:1/c", "http://other:1/c" },
		{ "https://u@h/", "url \"https://u@h/\": is not usable" },
		{ "no-scheme://h/", "url \"no-scheme://h/\": is not usable" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		struct origin origin;
		struct error err = { 0 };
		bool ok = url_resolve(&out, &origin, "https://h/a/b?c", rows[i].reference, &err) == 0;
		assert_string_equal(ok ? str_text(&out) : err.text, rows[i].want);
		if (ok)
			assert_string_equal(origin.host, strstr(rows[i].reference, "other") ? "other" : "h");
		str_dispose(&out);
	}
}

static void
text_is_encoded(void **state)
{
	(void)state;
	struct str out = { 0 };
	url_add_encoded(&out, "repository:a/b-._~:pull,push \xff%&");
	assert_string_equal(out.data, "repository%3Aa%2Fb-._~%3Apull%2Cpush%20%FF%25%26");
	str_dispose(&out);
}

GROUP(test_url)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_has_an_origin),
		cmocka_unit_test(what_readers_could_differ_on_is_refused),
		cmocka_unit_test(a_url_is_not_endless),
		cmocka_unit_test(neighbours_are_told_from_strangers),
		cmocka_unit_test(a_registry_leads_only_to_where_it_may),
		cmocka_unit_test(a_reference_is_resolved),
		cmocka_unit_test(text_is_encoded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
