/* http_answer.h - one request over HTTP and its answer.  Pure. */
#ifndef GEN_HTTP_ANSWER_H
#define GEN_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_DELETE,
};

/* The client that sends it does not follow redirects. */
struct http_request {
	enum http_method method;
	const char *url;
	const char *accept;
	const char *authorization;	/* NULL: none; secret */
	const char *if_none_match;	/* NULL: none */
	const char *form;		/* body of a POST, "" for none; secret */
	size_t body_limit;		/* bytes of a 2xx answer */
	long timeout_ms;
};

enum http_outcome {
	HTTP_ANSWERED,		/* status and the rest are set; else words say why not */
	HTTP_UNREACHABLE,	/* no connection, or it broke */
	HTTP_TIMED_OUT,
	HTTP_CUT,		/* the server sent less than it had announced */
	HTTP_NOT_TLS,		/* the server does not speak https */
	HTTP_NOT_HTTP,		/* the server does not speak HTTP, or said nothing */
	HTTP_TOO_LARGE,
	HTTP_IMPOSSIBLE,	/* another try will not help: a bad certificate, say */
};

struct http_header {
	const char *name, *value;
};

struct http_answer {
	enum http_outcome outcome;
	const char *words;
	long status;
	const struct http_header *headers;
	size_t n_headers;
	const char *body;	/* of an error, the first 64 KiB */
	size_t len;
	bool open_ended;	/* nothing but the end of the connection marks the end of the body */
};

/* The first value of a header, NULL if there is none.  Case does not matter. */
const char *http_answer_header(const struct http_answer *answer, const char *name);

/* All values of a header, in order; the array lives as long as a. */
const char *const *http_answer_headers(size_t *n, const struct http_answer *answer,
                                       const char *name, struct arena *a);

/* Does the body have this media type?  Parameters are ignored. */
bool http_answer_has_type(const struct http_answer *answer, const char *type);

/* "404 Not Found", in our words, not those of the server. */
const char *http_status_text(long status, struct arena *a);

#endif
