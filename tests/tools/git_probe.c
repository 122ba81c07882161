/*
 * Ask a clone by hand, without a fleet.
 *
 * usage: git_probe CLONE <QUESTIONS
 *
 * A question a line, words separated by tabs; each answer is one line, or for glob and
 * substitute its lines and then ".":
 *
 *   resolve PREFIX		the commit's id, or "none"
 *   info COMMIT		tree, first parent, parents, time, subject
 *   ancestor A B		"yes" if A is an ancestor of B, or B itself
 *   id COMMIT PATH		the object's id, or "none"
 *   glob COMMIT PATTERN	paths
 *   apply COMMIT FILE		the tree that the patch makes
 *   substitute COMMIT PATTERN FROM TO	the diff; nothing if no file holds FROM
 *
 * What goes wrong is an answer too: "error: ...".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "git/apply.h"
#include "git/gitrepo.h"
#include "git/substitute.h"
#include "git/substitution.h"
#include "os/file.h"

#define WORDS_MOST 6

struct probe {
	struct gitrepo *g;
	struct apply *apply;
	struct arena arena;
	struct error err;
	char *word[WORDS_MOST];
};

static int
commit(struct commit_id *id, struct commit_info *info, struct probe *p, const char *prefix)
{
	int found = gitrepo_resolve(id, p->g, prefix, &p->err);
	if (found == 0)
		error_set(&p->err, "%s: no such commit", prefix);
	if (found <= 0 || !info)
		return found > 0 ? 0 : -1;
	return gitrepo_commit_info(info, p->g, id, &p->arena, &p->err);
}

static int
ask_resolve(struct probe *p)
{
	struct commit_id id;
	int found = gitrepo_resolve(&id, p->g, p->word[1], &p->err);
	if (found >= 0)
		puts(found ? id.hex : "none");
	return found;
}

static int
ask_info(struct probe *p)
{
	struct commit_id id;
	struct commit_info i;
	if (commit(&id, &i, p, p->word[1]) < 0)
		return -1;
	printf("%s %s %u %lld %s\n", i.tree.hex, i.first_parent.hex, i.n_parents,
	       (long long)i.time_s, i.subject);
	return 0;
}

static int
ask_ancestor(struct probe *p)
{
	struct commit_id a, b;
	if (commit(&a, NULL, p, p->word[1]) < 0 || commit(&b, NULL, p, p->word[2]) < 0)
		return -1;
	int is = gitrepo_is_ancestor(p->g, &a, &b, &p->err);
	if (is >= 0)
		puts(is ? "yes" : "no");
	return is;
}

static int
ask_id(struct probe *p)
{
	struct commit_id id;
	struct commit_info i;
	struct tree_id entry;
	if (commit(&id, &i, p, p->word[1]) < 0)
		return -1;
	int found = gitrepo_entry_id(&entry, p->g, &i.tree, p->word[2], &p->err);
	if (found >= 0)
		puts(found ? entry.hex : "none");
	return found;
}

static int
ask_glob(struct probe *p)
{
	struct commit_id id;
	struct commit_info i;
	const char **paths;
	size_t n;
	if (commit(&id, &i, p, p->word[1]) < 0 ||
	    gitrepo_glob(&paths, &n, p->g, &i.tree, p->word[2], &p->arena, &p->err) < 0)
		return -1;
	for (size_t k = 0; k < n; k++)
		puts(paths[k]);
	puts(".");
	return 0;
}

static int
ask_apply(struct probe *p)
{
	struct commit_id id;
	struct commit_info i;
	struct tree_id tree;
	const char *text;
	size_t len;
	if (commit(&id, &i, p, p->word[1]) < 0 ||
	    file_read(&text, &len, p->word[2], 0, &p->arena, &p->err) < 0 ||
	    apply_patch(&tree, p->apply, &i.tree, p->word[2], text, len, &p->err) <= 0)
		return -1;
	puts(tree.hex);
	return 0;
}

static int
ask_substitute(struct probe *p)
{
	struct commit_id id;
	struct commit_info i;
	struct str diff = { 0 };
	bool matched;
	const char *files[] = { p->word[2] };
	struct substitution s = {
		.name = "probe", .files = files, .n_files = 1, .from = p->word[3], .to = p->word[4],
		.when_file = p->word[2], .when_contains = p->word[3],
	};
	int ret = commit(&id, &i, p, p->word[1]);
	if (ret == 0)
		ret = gitrepo_substitute(&diff, &matched, p->g, &i.tree, &s, &p->arena, &p->err);
	if (ret == 0)
		printf("%s.\n", str_text(&diff));
	str_dispose(&diff);
	return ret;
}

static const struct {
	const char *name;
	int words;
	int (*ask)(struct probe *p);
} questions[] = {
	{ "resolve", 2, ask_resolve },   { "info", 2, ask_info },
	{ "ancestor", 3, ask_ancestor }, { "id", 3, ask_id },
	{ "glob", 3, ask_glob },         { "apply", 3, ask_apply },
	{ "substitute", 5, ask_substitute },
};

static void
answer(struct probe *p, char *line)
{
	int n = 0;
	line[strcspn(line, "\n")] = '\0';
	for (char *word = line; word && n < WORDS_MOST; n++)
		p->word[n] = strsep(&word, "\t");

	size_t q = 0, all = sizeof(questions) / sizeof(questions[0]);
	while (q < all && strcmp(questions[q].name, p->word[0]) != 0)
		q++;
	p->err.text[0] = '\0';
	if (q == all || questions[q].words != n)
		printf("error: what is \"%s\" with %d words?\n", p->word[0], n);
	else if (questions[q].ask(p) < 0)
		printf("error: %s\n", p->err.text);
	arena_dispose(&p->arena);
}

int
main(int argc, char **argv)
{
	struct probe p = { 0 };
	if (argc != 2) {
		fputs("usage: git_probe CLONE <QUESTIONS\n", stderr);
		return 2;
	}
	if (gitrepo_open(&p.g, argv[1], &p.err) < 0) {
		fprintf(stderr, "git_probe: %s\n", p.err.text);
		return 1;
	}
	p.apply = apply_open(p.g, "/nonexistent", true);
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) > 0)
		answer(&p, line);
	free(line);
	apply_close(p.apply);
	gitrepo_free(p.g);
	return 0;
}
