#include "logs/log_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

static const struct {
	const char *line, *text;
	unsigned long vertex;
	bool timed;
	unsigned indent;
} rows[] = {
	{ "plain", "plain", 0, false, 0 },
	{ "#15 1724.6 Killed", "Killed", 15, true, 0 },
	{ "#15 0.123     code", "code", 15, true, 4 },
	{ "#15 DONE 3.2s", "DONE 3.2s", 15, false, 0 },
	{ "#15 1724.6 ", "", 15, true, 0 },
	{ "#15", "", 15, false, 0 },
	{ "#error no", "#error no", 0, false, 0 },
	{ "1724.6 Killed", "Killed", 0, false, 0 },
	{ "12.345 Killed", "Killed", 0, false, 0 },
	{ "12.3456 Killed", "12.3456 Killed", 0, false, 0 },
	{ " => => # Killed", "Killed", 0, false, 0 },
	{ "2024-05-01T12:00:00.1234567Z Killed", "Killed", 0, false, 0 },
	{ "2024-05-01 12:00:00,123 Killed", "Killed", 0, false, 0 },
	{ "[2024-05-01 12:00:00] Killed", "Killed", 0, false, 0 },
	{ "[12:00:00] Killed", "Killed", 0, false, 0 },
	{ "12:00:00 Killed", "Killed", 0, false, 0 },
	{ "2024-05-01 was a day", "2024-05-01 was a day", 0, false, 0 },
	{ "[2/3] STEP 4/5: RUN x", "STEP 4/5: RUN x", 0, false, 0 },
	{ "[2/3] Building x", "[2/3] Building x", 0, false, 0 },
	{ "ERRO[0012] lost", "lost", 0, false, 0 },
	{ "E   ImportError: x", "ImportError: x", 0, false, 0 },
	{ "\ttab", "tab", 0, false, 8 },
	{ "  \ttab ", "tab", 0, false, 8 },
	{ "  \xe2\x95\xb0\xe2\x94\x80> [3 lines of output]", "[3 lines of output]", 0, false, 6 },
	{ "  \xe2\x94\x82 exit code: 1", "exit code: 1", 0, false, 4 },
	{ "  \xc3\x97 No solution", "No solution", 0, false, 4 },
	{ "", "", 0, false, 0 },
	{ "   ", "", 0, false, 3 },
};

static void
prefixes_come_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct log_line got;
		log_line_parse(&got, rows[i].line, strlen(rows[i].line));
		char text[100];
		snprintf(text, sizeof(text), "%.*s", (int)got.len, got.text);
		if (strcmp(text, rows[i].text) != 0 || got.vertex != rows[i].vertex ||
		    got.timed != rows[i].timed || got.indent != rows[i].indent)
			fail_msg("\"%s\": got \"%s\", vertex %lu, timed %d, indent %u", rows[i].line, text,
			         got.vertex, got.timed, got.indent);
	}
}

static void
controls_are_removed(void **state)
{
	static const char line[] = "\033[01;31m\033[Kerror:\033[m\033[K a\0b \033]8;;http://x\aurl\033]8;;\033\\ "
	                           "\033(Bc\b\033";
	char out[sizeof(line)];
	(void)state;
	out[log_line_clean(out, line, sizeof(line) - 1)] = '\0';
	assert_string_equal(out, "error: ab url c");
}

GROUP(test_log_line)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_come_off),
		cmocka_unit_test(controls_are_removed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
