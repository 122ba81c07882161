/* The forms of the status: each shows the same numbers, and each adds up by itself. */
#include "status/report_md.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/digest.h"
#include "http/base64.h"
#include "status/report_html.h"
#include "status/report_html_page.h"
#include "status/report_json.h"
#include "status/report_text.h"
#include "status_group.h"

/* The number behind text, which must be there. */
static long
number_behind(const char *page, const char *text)
{
	const char *found = strstr(page, text);
	if (!found)
		print_message("not found: \"%s\"\n", text);
	assert_non_null(found);
	return strtol(found + strlen(text), NULL, 10);
}

static void
holds(const char *page, const char *text)
{
	if (!strstr(page, text))
		print_message("not found: \"%s\" in\n%s\n", text, page);
	assert_non_null(strstr(page, text));
}

static void
the_text_shows_each_state(void **state)
{
	struct report_look look = { 0 };
	(void)state;
	report_text(&out, &f.status, &look);
	for (unsigned i = 0; i < STATES; i++) {
		char line[32];
		snprintf(line, sizeof(line), "\n  %-10s", state_title((enum state)i));
		assert_int_equal(number_behind(str_text(&out), line), f.status.by_state[i]);
	}
	assert_int_equal(number_behind(str_text(&out), "\n  parents   "), f.status.n_rows);
	holds(str_text(&out), "in the registry: 4 present, 14 absent, 2 unknown\n");
	holds(str_text(&out), "demo: 20 parents of 21 entries (v1 10, v2 11); 2 pairs in the data set\n");
	holds(str_text(&out), "  v2: 10 parents: 3 failed, 4 held, 1 to build, 2 unknown\n");
	holds(str_text(&out), "  baseline-a70000000000  17000000  image  1 h 00 min, attempt 2, 8 jobs, [12/34]\n");
	holds(str_text(&out), "  baseline-a80000000000  18000000  image  2 min, waits: 20 GB free, 50 needed\n");
	holds(str_text(&out), "tags in no mapping (2)\n  baseline-880000000000  the data set knows it as the "
	      "parent of 770000000000\n  baseline-x\n");
	holds(str_text(&out), "time in image steps: 2 done in 2 h 10 min, 1 failed or ended in 1 h 00 min; "
	      "about 1 h 50 min saved\n");
	assert_null(strchr(str_text(&out), '\033'));
}

/* How many columns each line of page has at most, its colours left out. */
static size_t
widest_line(const char *page)
{
	size_t widest = 0, columns = 0;
	for (const char *p = page; *p; p++) {
		if (*p == '\033')
			p = strchr(p, 'm');
		else if (*p == '\n')
			columns = 0;
		else if (((unsigned char)*p & 0xc0) != 0x80 && ++columns > widest)
			widest = columns;
	}
	return widest;
}

static void
a_narrow_terminal_is_not_overrun(void **state)
{
	(void)state;
	for (size_t columns = 1; columns < 200; columns += 13) {
		struct report_look look = { .columns = columns, .colour = columns % 2 };
		str_clear(&out);
		report_text(&out, &f.status, &look);
		assert_true(widest_line(str_text(&out)) <= columns);
	}
}

static void
colours_are_ended_on_their_line(void **state)
{
	struct report_look look = { .columns = 60, .colour = true };
	(void)state;
	report_text(&out, &f.status, &look);
	holds(str_text(&out), "\033[1;31m  failed ");
	bool on = false;
	for (const char *p = str_text(&out); *p; p++) {
		if (*p == '\033')
			on = strncmp(p, "\033[0m", 4) != 0;
		assert_false(on && *p == '\n');
	}
	assert_false(on);
}

static void
many_rows_are_counted_not_shown(void **state)
{
	struct entries entries = { 0 };
	struct planned planned = { .fleet = "demo" };
	struct status_input in = { .fleet = &f.fleet, .entries = &entries, .planned = &planned };
	struct status s;
	struct report_look look = { 0 };
	(void)state;
	entries.list = arena_array(&f.arena, REPORT_ROWS + 2, sizeof(*entries.list));
	for (; entries.n < REPORT_ROWS + 2; entries.n++)
		entries.list[entries.n] = sample_entry(&f.arena, "1",
			arena_printf(&f.arena, "%02x", (unsigned)entries.n), 0, entries.n);
	status_make(&s, &in, &f.arena);
	report_text(&out, &s, &look);
	holds(str_text(&out), "  ... and 2 more: gen status --md or --json shows all\n");
}

static long
json_number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	assert_true(json_is_integer(value));
	return (long)json_integer_value(value);
}

static void
the_document_adds_up(void **state)
{
	(void)state;
	report_json(&out, &f.status);
	json_t *root = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	json_t *totals = json_object_get(root, "totals"), *states = json_object_get(totals, "states");
	json_t *images = json_object_get(root, "images"), *mappings = json_object_get(root, "mappings");
	size_t counted[STATES] = { 0 }, i;
	json_t *image;

	json_array_foreach(images, i, image) {
		const char *name = json_string_value(json_object_get(image, "state"));
		unsigned s = 0;
		while (s < STATES && strcmp(state_name((enum state)s), name) != 0)
			s++;
		assert_true(s < STATES);
		counted[s]++;
	}
	for (unsigned s = 0; s < STATES; s++) {
		const char *name = state_name((enum state)s);
		long in_mappings = 0;
		for (i = 0; i < json_array_size(mappings); i++)
			in_mappings += json_number(json_object_get(json_array_get(mappings, i), "states"), name);
		assert_int_equal(json_number(states, name), f.status.by_state[s]);
		assert_int_equal(counted[s], f.status.by_state[s]);
		assert_int_equal(in_mappings, f.status.by_state[s]);
	}
	assert_int_equal(json_number(root, "version"), 1);
	assert_int_equal(json_number(totals, "parents"), 20);
	assert_int_equal(json_number(totals, "entries"), 21);
	assert_int_equal(json_number(totals, "present"), 4);
	assert_int_equal(json_number(totals, "absent"), 14);
	assert_int_equal(json_number(totals, "unknown"), 2);
	assert_int_equal(json_number(totals, "dataset"), 2);
	assert_int_equal(json_number(totals, "unmapped_tags"), 2);
	assert_int_equal(json_number(json_object_get(json_object_get(totals, "kinds"), "held"), "source"), 1);
	assert_string_equal(json_string_value(json_object_get(root, "time")), "2026-11-24T06:00:00Z");
	json_decref(root);
}

static void
the_document_says_all_of_an_image(void **state)
{
	(void)state;
	report_json(&out, &f.status);
	json_t *root = json_loadb(out.data, out.len, 0, NULL);
	assert_non_null(root);
	json_t *images = json_object_get(root, "images"), *image = json_array_get(images, 0);
	json_t *entries = json_object_get(image, "entries");
	assert_string_equal(json_string_value(json_object_get(image, "model")), FIXTURE_HOSTILE);
	assert_int_equal(json_array_size(entries), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(entries, 1), "place")), "m2.json: /19");
	assert_string_equal(json_string_value(json_object_get(image, "time")), "2023-11-14T22:13:20Z");

	size_t i;
	json_array_foreach(images, i, image) {
		const char *target = json_string_value(json_object_get(image, "target"));
		if (strcmp(target, "baseline-a70000000000") == 0) {
			json_t *running = json_object_get(image, "running");
			assert_int_equal(json_number(running, "done"), 12);
			assert_string_equal(json_string_value(json_object_get(running, "since")), "2026-11-24T05:00:00Z");
		} else if (strcmp(target, "baseline-a90000000000") == 0) {
			json_t *failure = json_object_get(image, "failure");
			assert_string_equal(json_string_value(json_object_get(failure, "class")), "oom");
			assert_int_equal(json_number(failure, "line_number"), 471);
		} else if (strcmp(target, "baseline-a20000000000") == 0) {
			json_t *attempts = json_object_get(image, "attempts");
			assert_int_equal(json_array_size(attempts), 4);
			assert_string_equal(json_string_value(json_object_get(json_array_get(attempts, 1), "class")), "oom");
			assert_int_equal(json_number(json_array_get(attempts, 2), "seconds"), 7200);
		}
	}
	json_decref(root);
}

/* Every heading with a number stands over just so many rows, of all its tables. */
static void
check_heading(const char *heading, size_t level)
{
	const char *open = memrchr(heading, '(', strcspn(heading, "\n"));
	long want = strtol(open + 1, NULL, 10), rows = 0;
	size_t table = 0;

	for (const char *line = strchr(heading, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
		size_t hashes = strspn(line, "#");
		if (hashes && hashes <= level)
			break;
		table = *line == '|' ? table + 1 : 0;
		rows += table > 2;	/* behind its head and its rule */
	}
	if (rows != want)
		print_message("%.60s\n", heading);
	assert_int_equal(rows, want);
}

static void
the_page_adds_up(void **state)
{
	size_t headings = 0;
	(void)state;
	report_md(&out, &f.status);
	char *page = arena_strdup(&f.arena, str_text(&out)), *rest = NULL;
	for (unsigned i = 0; i < STATES; i++) {
		char row[32];
		snprintf(row, sizeof(row), "\n| %s | ", state_title((enum state)i));
		assert_int_equal(number_behind(str_text(&out), row), f.status.by_state[i]);
	}
	assert_int_equal(number_behind(str_text(&out), "\n| **parent commits** | "), 20);
	assert_int_equal(number_behind(str_text(&out), "\n| pairs in the data set | "), 2);
	assert_int_equal(number_behind(str_text(&out), "\n| entries in mappings | "), 21);
	assert_int_equal(number_behind(str_text(&out), "\n| in the registry: absent | "), 14);
	assert_int_equal(number_behind(str_text(&out), "\n| tags in no mapping | "), 2);
	holds(page, "\n| all | 21 | 20 | 1 | 2 | 1 | 2 | 3 | 5 | 4 | 2 |\n");

	for (char *line = strtok_r(page, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t length = strlen(line), level = strspn(line, "#");
		if (!level || line[length - 1] != ')')
			continue;
		const char *in_page = strstr(str_text(&out), line);
		char *heading = arena_strdup(&f.arena, in_page);
		check_heading(heading, level);
		headings++;
	}
	assert_int_equal(headings, 12);
}

/* Each parent is a row of one table of images, and of no other. */
static void
each_parent_has_one_row_on_the_page(void **state)
{
	(void)state;
	report_md(&out, &f.status);
	const char *end = strstr(str_text(&out), "\n## Recent builds");
	assert_non_null(end);
	char *page = arena_copy(&f.arena, str_text(&out), (size_t)(end - str_text(&out)));
	for (size_t i = 0; i < f.status.n_rows; i++) {
		size_t n = 0;
		for (const char *p = page; (p = strstr(p, f.status.rows[i].id)); p++) {
			bool in_log = strncmp(p - 9, "baseline-", 9) == 0 && p[-10] == '/';
			n += !in_log;
		}
		if (n != 1)
			print_message("%s\n", f.status.rows[i].id);
		assert_int_equal(n, 1);
	}
}

static void
the_page_says_what_people_ask(void **state)
{
	static const char *const lines[] = {
		"\n| a70000000000 | 17000000 | image | 1 h 00 min | 2 | 8 | 12/34 |  |\n",
		"\n| a90000000000 | 19000000 | oom | image | 2 | 4 | a9 \\<b>fatal\\</b>\\| | "
			"out/logs/baseline-a90000000000/image.2.log:471 | ",
		"\n| dd0000000000 | E | R | 2d000000 |  |\n",
		"\n| b10000000000 | 21000000 |  | source | reason of b1 |\n",
		"\n### v1 (4)\n\n| number | parent | human | model | jobs | native | state |\n",
		"\n| 1 | a40000000000 | 14000000 |  | 8 | compile | made once, of other inputs |\n",
		"\n| 2 | a50000000000 | 15000000 |  | 8 | compile | verified, not pushed |\n",
		"\n| 5 | ac0000000000 | 1c000000 |  | 8 | compile | made once, of other inputs |\n",
		"\n| 2 | baseline-a20000000000 | 12000000 | sha256:pushed | NEW, by this folder |\n",
		"\n| baseline-880000000000 | 7700000000000000000000000000000000000000 |\n| baseline-x |  |\n",
		"\n| a30000000000 | 13000000 | 2026-11-24T04:40:00Z | 10 min | 1 | 8 | reuse | standard build |\n",
		"\n| bb0000000000 | 4 |  | L=it's $HOME |  |\n",
		"\n| ARCH | 9.0 |\n",
		"\n| done | 2 | 2 h 10 min |\n",
	};
	(void)state;
	report_md(&out, &f.status);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		holds(str_text(&out), lines[i]);
}

static size_t
count(const char *page, const char *text)
{
	size_t n = 0;
	for (const char *p = page; (p = strstr(p, text)); p++)
		n++;
	return n;
}

static void
the_web_page_adds_up(void **state)
{
	size_t chips[STATES] = { 0 };
	(void)state;
	report_html(&out, &f.status, &f.arena);
	for (unsigned i = 0; i < STATES; i++) {
		const char *name = state_name((enum state)i);
		const char *chip = arena_printf(&f.arena, "data-state=\"%s\" aria-pressed=\"false\"><b>", name);
		const char *row = arena_printf(&f.arena, "<tr class=\"%s\">", name);
		chips[i] = (size_t)number_behind(str_text(&out), chip);
		assert_int_equal(chips[i], f.status.by_state[i]);
		assert_int_equal(count(str_text(&out), row), f.status.by_state[i]);
	}
	holds(str_text(&out), "<h2>Images (20)</h2>");
	holds(str_text(&out), "<tr><th>all</th><th class=\"n\">21</th><th class=\"n\">20</th><th class=\"n\">1</th>"
	      "<th class=\"n\">2</th><th class=\"n\">1</th><th class=\"n\">2</th><th class=\"n\">3</th>"
	      "<th class=\"n\">5</th><th class=\"n\">4</th><th class=\"n\">2</th></tr>");
	holds(str_text(&out), "in the registry: 4 present, 14 absent, 2 unknown");
	assert_int_equal(count(str_text(&out), "<details id="), 20);
	assert_int_equal(count(str_text(&out), " open><summary>"), 3);	/* the failures */
	assert_int_equal(count(str_text(&out), "<svg xmlns"), 20);
}

/* Text from outside is text; one script runs, the one that the policy names. */
static void
the_web_page_holds_no_markup_of_others(void **state)
{
	static const char *const excerpt[] = { "</pre><script>alert(2)</script>", "fatal \x1b[31m\xff" };
	(void)state;
	for (size_t i = 0; i < f.status.n_rows; i++) {
		struct status_row *row = &f.status.rows[i];
		if (strcmp(row->id, "a90000000000") != 0)
			continue;
		row->excerpt = (const char **)(void *)excerpt;
		row->n_excerpt = 2;
		row->excerpt_line = 470;
	}
	report_html(&out, &f.status, &f.arena);
	const char *page = str_text(&out);
	assert_null(strstr(page, "<script>alert"));
	assert_int_equal(count(page, "<script"), 1);
	assert_int_equal(count(page, "</script"), 1);
	assert_null(strstr(page, "<b>fatal"));
	assert_null(strchr(page, '\x1b'));
	holds(page, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;|`x` *b* &amp;amp; \xef\xbf\xbd[31m");
	holds(page, "470  &lt;/pre&gt;&lt;script&gt;alert(2)&lt;/script&gt;\n"
	      "<span class=\"hit\">471  fatal \xef\xbf\xbd[31m\xef\xbf\xbd</span>\n");

	/* The digest in the policy is the script's: sha256sum says the same. */
	const char *start = strstr(page, "<script>") + strlen("<script>"), *end = strstr(page, "</script>");
	const char *digest = digest_of(start, (size_t)(end - start), &f.arena);
	const char *policy = strstr(page, "script-src 'sha256-") + strlen("script-src 'sha256-");
	struct str bytes = { 0 };
	assert_true(base64_decode(&bytes, arena_copy(&f.arena, policy, strcspn(policy, "'"))));
	assert_int_equal(bytes.len, 32);
	for (size_t i = 0; i < bytes.len; i++) {
		char hex[3];
		snprintf(hex, sizeof(hex), "%02x", (unsigned char)bytes.data[i]);
		assert_memory_equal(digest + strlen("sha256:") + 2 * i, hex, 2);
	}
	str_dispose(&bytes);
	holds(page, "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-");
}

/* Of a large fleet not every image has a picture: those that are not done come first. */
static void
a_large_fleets_page_shows_what_is_not_done(void **state)
{
	struct entries entries = { 0 };
	struct planned planned = { .fleet = "demo" };
	struct status_input in = { .fleet = &f.fleet, .entries = &entries, .planned = &planned };
	struct status s;
	(void)state;
	entries.list = arena_array(&f.arena, REPORT_DETAILS + 2, sizeof(*entries.list));
	planned.images = arena_array(&f.arena, 1, sizeof(*planned.images));
	planned.images[0] = f.images[0];
	planned.n_images = 1;
	for (; entries.n < REPORT_DETAILS + 2; entries.n++)
		entries.list[entries.n] = sample_entry(&f.arena, "1", entries.n ?
			arena_printf(&f.arena, "%04x", (unsigned)entries.n) : "a1", 0, entries.n);
	status_make(&s, &in, &f.arena);
	assert_int_equal(s.by_state[STATE_PRESENT], 1);
	report_html(&out, &s, &f.arena);
	assert_int_equal(count(str_text(&out), "<details id="), REPORT_DETAILS);
	assert_int_equal(count(str_text(&out), "<tr class=\"unknown\">"), REPORT_DETAILS + 1);
	holds(str_text(&out), "400 of 402, those first that are not done");
	holds(str_text(&out), "<td class=\"id\">baseline-a10000000000</td>");
}

static void
cells_escape_what_markdown_would_take(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct" },
		{ "Python version constraint (<=3.12 -> <3.13)", "Python version constraint (<=3.12 -> <3.13)" },
		{ "Lower parallelism (max_jobs=24)", "Lower parallelism (max_jobs=24)" },
		{ "a|b", "a\\|b" },
		{ "_x_ a_b _", "\\_x\\_ a_b \\_" },
		{ "<script>", "\\<script>" }, { "</b><!-- <?php", "\\</b>\\<!-- \\<?php" }, { "1 < 2", "1 < 2" },
		{ "`c` *e* ~s~ [l](u)", "\\`c\\` \\*e\\* \\~s\\~ \\[l\\](u)" },
		{ "&lt; & &#60;", "\\&lt; & \\&#60;" },
		{ "C:\\x \\| \\", "C:\\x \\\\\\| \\" },
		{ "two\nlines\x1b[1m\xff", "two?lines?\\[1m\xef\xbf\xbd" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		str_clear(&out);
		report_md_cell(&out, rows[i].text);
		assert_string_equal(str_text(&out), rows[i].want);
	}
}

static void
durations_are_for_people(void **state)
{
	static const struct { double seconds; const char *want; } rows[] = {
		{ -5, "0 s" }, { 0, "0 s" }, { 59.4, "59 s" }, { 60, "1 min" }, { 90, "2 min" },
		{ 3599, "60 min" }, { 3600, "1 h 00 min" }, { 3900, "1 h 05 min" },
		{ 47 * 3600, "47 h 00 min" }, { 50 * 3600, "2 days 2 h" }, { 1e300, "11574 days 1 h" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		str_clear(&out);
		report_add_duration(&out, rows[i].seconds);
		assert_string_equal(str_text(&out), rows[i].want);
	}
}

GROUP(test_report)
{
	const struct CMUnitTest tests[] = {
		TEST(the_text_shows_each_state),
		TEST(a_narrow_terminal_is_not_overrun),
		TEST(colours_are_ended_on_their_line),
		TEST(many_rows_are_counted_not_shown),
		TEST(the_document_adds_up),
		TEST(the_document_says_all_of_an_image),
		TEST(the_page_adds_up),
		TEST(each_parent_has_one_row_on_the_page),
		TEST(the_page_says_what_people_ask),
		TEST(the_web_page_adds_up),
		TEST(the_web_page_holds_no_markup_of_others),
		TEST(a_large_fleets_page_shows_what_is_not_done),
		TEST(cells_escape_what_markdown_would_take),
		TEST(durations_are_for_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
