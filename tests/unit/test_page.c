/* A page in its three forms: the same words, each made harmless as its form needs it. */
#include "status/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"
#include "status/page_html.h"
#include "status/page_markdown.h"
#include "status/page_text.h"

#define HOSTILE "</td><script>a|b</script>\n# `x` \x1b[31m\xff"

static struct arena arena;
static struct str out;

static int
teardown(void **state)
{
	(void)state;
	str_dispose(&out);
	arena_dispose(&arena);
	return 0;
}

static const struct badge failed = { "failed", "failed badly", "\033[31m" };

struct thing {
	const char *name;
	long n;
};

static void
fill(struct row *r, const void *item)
{
	const struct thing *thing = item;

	r->badge = thing && thing->n > 1 ? &failed : NULL;
	row_add_in(r, IN_MARKDOWN | IN_HTML, "#", cell_count(r->number));
	row_add(r, "name", cell_text(thing ? thing->name : "all"));
	row_add(r, "none", cell_text(NULL));
	row_add_in(r, IN_WIDE_HTML, "only wide", cell_word("w"));
	row_add(r, "n", cell_number(thing ? thing->n : 9));
}

/* All kinds of blocks, and one section that no form but MARKDOWN shows. */
static void
make(struct page *p, unsigned form)
{
	static const struct thing things[] = { { HOSTILE, 1 }, { "b", 22 }, { "c", 3 } };
	static const char *const lines[] = { "before", HOSTILE };

	*p = (struct page){ .form = form, .arena = &arena, .more = ": ask" };
	page_add_section(p, (struct section){ .title = HOSTILE, .level = 1 });
	page_add(p, (struct block){ BLOCK_NOTE, .text = "note " HOSTILE });
	struct row *facts = page_add_facts(p, 0, "Facts");
	row_add(facts, "absent", cell_id(""));
	row_add(facts, "fact", cell_noted(cell_text(HOSTILE), HOSTILE));
	page_add_table(p, (struct section){ .title = "Empty" }, (struct table){ .fill = fill });
	page_add_table(p, (struct section){ .title = "Things", .counted = true }, (struct table){
		.fill = fill, TABLE_ITEMS(things, 3), .most = 2, .total = true, .look = TABLE_SORTED, .id = "things" });
	assert_int_equal(page_add_section(p, (struct section){ .title = "Hidden", .in = IN_MARKDOWN }), form == IN_MARKDOWN);
	page_add(p, (struct block){ BLOCK_LINES, .lines = { lines, 2, 0, 0 } });
	page_add_section(p, (struct section){ .title = "Folded", .level = 3, .id = "folded", .badge = &failed,
	                                      .note = HOSTILE });
	page_add_section(p, (struct section){ .title = "Below" });
	page_add(p, (struct block){ BLOCK_LINES, .lines = { lines, 2, 7, 8 } });
	p->level = 2;
	page_add_section(p, (struct section){ .title = "After" });
}

static void
text_is_cleaned_and_lined_up(void **state)
{
	struct page p;
	(void)state;
	make(&p, IN_TEXT);
	page_print_text(&out, &p, &(struct look){ 0 });
	assert_string_equal(str_text(&out),
		"</td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd\n"
		"note </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd\n\n"
		"Facts\n"
		"  fact  </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd (</td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd)\n\n"
		"Things (3)\n"
		"  name                                     n\n"
		"  </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd   1\n"
		"  b                                       22\n"
		"  all                                      9\n"
		"  ... and 1 more: ask\n"
		"\n"
		"  Folded: failed badly: </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd\n"
		"    Below\n"
		"            7  before\n"
		"      >     8  </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd\n"
		"\n"
		"After\n");
}

static void
a_terminal_is_filled_and_painted(void **state)
{
	struct page p;
	(void)state;
	make(&p, IN_TEXT);
	page_print_text(&out, &p, &(struct look){ .columns = 20, .colour = true });
	assert_non_null(strstr(str_text(&out), "\033[1mThings (3)\033[0m\n\033[2m  name             \xe2\x80\xa6\033[0m\n"
	                       "  </td><script>a|b<\xe2\x80\xa6\n\033[31m  b                \xe2\x80\xa6\033[0m\n"));
}

static void
markdown_is_escaped(void **state)
{
	struct page p;
	(void)state;
	make(&p, IN_MARKDOWN);
	page_print_markdown(&out, &p);
#define ESCAPED "\\</td>\\<script>a\\|b\\</script>?# \\`x\\` ?\\[31m\xef\xbf\xbd"
	assert_string_equal(str_text(&out),
		"# " ESCAPED "\n\nnote " ESCAPED "\n\n"
		"## Facts\n\n| what | value |\n| --- | --- |\n| fact | " ESCAPED " (" ESCAPED ") |\n\n"
		"## Things (3)\n\n"
		"| # | name | none | n |\n| ---: | --- | --- | ---: |\n"
		"| 1 | " ESCAPED " |  | 1 |\n| 2 | b |  | 22 |\n| 3 | c |  | 3 |\n| 4 | all |  | 9 |\n\n"
		"## Hidden\n\n    before\n    </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd\n\n"
		"### Folded: failed badly: " ESCAPED "\n\n"
		"#### Below\n\n    before\n    </td><script>a|b</script>?# `x` ?[31m\xef\xbf\xbd\n\n"
		"## After\n");
}

static void
html_holds_no_markup_of_others(void **state)
{
	struct page p;
	(void)state;
	make(&p, IN_HTML);
	page_print_html(&out, &p);
	const char *body = strstr(str_text(&out), "<body>\n");
	assert_non_null(body);
	*strstr(body, "<script>") = '\0';
#define AS_TEXT "&lt;/td&gt;&lt;script&gt;a|b&lt;/script&gt;\n# `x` \xef\xbf\xbd[31m\xef\xbf\xbd"
	assert_string_equal(body,
		"<body>\n<h1>" AS_TEXT "</h1>\n<p class=\"faint\">note " AS_TEXT "</p>\n"
		"<h2>Facts</h2>\n<dl>\n<dt>fact</dt><dd class=\"text\">" AS_TEXT
		" <span class=\"faint\">" AS_TEXT "</span></dd>\n</dl>\n"
		"<h2>Things (3)</h2>\n<div class=\"wide\"><table id=\"things\" class=\"sorted\"><thead><tr>"
		"<th class=\"n\"><button type=\"button\">#</button></th><th class=\"word\"><button type=\"button\">name</button></th>"
		"<th class=\"word\"><button type=\"button\">none</button></th>"
		"<th class=\"word minor\"><button type=\"button\">only wide</button></th>"
		"<th class=\"n\"><button type=\"button\">n</button></th></tr></thead><tbody>\n"
		"<tr><td class=\"n\">1</td><td class=\"text\">" AS_TEXT "</td><td class=\"text\"></td>"
		"<td class=\"word minor\">w</td><td class=\"n\">1</td></tr>\n"
		"<tr class=\"failed\"><td class=\"n\">2</td><td class=\"text\">b</td><td class=\"text\"></td>"
		"<td class=\"word minor\">w</td><td class=\"n\">22</td></tr>\n"
		"<tr class=\"failed\"><td class=\"n\">3</td><td class=\"text\">c</td><td class=\"text\"></td>"
		"<td class=\"word minor\">w</td><td class=\"n\">3</td></tr>\n</tbody><tfoot>\n"
		"<tr><th class=\"n\">4</th><th class=\"text\">all</th><th class=\"text\"></th>"
		"<th class=\"word minor\">w</th><th class=\"n\">9</th></tr>\n</tfoot></table></div>\n"
		"<details id=\"folded\"><summary><span class=\"id\">Folded</span> <b class=\"state failed\">failed badly</b> "
		"<span class=\"faint\">" AS_TEXT "</span></summary>\n"
		"<h4>Below</h4>\n<pre>     7  before\n<span class=\"hit\">     8  " AS_TEXT "</span>\n</pre>\n"
		"</details>\n<h2>After</h2>\n");
}

static void
values_have_their_words(void **state)
{
	const struct { struct cell cell; const char *want; } rows[] = {
		{ cell_text("a"), "a" }, { cell_text(NULL), "" }, { cell_noted(cell_word("a"), "b"), "a (b)" },
		{ cell_noted(cell_word(""), "b"), "" }, { cell_id("0123456789"), "0123456789" },
		{ cell_short_id("0123456789", 8), "01234567" }, { cell_short_id("0123", 8), "0123" },
		{ cell_badge(&failed), "failed badly" },
		{ cell_count(0), "0" }, { cell_number(0), "" }, { cell_number(7), "7" },
		{ cell_share(0), "0.0 %" }, { cell_share(667), "66.7 %" },
		{ cell_time(0), "" }, { cell_time(1795500000.7), "2026-11-24T06:00:00Z" },
		{ cell_megabytes(0), "" }, { cell_megabytes(4096), "4096 MB" },
		{ cell_duration(-1.0), "" }, { cell_duration(0.4), "0 s" }, { cell_duration(59.6), "1 min" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		str_clear(&out);
		cell_words(&out, &rows[i].cell);
		assert_string_equal(str_text(&out), rows[i].want);
	}
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
		markdown_add(&out, rows[i].text);
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
		page_add_duration(&out, rows[i].seconds);
		assert_string_equal(str_text(&out), rows[i].want);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

GROUP(test_page)
{
	const struct CMUnitTest tests[] = {
		TEST(text_is_cleaned_and_lined_up),
		TEST(a_terminal_is_filled_and_painted),
		TEST(markdown_is_escaped),
		TEST(html_holds_no_markup_of_others),
		TEST(values_have_their_words),
		TEST(cells_escape_what_markdown_would_take),
		TEST(durations_are_for_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
