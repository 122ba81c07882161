#include "plan/preflight_tree.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/preflight.h"
#include "git/gitrepo.h"
#include "json/fields.h"

/* Everything that a question needs. */
struct question {
	struct gitrepo *g;
	const struct commit_id *commit;
	const struct tree_id *tree;
	const struct name_value *args;
	size_t n_args;
	struct arena *arena;
	struct error *err;
};

static int
find_end(struct commit_id *out, struct gitrepo *g, const char *prefix, const char *what,
         const struct preflight_rule *rule, struct error *err)
{
	if (!prefix)
		return 0;
	int found = gitrepo_resolve(out, g, prefix, err);
	if (found == 0)
		error_set(err, "\"%s\" is not a commit in the clone", prefix);
	return found > 0 ? 0 : error_prefix(err, "preflight \"%s\": %s", rule->name, what);
}

int
preflight_start(struct preflight *out, struct gitrepo *g, const struct preflight_rule *rules,
                size_t n, struct arena *a, struct error *err)
{
	*out = (struct preflight){
		.rules = rules,
		.n = n,
		.ranges = arena_array(a, n, sizeof(*out->ranges)),
		.matches = arena_array(a, n, sizeof(*out->matches)),
	};
	for (size_t i = 0; i < n; i++)
		if (find_end(&out->ranges[i].introduced, g, rules[i].introduced_by,
		             "introduced_by", &rules[i], err) < 0 ||
		    find_end(&out->ranges[i].fixed, g, rules[i].fixed_by, "fixed_by", &rules[i],
		             err) < 0)
			return -1;
	return 0;
}

static int
has(const struct question *q, const struct commit_id *end)
{
	return *end->hex ? gitrepo_is_ancestor(q->g, end, q->commit, q->err) : 0;
}

static int
in_range(const struct question *q, const struct preflight_rule *rule,
         const struct preflight_range *range)
{
	int introduced = has(q, &range->introduced);
	int fixed = introduced < 0 ? -1 : has(q, &range->fixed);
	return fixed < 0 ? -1 : preflight_in_range(rule, introduced, fixed);
}

/* The files that a condition asks about. */
static int
read_files(struct preflight_file **files, size_t *n, const struct question *q, const char *glob)
{
	const char **paths;
	size_t n_paths;
	if (gitrepo_glob(&paths, &n_paths, q->g, q->tree, glob, q->arena, q->err) < 0)
		return -1;
	*files = arena_array(q->arena, n_paths, sizeof(**files));
	*n = 0;
	for (size_t i = 0; i < n_paths; i++) {
		struct preflight_file *f = &(*files)[*n];
		f->path = paths[i];
		int found = gitrepo_read_file(&f->text, &f->len, q->g, q->tree, paths[i], q->arena,
		                              q->err);
		if (found < 0)
			return -1;
		*n += (size_t)found;
	}
	return 0;
}

static const char *
arg_value(const struct question *q, const char *name)
{
	for (size_t i = 0; i < q->n_args; i++)
		if (strcmp(q->args[i].name, name) == 0)
			return q->args[i].value;
	return NULL;
}

static int
condition_holds(struct str *why, const struct question *q, const struct preflight_condition *c)
{
	struct preflight_facts facts = { .arg = c->arg ? arg_value(q, c->arg) : NULL };
	struct preflight_file *files;

	if (c->test == PREFLIGHT_NO_TAG &&
	    gitrepo_nearest_tag(&facts.tag, q->g, q->commit, c->value, q->arena, q->err) < 0)
		return -1;
	if (c->file) {
		if (read_files(&files, &facts.n_files, q, c->file) < 0)
			return -1;
		facts.files = files;
	}
	return preflight_holds(why, c, &facts, q->arena);
}

/* 1 the rule matches, and why says how; 0 it does not; -1 and err set. */
static int
rule_matches(struct str *why, const struct question *q, const struct preflight_rule *rule,
             const struct preflight_range *range)
{
	for (size_t i = 0; i < rule->n_conditions; i++) {
		int holds = condition_holds(why, q, &rule->conditions[i]);
		if (holds <= 0)
			return holds;
	}
	/* Last: descent costs most. */
	return in_range(q, rule, range);
}

int
preflight_ask(struct preflight_match **matches, size_t *n, struct preflight *p,
              struct gitrepo *g, const struct commit_id *commit, const struct tree_id *tree,
              const struct name_value *args, size_t n_args, struct arena *a, struct error *err)
{
	struct question q = { g, commit, tree, args, n_args, a, err };
	*matches = arena_array(a, p->n, sizeof(**matches));
	*n = 0;
	for (size_t i = 0; i < p->n; i++) {
		struct str why = { 0 };
		int match = rule_matches(&why, &q, &p->rules[i], &p->ranges[i]);
		if (match > 0) {
			p->matches[i]++;
			(*matches)[(*n)++] = (struct preflight_match){
				&p->rules[i], preflight_text(&p->rules[i], str_text(&why), a)
			};
		}
		str_dispose(&why);
		if (match < 0)
			return error_prefix(err, "preflight \"%s\"", p->rules[i].name);
	}
	return 0;
}
