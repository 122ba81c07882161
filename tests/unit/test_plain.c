#include "json/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

/* Wherever one of all bytes stands in a text of any length, all before it is plain. */
static void
it_ends_at_the_first_byte_that_is_not(void **state)
{
	char text[40];
	(void)state;

	for (size_t len = 0; len <= sizeof(text); len++) {
		memset(text, 'a', sizeof(text));
		assert_int_equal(plain_length(text, len), len);
		for (size_t at = 0; at < len; at++)
			for (unsigned byte = 0; byte < 256; byte++) {
				bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
				memset(text, "\x7f ~!"[byte % 4], sizeof(text));
				text[at] = (char)byte;
				assert_int_equal(plain_length(text, len), plain ? len : at);
			}
	}
}

GROUP(test_plain)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_ends_at_the_first_byte_that_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
