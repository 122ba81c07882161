/* wheel.h - a wheel that the project may have built of a commit, and what its server says.  Pure.
 *
 * Answers are kept in a file, a line each, in the order of the URLs:
 *
 *   present sha256:<64 hex digits> https://wheels.example.org/<commit>/x.whl
 *   absent - https://wheels.example.org/<commit>/x.whl
 *
 * "-" where no digest is known.
 */
#ifndef GEN_WHEEL_H
#define GEN_WHEEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verdict.h"

struct arena;
struct commit_id;
struct http_answer;
struct str;

struct wheel {
	const char *url;

	enum verdict verdict;	/* the answer */
	const char *digest;	/* "sha256:..."; NULL: the server does not say */
	const char *reason;	/* for unknown: one line; else NULL */
};

/* Is it a URL, by https or on this machine, that holds "{commit}"? */
bool wheel_template_valid(const char *template);

/* The template with the commit in it.  Lives as long as a. */
const char *wheel_url(const char *template, const struct commit_id *commit, struct arena *a);

/*
 * Take the answer to a HEAD, whose redirects were followed: there with 200, not there with
 * 403 (S3 says so of what does not exist), 404 and 410; anything else says nothing.  The
 * digest is looked for in Repr-Digest (RFC 9530) and X-Checksum-Sha256 (Artifactory).
 *
 * Returns:   whether asking again may help.
 * Ownership: texts live as long as a.
 */
bool wheel_take_answer(struct wheel *w, const struct http_answer *answer, struct arena *a);

/* The text that says old and, over it, what n wheels were answered; unknown changes nothing. */
void wheels_render(struct str *out, const struct wheel *wheels, size_t n, const char *old,
                   struct arena *a);

/* Answer n wheels from such a text, "" if there is none. */
void wheels_recall(struct wheel *wheels, size_t n, const char *text, struct arena *a);

#endif
