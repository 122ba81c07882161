/* preflight.h - what is known to go wrong with some commits, told before it does.  Pure. */
#ifndef GEN_PREFLIGHT_H
#define GEN_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct name_value;
struct str;
struct substitution;

/* What is asked of a file's text, or of a build argument. */
enum preflight_test {
	PREFLIGHT_CONTAINS,		/* some file holds the text */
	PREFLIGHT_LACKS,		/* no file holds it */
	PREFLIGHT_REJECTS_PYTHON,	/* some file's constraint rejects the version */
	PREFLIGHT_ARG_BELOW,		/* the build argument is a lower version */
	PREFLIGHT_NO_TAG,		/* no tag that starts so is on the commit or before it */
};

struct preflight_condition {
	enum preflight_test test;
	const char *file;	/* pathspec; NULL if none is asked about */
	const char *arg;	/* name of a build argument; NULL if none is asked about */
	const char *value;	/* the text, the version or the tag's start */
};

/* What to do about it; all of what is given is done. */
struct preflight_cure {
	struct name_value *env;		/* of the build */
	size_t n_env;
	struct name_value *args;	/* build arguments: another toolkit */
	size_t n_args;
	const struct substitution *substitution;	/* or NULL */
	const char *patch;				/* path of a diff, or NULL */
};

/*
 * A rule matches a commit that meets all of its conditions, and stands in its
 * range: from the commit that brought the fault in (or its descendants), up to
 * the one that took it out.
 */
struct preflight_rule {
	const char *name;
	const char *predicts;	/* class of failure: "libcuda-stub" */
	const char *says;	/* one line for a person; NULL: none */
	struct preflight_condition *conditions;
	size_t n_conditions;
	const char *introduced_by;	/* commit; NULL: always there */
	const char *fixed_by;		/* commit; NULL: still there */
	struct preflight_cure cure;
	bool apply;		/* cure it, unasked */
};

/* A rule that matches a commit. */
struct preflight_match {
	const struct preflight_rule *rule;
	const char *text;	/* one line for a person: what was met, what is done */
};

/* A file that a condition's pathspec found. */
struct preflight_file {
	const char *path;
	const char *text;
	size_t len;
};

/* What a commit has to show for one condition; the rest is not looked at. */
struct preflight_facts {
	const struct preflight_file *files;	/* that the pathspec found */
	size_t n_files;
	const char *arg;	/* value of the build argument; NULL: it has none */
	const char *tag;	/* nearest one that starts so; NULL: there is none */
};

/*
 * Does the condition hold?  What was met, "pyproject.toml has ...", is then added
 * to why.  A build argument that is not set is below nothing.
 */
bool preflight_holds(struct str *why, const struct preflight_condition *c,
                     const struct preflight_facts *facts, struct arena *a);

/* Is a commit in a rule's range, given whether each end is among its ancestors? */
bool preflight_in_range(const struct preflight_rule *r, bool has_introduced, bool has_fixed);

bool preflight_has_cure(const struct preflight_rule *r);

/*
 * One line that tells of a match: the rule, what was met, the class to expect,
 * and what is done about it.
 *
 * Ownership: lives as long as a.
 */
const char *preflight_text(const struct preflight_rule *r, const char *why, struct arena *a);

#endif
