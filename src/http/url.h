/* url.h - who a URL talks to, and what may be told there.  Pure. */
#ifndef GEN_URL_H
#define GEN_URL_H

#include <stdbool.h>

struct error;
struct str;

#define URL_MOST 8192	/* bytes */

/* Scheme, host and port: what must be equal for two URLs to be the same server. */
struct origin {
	bool https;
	unsigned port;
	char host[256];		/* lower case; IPv6 in brackets */
};

/*
 * The origin of an absolute http or https URL, as libcurl reads it.  Stricter than libcurl
 * on purpose: whatever two readers could understand differently (a user name, a backslash,
 * a blank, bytes that are not ASCII or are percent-encoded in the host, an empty host or
 * port, a host ending in a dot) is refused.
 *
 * Errors:    -1 and err set.
 * Source:    RFC 3986, 3.2.
 */
int url_origin(struct origin *out, const char *url, struct error *err);

/*
 * Add the absolute URL that reference means on the page base, and tell its origin.
 *
 * Errors:    -1 and err set if url_origin refuses it, or libcurl makes nothing of it.
 * Source:    RFC 3986, 5.
 */
int url_resolve(struct str *out, struct origin *origin, const char *base, const char *reference,
                struct error *err);

/* Add "https://host", and ":port" if it is not the scheme's own. */
void url_add_origin(struct str *out, const struct origin *o);

bool url_origin_equal(const struct origin *a, const struct origin *b);
bool url_origin_is_loopback(const struct origin *o);

/* A name or address that only this machine or its neighbours can mean. */
bool url_origin_is_private(const struct origin *o);

/* May credentials travel there: https, or plain http that does not leave this machine. */
bool url_origin_is_safe(const struct origin *o);

/*
 * May from, a registry, send us on to to (a redirect, or the realm of a token)?
 * Only to https, or to http if it is http itself and to stays on this machine or
 * the user allows http elsewhere (insecure); and to private addresses only if it is
 * private itself.
 *
 * Errors:    -1 and err set.
 */
int url_may_lead(const struct origin *from, const struct origin *to, bool insecure,
                 struct error *err);

/* Add text, percent-encoded but for RFC 3986's unreserved characters. */
void url_add_encoded(struct str *out, const char *text);

#endif
