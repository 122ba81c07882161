/* registry_progress.h - what the person at the terminal sees while a registry is asked.  */
#ifndef GEN_REGISTRY_PROGRESS_H
#define GEN_REGISTRY_PROGRESS_H

#include <stdbool.h>

struct registry_session;

#define REGISTRY_PROGRESS_MS 200	/* between two updates */

/* Start from = {0}. */
struct registry_progress {
	bool wanted, shown;
	double start_s, last_s;
};

void registry_progress_start(struct registry_progress *p, bool wanted);

/* Show one line on stderr, if more than a second has passed. */
void registry_progress_show(struct registry_progress *p, const struct registry_session *s);

/* Take the line away. */
void registry_progress_end(struct registry_progress *p);

#endif
