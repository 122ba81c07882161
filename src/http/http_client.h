/* http_client.h - requests over HTTP, many at once.  The one user of libcurl's transfers.
 *
 * Bounded whatever the other side does: time to connect, of a transfer and without
 * progress; bytes of headers and bodies; connections.  Redirects are not followed,
 * nothing is decompressed, no cookies are kept and no .netrc is read.  Proxies and
 * certificates are found where curl's users expect: https_proxy, no_proxy and the like
 * (never for this machine itself), CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR.
 */
#ifndef GEN_HTTP_CLIENT_H
#define GEN_HTTP_CLIENT_H

struct error;
struct http_answer;
struct http_client;
struct http_request;

/*
 * Errors:    NULL and err set if libcurl cannot be started.
 * Ownership: the caller frees it.
 */
struct http_client *http_client_new(struct error *err);
void http_client_free(struct http_client *c);

/* Ownership: request is borrowed until http_client_next gives it back. */
void http_client_start(struct http_client *c, const struct http_request *request);

/* Send and receive what can be at once. */
void http_client_work(struct http_client *c);

/* Wait until there is something to do, so many milliseconds at most. */
void http_client_wait(struct http_client *c, int ms);

/* End a wait, from any thread. */
void http_client_wake(struct http_client *c);

/*
 * A request that has ended, and its answer; NULL if there is none.
 *
 * Ownership: the answer is borrowed until the next call on c.
 */
const struct http_answer *http_client_next(struct http_client *c,
                                           const struct http_request **request);

/* Break off all that is under way. */
void http_client_abort(struct http_client *c);

#endif
