/* capture.h - run a short helper program and read what it prints.  */
#ifndef GEN_CAPTURE_H
#define GEN_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct str;

struct capture {
	char *const *argv;	/* argv[0] is looked up in PATH, without a shell */
	char *const *environment;	/* NULL behind the last; NULL: ours */
	const char *input;	/* for its stdin; NULL: empty */
	size_t input_len;	/* bytes of input */
	size_t limit;		/* most bytes of its stdout */
	double deadline_s;	/* then it is killed */
	bool quiet;		/* its stderr is dropped, not shown */
	bool stderr_too;	/* its stderr is read as its stdout is */
};

/*
 * Run it to its end; what it prints is added to out (NULL: dropped).
 *
 * Returns:   its exit status; 127 if there is no such program; -1 and err set if
 *            it was killed, ran too long or printed too much.
 */
int capture_run(struct str *out, const struct capture *c, struct error *err);

#endif
