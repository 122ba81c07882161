/* native_key.h - what decides the compiled objects of a commit, and a digest of it.  Pure. */
#ifndef GEN_NATIVE_KEY_H
#define GEN_NATIVE_KEY_H

#include <stddef.h>

struct arena;
struct str;

/* What decides, for a whole fleet. */
struct native_rules {
	const char **inputs;	/* paths of files and folders, or patterns */
	size_t n_inputs;
	struct native_pin_rule {
		const char *package;
		const char **files;	/* the first that pins the package counts */
		size_t n_files;
	} *pins;
	size_t n_pins;
	const char **args;	/* build arguments, by name */
	size_t n_args;
};

/*
 * One thing that decides.  kind and name say what it is: "file csrc" with the
 * object id of the folder, "pin torch" with "==2.7.0", "arg BUILD_CUDA" with
 * "12.8.1".  A thing that is not there is no fact.
 */
struct native_fact {
	const char *kind;
	const char *name;
	const char *value;
};

/* Start from = {0}; all of it lives as long as the arena it is added with. */
struct native_facts {
	struct native_fact *list;
	size_t n;
	size_t cap;
};

/* Texts are copied. */
void native_facts_add(struct native_facts *f, const char *kind, const char *name,
                      const char *value, struct arena *a);

/*
 * The digest: the same facts in any order give the same key, "sha256:...".
 *
 * Ownership: lives as long as a; the facts are sorted.
 */
const char *native_key(struct native_facts *f, struct arena *a);

/*
 * Append the names of facts that are not the same in both, with commas between.
 *
 * Returns:   how many.
 */
size_t native_facts_differ(struct str *out, struct native_facts *x, struct native_facts *y);

/*
 * What a text that lists Python packages (pyproject.toml, requirements.txt) asks
 * of one: the first place that has it, without blanks: "==2.7.0", ">=2.0,<3".
 *
 * Returns:   NULL if it is not asked for, or any version will do.
 * Ownership: lives as long as a.
 * Source:    PEP 508, version specifiers; names compared as they stand.
 */
const char *native_pin(const char *text, size_t len, const char *package, struct arena *a);

#endif
