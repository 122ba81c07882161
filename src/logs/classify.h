/* classify.h - read a build log once, say why the build failed.  Pure.
 *
 * The earliest line that names a fatal cause is the answer, but for three things:
 * a failed edge of ninja outranks what came before it; what a Dockerfile's step or
 * BuildKit's vertex wrote is dropped when that step ends well; a cause that a build may
 * survive counts only when nothing better is found.  Time is linear in the log, memory
 * constant.
 */
#ifndef GEN_CLASSIFY_H
#define GEN_CLASSIFY_H

#include <stddef.h>

#include "logs/failure_class.h"

struct classifier;

#define FINDING_TEXT 500

struct finding {
	enum failure_class class;
	size_t line;		/* from 1; 0: no line says anything */
	char text[FINDING_TEXT + 1];	/* the line, as it stands in the log but for controls */
	long retry_after_s;	/* the last wait that a server asked for; 0: none */
};

/* Ownership: the caller frees it. */
struct classifier *classifier_new(void);
void classifier_free(struct classifier *c);

/* The next bytes of the log; they may end anywhere. */
void classifier_feed(struct classifier *c, const char *bytes, size_t len);

/* The log has ended.  c can be fed another one then. */
void classifier_finish(struct finding *out, struct classifier *c);

#endif
