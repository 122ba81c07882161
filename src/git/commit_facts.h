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

#include "base/commit_id.h"

struct str;

#define COMMIT_FACTS_HEAD "commits 1\n"	/* then come lines, sorted */

/* What is left to read of an earlier run's file. */
struct commit_facts {
	const char *at, *end;
};

/*
 * Start to read; text may be NULL.  From a line on that is not just as it should be, nothing
 * counts: git will be asked.
 *
 * Ownership: text is borrowed as long as out and what it gives are used.
 */
void commit_facts_start(struct commit_facts *out, const char *text, size_t len);

/*
 * What is known of a commit (40 hex digits), NULL if nothing is.  Commits are asked for in
 * the order of their ids: so neither 100,000 nor a million need a table.
 */
const char *commit_facts_next(struct commit_facts *f, const char *id);

/* Add such a line; first_parent is "" for a root commit, subject any bytes. */
void commit_fact_add(struct str *out, const char *id, const char *tree, const char *first_parent,
                     int64_t time_s, const char *subject);

/* ---- what a line says ---- */

/* 40 hex digits each, not ended. */
const char *commit_fact_tree(const char *line);
const char *commit_fact_first_parent(const char *line);
bool commit_fact_is_root(const char *line);
int64_t commit_fact_time(const char *line);
const char *commit_fact_subject(const char *line, size_t *len);

/* With the LF behind it. */
size_t commit_fact_len(const char *line);

#endif
