/* http_client.h - requests over HTTP, many at once.  The one user of libcurl's transfers.
 *
 * It is bounded whatever the other side does: the time to connect, to transfer and to wait
 * without progress; the bytes of headers and bodies; the connections.  It follows no
 * redirects, decompresses nothing, keeps no cookies and reads no .netrc.  It finds proxies
 * and certificates where users of curl expect: in https_proxy, no_proxy and the like (but
 * never a proxy for this machine itself), CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR.
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

/* Send and receive as far as possible without waiting. */
void http_client_work(struct http_client *c);

/* Wait until there is something to do, at most ms milliseconds. */
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

/* Give up all requests that are under way. */
void http_client_abort(struct http_client *c);

#endif
