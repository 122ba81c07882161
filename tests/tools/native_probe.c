/*
 * What vLLM's pairs have in common natively, and which of its parents are known to fail.
 *
 * usage: native_probe CLONE <PAIRS		a line: human, blank, parent
 *
 * A line for each pair, "PARENT reuse" or "PARENT differs: what"; then one for each match of
 * a rule, "PARENT rule: ...".  The rules are those of vLLM's fleet.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/native_key.h"
#include "fleet/preflight.h"
#include "git/gitrepo.h"
#include "json/fields.h"
#include "plan/native_facts.h"
#include "plan/preflight_tree.h"

#define LIST(list) (list), sizeof(list) / sizeof((list)[0])

static const char *inputs[] = { "csrc", "cmake", "CMakeLists.txt", "setup.py" };
static const char *pinned_in[] = { "pyproject.toml", "requirements-build.txt", "requirements.txt" };
static struct native_pin_rule pins[] = { { "torch", LIST(pinned_in) } };
static const struct native_rules rules = { LIST(inputs), LIST(pins), NULL, 0 };

static struct preflight_condition python[] = {
	{ PREFLIGHT_REJECTS_PYTHON, "pyproject.toml", NULL, "3.12.9" },
};
static struct preflight_condition cumem[] = {
	{ PREFLIGHT_CONTAINS, "CMakeLists.txt", NULL, "list(APPEND CUMEM_LIBS cuda)" },
};
static struct preflight_rule known[] = {
	{ .name = "python-constraint", .predicts = "python-constraint",
	  .conditions = python, .n_conditions = 1 },
	{ .name = "cumem-by-tree", .predicts = "libcuda-stub", .conditions = cumem, .n_conditions = 1 },
	{ .name = "cumem-by-range", .predicts = "libcuda-stub", .introduced_by = "68ad4e3a8",
	  .fixed_by = "da317197d" },
};

struct probe {
	struct gitrepo *g;
	struct preflight preflight;
	struct arena arena;
	struct error err;
};

static int
read_facts(struct native_facts *facts, struct commit_id *id, struct tree_id *tree,
           struct probe *p, const char *prefix)
{
	struct commit_info info;
	if (gitrepo_resolve(id, p->g, prefix, &p->err) <= 0 ||
	    gitrepo_commit_info(&info, p->g, id, &p->arena, &p->err) < 0)
		return -1;
	*tree = info.tree;
	return native_facts_gather(facts, p->g, tree, &rules, NULL, 0, &p->arena, &p->err);
}

static int
probe_pair(struct probe *p, const char *human, const char *parent, struct str *found)
{
	struct native_facts h = { 0 }, own = { 0 };
	struct commit_id id;
	struct tree_id tree;
	if (read_facts(&h, &id, &tree, p, human) < 0 || read_facts(&own, &id, &tree, p, parent) < 0)
		return -1;

	bool same = strcmp(native_key(&h, &p->arena), native_key(&own, &p->arena)) == 0;
	struct str names = { 0 };
	native_facts_differ(&names, &h, &own);
	printf("%.12s %s%s\n", id.hex, same ? "reuse" : "differs: ", str_text(&names));
	str_dispose(&names);

	struct preflight_match *matches;
	size_t n;
	if (preflight_ask(&matches, &n, &p->preflight, p->g, &id, &tree, NULL, 0, &p->arena,
	                  &p->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		str_addf(found, "%.12s %s\n", id.hex, matches[i].text);
	return 0;
}

int
main(int argc, char **argv)
{
	struct probe p = { 0 };
	struct str found = { 0 };
	char human[64], parent[64];
	int ret = argc == 2 ? gitrepo_open(&p.g, argv[1], &p.err) : error_set(&p.err, "no clone");

	if (ret == 0)
		ret = preflight_start(&p.preflight, p.g, LIST(known), &p.arena, &p.err);
	while (ret == 0 && scanf("%63s %63s", human, parent) == 2)
		ret = probe_pair(&p, human, parent, &found);
	fputs(str_text(&found), stdout);
	if (ret < 0)
		fprintf(stderr, "native_probe: %s\n", p.err.text);
	str_dispose(&found);
	arena_dispose(&p.arena);
	gitrepo_free(p.g);
	return ret < 0;
}
