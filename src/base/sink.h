/* sink.h - where a long text goes while it is being written, a piece at a time.  Pure. */
#ifndef GEN_SINK_H
#define GEN_SINK_H

#include "base/str.h"

/* Takes the next bytes of a text.  Returns 0, or -1 and err set. */
typedef int sink_take(void *to, const char *bytes, size_t len, struct error *err);

/*
 * Start from = {0}: then text keeps all.  With take, it is given text a piece at a time,
 * and a text of any length needs no more memory than a piece.
 */
struct sink {
	struct str text;	/* what comes; what was passed on is gone from it */
	sink_take *take;
	void *to;
};

/* Between two parts of a text: pass it on if a piece of it has come together. */
int sink_flow(struct sink *s, struct error *err);

/* At the end: pass on the rest. */
int sink_end(struct sink *s, struct error *err);

void sink_dispose(struct sink *s);

#endif
