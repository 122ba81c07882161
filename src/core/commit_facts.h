/* commit_facts.h - what git said of commits, kept for the next run.  Pure.
 *
 *   commits 1
 *   <commit> <tree> <first parent> <time> <subject>
 *
 * Text, a line a commit, sorted; 40 hex digits each, the first parent of a root commit
 * 40 zeros; time is the committer's, in seconds since 1970.  A commit's id is a digest of
 * all that: whatever happens to a clone, it stays true.  Only whether the clone still has
 * the commit must be asked again.
 */
#ifndef GEN_COMMIT_FACTS_H
#define GEN_COMMIT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "core/commit_id.h"

struct arena;
struct error;
struct sink;
struct str;

struct commit_fact {
	const char *line;	/* ended by LF or NUL */
	bool asked;		/* in this run: only such are written */
	bool there;		/* the clone has it */
};

struct commit_facts {
	struct commit_fact *list;
	size_t n;
	size_t n_old;		/* the first so many are from the file, sorted */
	struct table by_id;
	struct arena *arena;
};

/*
 * Start from the file's text, which may be NULL, with room for more commits.  A text that
 * is not just as it should be counts as none: git will be asked.
 *
 * Ownership: all lives as long as a; text must, too.
 */
void commit_facts_init(struct commit_facts *out, const char *text, size_t len, size_t more,
                       struct arena *a);

/* The fact of a commit (40 hex digits), NULL if there is none.  Borrowed, and ours to mark. */
struct commit_fact *commit_facts_find(struct commit_facts *f, const char *id);

/* Add one; first_parent is "" for a root commit, subject any bytes. */
struct commit_fact *commit_facts_add(struct commit_facts *f, const char *id, const char *tree,
                                     const char *first_parent, int64_t time_s, const char *subject);

/* Write what was asked for, as a file for the next run.  Errors: the sink's. */
int commit_facts_write(struct sink *out, struct commit_facts *f, struct error *err);

/* ---- what a fact says ---- */

/* 40 hex digits each, not ended. */
const char *commit_fact_tree(const struct commit_fact *fact);
const char *commit_fact_first_parent(const struct commit_fact *fact);
bool commit_fact_is_root(const struct commit_fact *fact);
int64_t commit_fact_time(const struct commit_fact *fact);
const char *commit_fact_subject(const struct commit_fact *fact, size_t *len);

#endif
