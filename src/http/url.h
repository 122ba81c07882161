/* url.h - which server a URL leads to, and what we may tell it.  Pure. */
#ifndef GEN_URL_H
#define GEN_URL_H

#include <stdbool.h>

struct error;
struct str;

#define URL_MOST 8192	/* bytes */

/* Scheme, host and port: two URLs lead to the same server if these are equal. */
struct origin {
	bool https;
	unsigned port;
	char host[256];		/* lower case; IPv6 in brackets */
};

/*
 * The origin of an absolute http or https URL, as libcurl reads it.  It is stricter than
 * libcurl on purpose, and refuses whatever two programs could read differently: a user name,
 * a backslash, a blank, bytes that are not ASCII or are percent-encoded in the host, an
 * empty host or port, a host that ends in a dot.
 *
 * Errors:    -1 and err set.
 * Source:    RFC 3986, 3.2.
 */
int url_origin(struct origin *out, const char *url, struct error *err);

/*
 * Add the absolute URL that reference means on the page base, and tell its origin.
 *
 * Errors:    -1 and err set if url_origin refuses it, or libcurl cannot resolve it.
 * Source:    RFC 3986, 5.
 */
int url_resolve(struct str *out, struct origin *origin, const char *base, const char *reference,
                struct error *err);

/* Add "https://host", and ":port" if it is not the scheme's own. */
void url_add_origin(struct str *out, const struct origin *o);

bool url_origin_equal(const struct origin *a, const struct origin *b);
bool url_origin_is_loopback(const struct origin *o);

/* Is it a name or address of this machine or of its own network? */
bool url_origin_is_private(const struct origin *o);

/* May credentials be sent there?  By https, or by plain http within this machine. */
bool url_origin_is_safe(const struct origin *o);

/*
 * May the registry `from` send us on to `to`, by a redirect or for a token?  Only to https,
 * or from http to http if `to` is on this machine or the user allows http elsewhere
 * (insecure); and to a private address only if `from` is private, too.
 *
 * Errors:    -1 and err set.
 */
int url_may_lead(const struct origin *from, const struct origin *to, bool insecure,
                 struct error *err);

/* Add text with all but the unreserved characters of RFC 3986 percent-encoded. */
void url_add_encoded(struct str *out, const char *text);

#endif
