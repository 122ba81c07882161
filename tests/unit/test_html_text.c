#include "status/html_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/str.h"

static void
any_text_is_only_text(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "", "" },
		{ "plain \xc3\xa9", "plain \xc3\xa9" },
		{ "<a href=\"x\" b='y'>&amp;", "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;" },
		{ "two\nlines\tand \x01\x1b[m\x7f", "two\nlines\tand \xef\xbf\xbd\xef\xbf\xbd[m\xef\xbf\xbd" },
		{ "\xff\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "turned \xe2\x80\xae", "turned \xef\xbf\xbd" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out = { 0 };
		html_add(&out, rows[i].text);
		assert_string_equal(str_text(&out), rows[i].want);
		str_dispose(&out);
	}
}

GROUP(test_html_text)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text_is_only_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
