/* claim.h - one gen and one ninja in a folder, one step on an edge.
 *
 * out/run/ninja says which ninja works in the folder, as its first step has written.
 * out/run/gen and out/run/TARGET.STEP are there, and locked, while gen or that edge is at
 * work; where they are there and not locked, their process was killed.  All are key=value
 * lines: pid and start (the process), host and since (UTC), for a person; and for an edge
 * ninja and ninja_start (the ninja it runs for), input, and GEN_RUN, the mark that all
 * processes of the run have in their environment.
 */
#ifndef GEN_CLAIM_H
#define GEN_CLAIM_H

struct arena;
struct error;
struct lock;

/* Errors: -1 and err set if another gen is at work in this folder. */
int claim_gen(struct lock *lock, struct arena *a, struct error *err);

/* Errors: -1 and err set if another ninja is at work in this folder. */
int claim_folder(struct arena *a, struct error *err);

/*
 * Take the lock of an edge, path, and end what a killed run of it left behind.  If the
 * edge is at work for a ninja that was killed meanwhile, wait until it has ended.
 *
 * mark is "GEN_RUN=" and a value that no other run has.
 *
 * Errors:    -1 and err set if the edge is at work.
 * Ownership: the caller releases the lock; path must live as long as it.
 */
int claim_edge(struct lock *lock, const char *path, const char *input, const char *mark,
               struct arena *a, struct error *err);

/* Add lines to the note of an edge that we have. */
int claim_add(const struct lock *lock, const char *lines, struct arena *a, struct error *err);

#endif
