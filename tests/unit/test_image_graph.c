#include "status/image_graph.h"

#include "status_group.h"

static void
holds(const char *text)
{
	if (!strstr(str_text(&out), text))
		print_message("not found: \"%s\" in\n%s\n", text, str_text(&out));
	assert_non_null(strstr(str_text(&out), text));
}

#define GREEN "fillcolor=\"#d9f2dc\", color=\"#2e7d32\""
#define BLUE "fillcolor=\"#dbe9ff\", color=\"#1a5fb4\""
#define RED "fillcolor=\"#ffdcdc\", color=\"#c01c28\""
#define WHITE "fillcolor=\"#ffffff\", color=\"#666666\""
#define YELLOW "fillcolor=\"#fff2cc\", color=\"#b58900\""
#define IDLE "fillcolor=\"#ffffff\", color=\"#bbbbbb\""

/* Each step has the colour of how far it is, and says what it is about. */
static void
steps_show_how_far_they_are(void **state)
{
	static const struct { const char *parent, *want; } rows[] = {
		{ "a1", "n2 [label=\"image\\ncompile\", " IDLE "]" },
		{ "a1", "n5 [label=\"baseline-a10000000000\\nreg.example/d/base\", " GREEN "]" },
		{ "a3", "n4 [label=\"push\", " GREEN "]" },
		{ "a4", "n5 [label=\"baseline-a40000000000\\nreg.example/d/base\", " WHITE "]" },
		{ "a5", "n3 [label=\"verify\", " GREEN "]" },
		{ "a5", "n4 [label=\"push\", " WHITE "]" },
		{ "a6", "n2 [label=\"image\\ncompile\", " GREEN "]" },
		{ "a6", "n3 [label=\"verify\", " WHITE "]" },
		{ "a7", "n2 [label=\"image\\n[12/34]\", " BLUE "]" },
		{ "a8", "n2 [label=\"image\\n20 GB free, 50 needed\", " BLUE "]" },
		{ "a9", "n2 [label=\"image\\noom\", " RED "]" },
		{ "ad", "n4 [label=\"push\\nauth\", " RED "]" },
		{ "ad", "n3 [label=\"verify\", " GREEN "]" },
		{ "b1", "n6 [label=\"demo b10000000000\\nsubject of b1\", " YELLOW "]" },
		{ "ee", "n6 [label=\"demo ee0000000000\", " },
		{ "f0", "n0 [label=\"source\", " WHITE "]" },
		{ "f0", "n7 [label=\"human 2f0000000000\\nsha256:base\", " },
		{ "f0", "\tn6 -> n0\n\tn7 -> n2\n\tn8 -> n2\n}\n" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		str_clear(&out);
		image_graph_dot(&out, &f.status, fixture_row_of(&f, rows[i].parent));
		holds(rows[i].want);
	}
}

static void
all_that_goes_in_is_there(void **state)
{
	static const char *patches[] = { "01-a.patch", "02-\"b\".patch", "03-c.patch", "sub-04-d.patch" };
	struct planned_image *p = &f.images[FIXTURE_ROWS - 1];	/* f0 */
	(void)state;
	p->patches = (struct texts){ patches, 4 };
	p->objects = "baseline-a10000000000";
	p->base.verdict = VERDICT_ABSENT;
	image_graph_dot(&out, &f.status, fixture_row_of(&f, "f0"));
	holds("[label=\"patch\\n4 patches\"");
	holds("[label=\"01-a.patch\\npatch\"");
	holds("[label=\"02-\\\"b\\\".patch\\npatch\"");
	holds("[label=\"2 more patches\"");
	holds("[label=\"baseline-a10000000000\\nits objects\"");
	holds("[label=\"human 2f0000000000\\nabsent\", " YELLOW "]");
	holds("[label=\"Dockerfile\\nDockerfile\"");

	p->patches.n = 1;
	str_clear(&out);
	image_graph_dot(&out, &f.status, fixture_row_of(&f, "f0"));
	holds("[label=\"patch\\n1 patch\"");
}

static void
text_from_outside_is_only_text(void **state)
{
	static const char *patches[] = { "</text><script>x</script>\"\\n.patch" };
	struct planned_image *p = &f.images[FIXTURE_ROWS - 1];
	(void)state;
	p->patches = (struct texts){ patches, 1 };
	p->subject = "a\nb\xff\"]; evil [label=\"";
	image_graph_svg_file(&out, &f.status, fixture_row_of(&f, "f0"));
	assert_null(strstr(str_text(&out), "<script"));
	holds("&lt;/text&gt;&lt;script&gt;x&lt;/scrip\xe2\x80\xa6</text>");
	holds(">a?b\xef\xbf\xbd&quot;]; evil [label=&quot;</text>");
	str_clear(&out);
	image_graph_dot(&out, &f.status, fixture_row_of(&f, "f0"));
	holds("\\na?b\xef\xbf\xbd\\\"]; evil [label=\\\"\", fillcolor");
}

static void
a_file_brings_its_rules(void **state)
{
	(void)state;
	image_graph_svg_file(&out, &f.status, fixture_row_of(&f, "a7"));
	static const char start[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=";
	assert_memory_equal(str_text(&out), start, strlen(start));
	holds("<title>baseline-a70000000000</title>\n<style>\n");
	holds(".m-running rect { fill: #dbe9ff; stroke: #1a5fb4 }\n");
	holds("<g class=\"box m-running\"><rect ");
	holds("</svg>\n");
}

GROUP(test_image_graph)
{
	const struct CMUnitTest tests[] = {
		TEST(steps_show_how_far_they_are),
		TEST(all_that_goes_in_is_there),
		TEST(text_from_outside_is_only_text),
		TEST(a_file_brings_its_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
