#include "fleet/preflight.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "fleet/python_constraint.h"
#include "git/substitution.h"
#include "json/fields.h"

static bool
some_file_contains(struct str *why, const struct preflight_condition *c,
                   const struct preflight_facts *facts)
{
	for (size_t i = 0; i < facts->n_files; i++) {
		const struct preflight_file *f = &facts->files[i];
		if (text_contains(f->text, f->len, c->value)) {
			str_addf(why, "%s has \"%s\"", f->path, c->value);
			return true;
		}
	}
	return false;
}

static bool
lacks(struct str *why, const struct preflight_condition *c, const struct preflight_facts *facts)
{
	struct str found = { 0 };
	bool there = some_file_contains(&found, c, facts);
	str_dispose(&found);
	if (!there)
		str_addf(why, "%s lacks \"%s\"", c->file, c->value);
	return !there;
}

static bool
rejects_python(struct str *why, const struct preflight_condition *c,
               const struct preflight_facts *facts, struct arena *a)
{
	for (size_t i = 0; i < facts->n_files; i++) {
		const struct preflight_file *f = &facts->files[i];
		const char *constraint = python_constraint(f->text, f->len, a);
		if (constraint && !python_constraint_accepts(constraint, c->value)) {
			str_addf(why, "%s: Python %s is not in \"%s\"", f->path, c->value, constraint);
			return true;
		}
	}
	return false;
}

/* 12.1.0 of "12.1.0-devel-ubuntu22.04". */
static const char *
leading_version(const char *text, struct arena *a)
{
	size_t len = strspn(text, "0123456789.");
	while (len && text[len - 1] == '.')
		len--;
	return arena_copy(a, text, len);
}

static bool
arg_below(struct str *why, const struct preflight_condition *c, const char *arg, struct arena *a)
{
	/* The rules for versions of Python are those of most numbered things. */
	const char *constraint = arena_printf(a, ">=%s", c->value);
	if (!arg || python_constraint_accepts(constraint, leading_version(arg, a)))
		return false;
	str_addf(why, "%s is %s, below %s", c->arg, arg, c->value);
	return true;
}

static bool
no_tag(struct str *why, const struct preflight_condition *c, const char *tag)
{
	if (tag)
		return false;
	str_addf(why, "no tag \"%s*\" is on it or before it", c->value);
	return true;
}

bool
preflight_holds(struct str *why, const struct preflight_condition *c,
                const struct preflight_facts *facts, struct arena *a)
{
	struct str met = { 0 };
	bool holds = false;

	switch (c->test) {
	case PREFLIGHT_CONTAINS:
		holds = some_file_contains(&met, c, facts);
		break;
	case PREFLIGHT_LACKS:
		holds = lacks(&met, c, facts);
		break;
	case PREFLIGHT_REJECTS_PYTHON:
		holds = rejects_python(&met, c, facts, a);
		break;
	case PREFLIGHT_ARG_BELOW:
		holds = arg_below(&met, c, facts->arg, a);
		break;
	case PREFLIGHT_NO_TAG:
		holds = no_tag(&met, c, facts->tag);
		break;
	}
	if (holds)
		str_addf(why, "%s%s", why->len ? ", " : "", str_text(&met));
	str_dispose(&met);
	return holds;
}

bool
preflight_in_range(const struct preflight_rule *r, bool has_introduced, bool has_fixed)
{
	return (!r->introduced_by || has_introduced) && (!r->fixed_by || !has_fixed);
}

bool
preflight_has_cure(const struct preflight_rule *r)
{
	return r->cure.n_env || r->cure.n_args || r->cure.substitution || r->cure.patch;
}

static void
add_part(struct str *out, size_t *n, const char *what, const char *name)
{
	str_addf(out, "%s%s %s", (*n)++ ? ", " : "", what, name);
}

static void
add_cure(struct str *out, const struct preflight_cure *c)
{
	size_t n = 0;
	for (size_t i = 0; i < c->n_env; i++)
		add_part(out, &n, "environment", c->env[i].name);
	for (size_t i = 0; i < c->n_args; i++)
		add_part(out, &n, "argument", c->args[i].name);
	if (c->substitution)
		add_part(out, &n, "substitution", c->substitution->name);
	if (c->patch)
		add_part(out, &n, "patch", c->patch);
}

const char *
preflight_text(const struct preflight_rule *r, const char *why, struct arena *a)
{
	struct str out = { 0 };
	str_addf(&out, "%s: %s", r->name, *why ? why : "in its range of commits");
	if (r->says)
		str_addf(&out, ": %s", r->says);
	str_addf(&out, "; expect %s", r->predicts);
	if (preflight_has_cure(r)) {
		str_adds(&out, r->apply ? "; cured by " : "; not applied: ");
		add_cure(&out, &r->cure);
	}
	const char *text = arena_copy(a, str_text(&out), out.len);
	str_dispose(&out);
	return text;
}
