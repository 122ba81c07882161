#include "status/explain_page.h"

#include "status/page.h"
#include "status/page_text.h"
#include "status_group.h"

static void
explain(const struct explanation *more, const char *parent, bool colour)
{
	struct look look = { .colour = colour, .whole = true };
	struct page page = { .form = IN_TEXT, .arena = &f.arena };
	struct explanation e = *more;
	e.status = &f.status;
	e.row = fixture_row_of(&f, parent);
	str_clear(&out);
	explain_page(&page, &e, &(struct section){ .level = 1 });
	page_print_text(&out, &page, &look);
}

static void
holds(const char *text)
{
	if (!strstr(str_text(&out), text))
		print_message("not found: \"%s\" in\n%s\n", text, str_text(&out));
	assert_non_null(strstr(str_text(&out), text));
}

static void
each_state_answers_what_people_ask(void **state)
{
	static const struct { const char *parent, *want; } rows[] = {
		{ "a1", "baseline-a10000000000: present: reason of a1\n" },
		{ "a1", "  mapping  m1.json: /0\n  human    1100000000000000000000000000000000000000\n  model    " },
		{ "a1", "  mapping  m2.json: /19\n  human    3100000000000000000000000000000000000000\n  parent   a1" },
		{ "a1", "  date     2023-11-14T22:13:20Z\n  subject  subject of a1\n" },
		{ "a1", "  decision  skip (reason of a1)\n" },
		{ "a2", "  pushed digest  sha256:pushed\n" },
		{ "a2", "\nAttempts (4)\n"
			"  step    attempt  started                     took  result  jobs   memory  log\n" },
		{ "a2", "  image         1  2026-11-24T01:00:10Z  1 h 00 min  oom        8  2048 MB  "
			"out/logs/baseline-a20000000000/image.1.log\n" },
		{ "a7", "At work\n  step      image\n  for       1 h 00 min\n  progress  [###.......] 12/34\n"
			"  attempt   2\n  jobs      8\n  log       out/logs/" },
		{ "a7", "\n  image        1  2026-11-24T05:00:00Z  end not recorded     8  out/logs/" },
		{ "a8", "  progress  waits: 20 GB free, 50 needed\n" },
		{ "a9", "Why it failed\n  class       oom\n  step        image\n" },
		{ "a9", "  cause       a9 <b>fatal</b>|\n  log         out/logs/baseline-a90000000000/image.2.log:471\n" },
		{ "b2", "held: reason of b2\n" },
		{ "ee", "baseline-ee0000000000: unknown: gen has not seen this mapping entry yet; run gen\n\nWhere it comes from\n" },
		{ "f0", "  base         reg.example/d/human:2f00000000000000000000000000000000000000 (present)\n"
			"  base digest  sha256:base\n" },
		{ "f0", "  native        compile\n" },
		{ "f0", "What causes a rebuild\n" },
	};
	struct explanation none = { .asked_s = -1 };
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		explain(&none, rows[i].parent, false);
		holds(rows[i].want);
		assert_null(strchr(str_text(&out), '\033'));
	}
}

static void
changes_commands_and_ages_are_shown(void **state)
{
	static const char *changes[] = { "Dockerfile: changed", "patch 01-x.patch: new" };
	static const char *commands[] = { "step image baseline-a4 -- x" };
	struct explanation e = {
		.asked_s = FIXTURE_NOW_S - 7200, .was_built = true,
		.changes = { changes, 2 }, .commands = { commands, 1 },
	};
	(void)state;
	explain(&e, "a4", false);
	holds("What changed since it was built here\n  Dockerfile: changed\n  patch 01-x.patch: new\n");
	holds("  asked        2026-11-24T04:00:00Z (2 h ago)\n");
	holds("Commands to run by hand, in the fleet's folder\n  step image baseline-a4 -- x\n");
	e.changes.n = 0;
	explain(&e, "a4", false);
	holds("  Its parts are the same, but this version of gen makes something else from them.\n");
}

static void
the_fatal_line_is_marked(void **state)
{
	const char *excerpt[] = { "before", "fatal \x1b[31m", "after" };
	struct explanation none = { .asked_s = -1 };
	(void)state;
	for (size_t i = 0; i < f.status.n_rows; i++) {
		struct status_row *row = &f.status.rows[i];
		row->excerpt = excerpt;
		row->n_excerpt = 3;
		row->excerpt_line = 470;
	}
	explain(&none, "a9", false);
	holds("\n      470  before\n  >   471  fatal ?[31m\n      472  after\n");
	for (size_t i = 0; i < f.status.n_rows; i++)
		f.status.rows[i].excerpt_line = 0;
	explain(&none, "a9", false);
	holds("\n  before\n  fatal ?[31m\n");
}

static void
colours_are_for_terminals(void **state)
{
	struct explanation none = { .asked_s = -1 };
	(void)state;
	explain(&none, "a9", true);
	holds("\033[1;31mbaseline-a90000000000: failed: ");
	holds("\033[1mWhy it failed\033[0m\n");
}

GROUP(test_explain_page)
{
	const struct CMUnitTest tests[] = {
		TEST(each_state_answers_what_people_ask),
		TEST(changes_commands_and_ages_are_shown),
		TEST(the_fatal_line_is_marked),
		TEST(colours_are_for_terminals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
