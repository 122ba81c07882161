#include "status/watch_page.h"

#include "status/eta.h"
#include "status/page.h"
#include "status/page_text.h"
#include "status_group.h"

static void
watch(const struct eta *eta, long ninja, size_t rows, size_t columns)
{
	struct look look = { .columns = columns };
	struct page page = { .form = IN_TEXT, .arena = &f.arena };
	struct watching w = { .status = &f.status, .journal = &f.journal, .eta = eta, .ninja_pid = ninja,
	                      .rows = rows };
	str_clear(&out);
	watch_page(&page, &w);
	page_print_text(&out, &page, &look);
}

static void
holds(const char *text)
{
	if (!strstr(str_text(&out), text))
		print_message("not found: \"%s\" in\n%s\n", text, str_text(&out));
	assert_non_null(strstr(str_text(&out), text));
}

static size_t
lines(void)
{
	size_t n = 0;
	for (const char *p = str_text(&out); *p; p++)
		n += *p == '\n';
	return n;
}

static void
it_says_what_is_happening(void **state)
{
	static const char *const want[] = {
		"demo  06:00:00 UTC  ninja is at work (process 77)\n",
		"1 present, 2 built now, 1 verified, 2 running, 3 failed, 5 held, 4 to build, 2 unknown of 20\n",
		"7 images left: about 8 h 20 min (2 h 00 min to 10 h 00 min, from 3 image steps); not counted: 2 steps",
		"At work (2)\n"
			"  image                  left, about  step          for  progress                      attempt  jobs\n"
			"  baseline-a70000000000   1 h 50 min  image  1 h 00 min  [###.......] 12/34                  2     8\n"
			"  baseline-a80000000000               image       2 min  waits: 20 GB free, 50 needed\n",
		"Pools\n  pool    at work  waiting  first in line\n"
			"  source  0 of 3         3  baseline-a40000000000\n  cuda    2 of 1         0\n"
			"  light   0 of 2         1  baseline-a60000000000\n"
			"  push    0 of 2         1  baseline-a50000000000\n",
		"Last events\n",
		"  02:00:10  baseline-a20000000000  image   oom after 1 h 00 min\n",
		"  05:00:00  baseline-a70000000000  image   started\n",
	};
	struct eta eta = { .images = 7, .left_s = 30000, .least_s = 7200, .most_s = 36000, .samples = 3,
	                   .unknown = 2 };
	(void)state;
	fixture_made[3].steps = 1u << STEP_SOURCE | 1u << STEP_PATCH | 1u << STEP_IMAGE;	/* a5 */
	fixture_made[4].steps = fixture_made[3].steps;						/* a6 */
	watch(&eta, 77, 0, 0);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		holds(want[i]);
}

static void
what_is_not_known_is_not_guessed(void **state)
{
	static const struct { struct eta eta; const char *want; } rows[] = {
		{ { .images = 0 }, "\nnothing is left to do\n" },
		{ { .images = 1, .left_s = -1 }, "\n1 image left; how long that takes is known once the first image is done\n" },
		{ { .images = 2, .left_s = 60, .least_s = 60, .most_s = 60 },
		  "\n2 images left: about 1 min (1 min to 1 min, from the fleet's estimate)\n" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		watch(&rows[i].eta, 0, 0, 0);
		holds(rows[i].want);
		holds("no ninja is at work here\n");
	}
}

static void
it_fits_the_terminal(void **state)
{
	struct eta eta = { 0 };
	(void)state;
	/* Head, steps at work and pools take 15 rows; what is lower cuts them off. */
	for (size_t rows = 1; rows < 40; rows++) {
		watch(&eta, 0, rows, 40);
		assert_true(lines() <= (rows < 15 ? 15 : rows));
	}
	watch(&eta, 0, 8, 80);
	char *end = out.data;
	for (size_t i = 0; i < 8; i++)
		end = strchr(end, '\n') + 1;
	*end = '\0';
	holds("  baseline-a70000000000   1 h 50 min  image");
	holds("  baseline-a80000000000               image");
	watch(&eta, 0, 100, 80);
	holds("  01:00:00  baseline-a20000000000  source  started\n");	/* all events */
}

GROUP(test_watch_page)
{
	const struct CMUnitTest tests[] = {
		TEST(it_says_what_is_happening),
		TEST(what_is_not_known_is_not_guessed),
		TEST(it_fits_the_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
