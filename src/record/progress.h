/* progress.h - out/build_progress.json: what each image is at now.  Pure.
 *
 *	{
 *	"version": 1,
 *	"updated": "2026-11-24T05:00:00Z",
 *	"images": {
 *	"baseline-0a1b2c3d4e5f": {"step":"image","state":"running",...},
 *	...
 *	}
 *	}
 *
 * One line an image, by name, so that a step replaces its own without reading the rest.
 * Members of an image: step; state (running, waiting, done, failed, interrupted, killed:
 * its step was, and nobody has gone on since); since (UTC); attempt and log of the last
 * attempt; jobs where they matter; reason for waiting and failed; class for failed.
 */
#ifndef GEN_PROGRESS_H
#define GEN_PROGRESS_H

#include <stddef.h>

struct arena;
struct str;

enum progress_state {
	PROGRESS_RUNNING,
	PROGRESS_WAITING,
	PROGRESS_DONE,
	PROGRESS_FAILED,
	PROGRESS_INTERRUPTED,
	PROGRESS_KILLED,
	PROGRESS_STATES
};

/* "running", "waiting", ... */
const char *progress_state_name(enum progress_state s);

struct progress_image {
	const char *target;
	const char *members;	/* a flat JSON object */
};

/* Start from = {0}.  images: by target. */
struct progress {
	struct progress_image *images;
	size_t n;
	size_t cap;
};

/*
 * Read the file.  What is not of this form (an old version's, a damaged one) counts as
 * empty: the file says what is, not what was.
 *
 * Ownership: texts live as long as a, the array until progress_dispose.
 */
void progress_read(struct progress *p, const char *text, size_t len, struct arena *a);

/* What the members say of the state; PROGRESS_STATES if they don't. */
enum progress_state progress_state_of(const struct progress_image *image);

/* target and members are borrowed. */
void progress_put(struct progress *p, const char *target, const char *members);

void progress_render(struct str *out, const struct progress *p, const char *updated);
void progress_dispose(struct progress *p);

#endif
