/* wheel.h - a wheel that the project may have built from a commit, and what its server says.  Pure.
 *
 * A file keeps one line per answer, in the order of the URLs:
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
 * Take the answer to a HEAD, after redirects: 200 is present; 404, 410 and 403 (S3's answer
 * for a file that does not exist) are absent; any other status is unknown.  The digest comes
 * from Repr-Digest (RFC 9530) or X-Checksum-Sha256 (Artifactory).
 *
 * Returns:   whether asking again may help.
 * Ownership: texts live as long as a.
 */
bool wheel_take_answer(struct wheel *w, const struct http_answer *answer, struct arena *a);

/* The text old with the answers about n wheels put over it, but for those that are unknown. */
void wheels_render(struct str *out, const struct wheel *wheels, size_t n, const char *old,
                   struct arena *a);

/* Answer n wheels from such a text, "" if there is none. */
void wheels_recall(struct wheel *wheels, size_t n, const char *text, struct arena *a);

#endif
