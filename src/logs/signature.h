/* signature.h - what the lines of build logs mean: the table.  Pure.
 *
 * One row a signature.  Where several rows fit one line, the one of the strongest kind
 * counts, and of those the one that stands first.  A new wording is a new row.
 * Rows of LINE_COMMAND stand in front: they blank what the others would match.
 */
#ifndef GEN_SIGNATURE_H
#define GEN_SIGNATURE_H

#include <stddef.h>

#include "logs/failure_class.h"

enum line_kind {
	/* What may be the cause, strongest first. */
	LINE_FATAL,	/* names the cause, and ends the build */
	LINE_LIKELY,	/* names a cause that builds survive at times */
	LINE_SUMMARY,	/* an exit status that hints at a cause */
	LINE_PLACE,	/* only where to look */

	/* What can be no cause, whatever words are in it. */
	LINE_WARNING,	/* nor can the lines that are indented under it */
	LINE_INNOCENT,

	/* What says something of the lines around. */
	LINE_ERROR_BLOCK,	/* the lines indented under it are its text, however deep */
	LINE_FAILED,		/* ninja: what follows is of an edge that failed */
	LINE_PROGRESS,		/* ninja: a new edge */
	LINE_STAGE,		/* a new step of the Dockerfile: all before went well */
	LINE_OUTPUT,		/* a box of another program's output, as deep as this line */
	LINE_OUTPUT_END,
	LINE_RETRY,		/* a network failure just before was not the last word */
	LINE_TROUBLE,		/* the network does not work well: explains what comes */
	LINE_NOT_FOUND,		/* nothing found: the network's fault after LINE_TROUBLE */
	LINE_COMMAND,		/* quotes a command, whose words say nothing */
};

struct signature {
	const char *pattern;	/* logs/pattern.h */
	enum line_kind kind;
	enum failure_class class;	/* of the first four kinds, else unused */
};

extern const struct signature signatures[];
extern const size_t signatures_n;

#endif
