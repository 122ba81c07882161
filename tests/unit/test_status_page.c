/* The status as a page: each form shows the same numbers, and each adds up by itself. */
#include "status/status_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "http/http_text.h"
#include "status/page.h"
#include "status/page_html.h"
#include "status/page_markdown.h"
#include "status/page_text.h"
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
print(unsigned form, const struct status *s, struct look look)
{
	struct page page = { .form = form, .arena = &f.arena };

	str_clear(&out);
	status_page(&page, s);
	if (form == IN_TEXT)
		page_print_text(&out, &page, &look);
	else if (form == IN_MARKDOWN)
		page_print_markdown(&out, &page);
	else
		page_print_html(&out, &page);
}

static void
the_text_shows_each_state(void **state)
{
	(void)state;
	print(IN_TEXT, &f.status, (struct look){ 0 });
	for (unsigned i = 0; i < STATES; i++) {
		char line[32];
		snprintf(line, sizeof(line), "\n  %-10s", state_title((enum state)i));
		assert_int_equal(number_behind(str_text(&out), line), f.status.by_state[i]);
	}
	assert_int_equal(number_behind(str_text(&out), "\n  all       "), f.status.n_rows);
	holds(str_text(&out), "demo: baseline images\nAs of 2026-11-24T06:00:00Z.\n\nSummary\n");
	holds(str_text(&out), "\n  failed          3   15.0 %  auth 1, compile-error 1, oom 1\n");
	holds(str_text(&out), "  present in the registry   4 (20.0 %)\n  absent from the registry  14 (70.0 %)\n"
	      "  presence unknown          2 (10.0 %)\n  entries in mappings       21\n");
	holds(str_text(&out), "\n  v2            11      10  3 failed, 4 held, 1 to build, 2 unknown\n"
	      "  all           21      20\n");
	holds(str_text(&out), "\n  baseline-a70000000000  17000000  image  1 h 00 min  [###.......] 12/34            "
	      "      2     8\n"
	      "  baseline-a80000000000  18000000  image       2 min  waits: 20 GB free, 50 needed\n");
	holds(str_text(&out), "Tags in no mapping (2)\n  tag                    human in the data set\n"
	      "  baseline-880000000000  7700000000000000000000000000000000000000\n  baseline-x\n");
	holds(str_text(&out), "  done                         2 h 10 min (2 steps)\n"
	      "  failed, interrupted or lost  1 h 00 min (1 steps)\n  one compile (median)         2 h 00 min\n"
	      "  saved by not compiling       1 h 50 min\n");
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
		print(IN_TEXT, &f.status, (struct look){ .columns = columns, .colour = columns % 2 });
		assert_true(widest_line(str_text(&out)) <= columns);
	}
}

static void
colours_are_ended_on_their_line(void **state)
{
	(void)state;
	print(IN_TEXT, &f.status, (struct look){ .columns = 60, .colour = true });
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
	(void)state;
	entries.list = arena_array(&f.arena, 42, sizeof(*entries.list));
	for (; entries.n < 42; entries.n++)
		entries.list[entries.n] = sample_entry(&f.arena, "1",
			arena_printf(&f.arena, "%02x", (unsigned)entries.n), 0, entries.n);
	status_make(&s, &in, &f.arena);
	print(IN_TEXT, &s, (struct look){ 0 });
	holds(str_text(&out), "  ... and 2 more: \"gen status --md\" shows all\n");
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
	print(IN_MARKDOWN, &f.status, (struct look){ 0 });
	char *page = arena_strdup(&f.arena, str_text(&out)), *rest = NULL;
	for (unsigned i = 0; i < STATES; i++) {
		char row[32];
		snprintf(row, sizeof(row), "\n| %s | ", state_title((enum state)i));
		assert_int_equal(number_behind(str_text(&out), row), f.status.by_state[i]);
	}
	assert_int_equal(number_behind(str_text(&out), "\n| all | "), 20);
	assert_int_equal(number_behind(str_text(&out), "\n| pairs in the data set | "), 2);
	assert_int_equal(number_behind(str_text(&out), "\n| entries in mappings | "), 21);
	assert_int_equal(number_behind(str_text(&out), "\n| absent from the registry | "), 14);
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
	assert_int_equal(headings, 13);
}

/* Each parent is a row of one table of images, and of no other. */
static void
each_parent_has_one_row_on_the_page(void **state)
{
	(void)state;
	print(IN_MARKDOWN, &f.status, (struct look){ 0 });
	const char *end = strstr(str_text(&out), "\n## Recent builds");
	assert_non_null(end);
	char *page = arena_copy(&f.arena, str_text(&out), (size_t)(end - str_text(&out)));
	for (size_t i = 0; i < f.status.n_rows; i++) {
		size_t n = 0;
		for (const char *p = page; (p = strstr(p, f.status.rows[i].id)); p++) {
			bool in_log = p[-10] == '/';
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
		"\n| 1 | baseline-a70000000000 | 17000000 | image | 1 h 00 min | \\[###.......\\] 12/34 | 2 | 8 |\n",
		"\n| 1 | baseline-a90000000000 | 19000000 | oom | image | 2 | 4 | a9 \\<b>fatal\\</b>\\| | "
			"out/logs/baseline-a90000000000/image.2.log:471 | ",
		"\n| dd0000000000 |  |  |  |  | E | R |\n",
		" | baseline-b10000000000 | 21000000 |  | source | reason of b1 |\n",
		"\n### v1 (3)\n\n| # | image | human | model | jobs | native | note |\n",
		"\n| 1 | baseline-a40000000000 | 14000000 |  | 8 | compile | built before, from other inputs |\n",
		"\n## Verified, not pushed (1)\n\n| # | image | human | model | jobs | native | note |\n"
			"| ---: | --- | --- | --- | ---: | --- | --- |\n| 1 | baseline-a50000000000 | 15000000 |",
		"\n### v2 (1)\n\n| # | image | human | model | jobs | native | note |\n"
			"| ---: | --- | --- | --- | ---: | --- | --- |\n"
			"| 4 | baseline-ac0000000000 | 1c000000 |  | 8 | compile | built before, from other inputs |\n",
		"\n| 1 | baseline-a20000000000 | 12000000 | sha256:pushed |\n",
		"\n| baseline-880000000000 | 7700000000000000000000000000000000000000 |\n| baseline-x |  |\n",
		"\n| baseline-a30000000000 | 13000000 | 2026-11-24T04:40:00Z | 10 min | 1 | 8 | reuse | standard build |\n",
		"\n| bb0000000000 | 4 |  |  | L=it's $HOME |  |  |\n",
		"\n| build arguments | ARCH=9.0 |\n",
		"\n| done | 2 h 10 min (2 steps) |\n",
	};
	(void)state;
	print(IN_MARKDOWN, &f.status, (struct look){ 0 });
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
	print(IN_HTML, &f.status, (struct look){ 0 });
	for (unsigned i = 0; i < STATES; i++) {
		const char *name = state_name((enum state)i);
		const char *chip = arena_printf(&f.arena, "data-state=\"%s\" aria-pressed=\"false\"><b>", name);
		const char *row = arena_printf(&f.arena, "<tr class=\"%s\">", name);
		chips[i] = (size_t)number_behind(str_text(&out), chip);
		assert_int_equal(chips[i], f.status.by_state[i]);
		assert_int_equal(count(str_text(&out), row), f.status.by_state[i]);
	}
	holds(str_text(&out), "<h2>Images (20)</h2>");
	holds(str_text(&out), "<tr><th class=\"word\">all</th><th class=\"n\">21</th><th class=\"n\">20</th><th class=\"n\">1</th>"
	      "<th class=\"n\">2</th><th class=\"n\">1</th><th class=\"n\">2</th><th class=\"n\">3</th>"
	      "<th class=\"n\">5</th><th class=\"n\">4</th><th class=\"n\">2</th></tr>");
	holds(str_text(&out), "<dt>absent from the registry</dt><dd class=\"n\">14 <span class=\"faint\">70.0 %</span></dd>");
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
	print(IN_HTML, &f.status, (struct look){ 0 });
	const char *page = str_text(&out);
	assert_null(strstr(page, "<script>alert"));
	assert_int_equal(count(page, "<script"), 1);
	assert_int_equal(count(page, "</script"), 1);
	assert_null(strstr(page, "<b>fatal"));
	assert_null(strchr(page, '\x1b'));
	holds(page, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;|`x` *b* &amp;amp; \xef\xbf\xbd[31m");
	holds(page, "   470  &lt;/pre&gt;&lt;script&gt;alert(2)&lt;/script&gt;\n"
	      "<span class=\"hit\">   471  fatal \xef\xbf\xbd[31m\xef\xbf\xbd</span>\n");

	/* The digest in the policy is the script's: sha256sum says the same. */
	const char *start = strstr(page, "<script>") + strlen("<script>"), *end = strstr(page, "</script>");
	const char *digest = digest_of(start, (size_t)(end - start), &f.arena);
	const char *policy = strstr(page, "script-src 'sha256-") + strlen("script-src 'sha256-");
	struct str bytes = { 0 };
	assert_true(http_text_base64(&bytes, arena_copy(&f.arena, policy, strcspn(policy, "'"))));
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
	entries.list = arena_array(&f.arena, STATUS_PAGE_DETAILS + 2, sizeof(*entries.list));
	planned.images = arena_array(&f.arena, 1, sizeof(*planned.images));
	planned.images[0] = f.images[0];
	planned.n_images = 1;
	for (; entries.n < STATUS_PAGE_DETAILS + 2; entries.n++)
		entries.list[entries.n] = sample_entry(&f.arena, "1", entries.n ?
			arena_printf(&f.arena, "%04x", (unsigned)entries.n) : "a1", 0, entries.n);
	status_make(&s, &in, &f.arena);
	assert_int_equal(s.by_state[STATE_PRESENT], 1);
	print(IN_HTML, &s, (struct look){ 0 });
	assert_int_equal(count(str_text(&out), "<details id="), STATUS_PAGE_DETAILS);
	assert_int_equal(count(str_text(&out), "<tr class=\"unknown\">"), STATUS_PAGE_DETAILS + 1);
	holds(str_text(&out), "400 of 402 images, those first that are not done");
	holds(str_text(&out), "<td class=\"id\">baseline-a10000000000</td>");
}

GROUP(test_status_page)
{
	const struct CMUnitTest tests[] = {
		TEST(the_text_shows_each_state),
		TEST(a_narrow_terminal_is_not_overrun),
		TEST(colours_are_ended_on_their_line),
		TEST(many_rows_are_counted_not_shown),
		TEST(the_page_adds_up),
		TEST(each_parent_has_one_row_on_the_page),
		TEST(the_page_says_what_people_ask),
		TEST(the_web_page_adds_up),
		TEST(the_web_page_holds_no_markup_of_others),
		TEST(a_large_fleets_page_shows_what_is_not_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
