/* http_answer.h - one question over HTTP and what came back.  Pure. */
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

/* Redirects are not followed by who sends this. */
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
	HTTP_UNREACHABLE,	/* not connected, reset, broken off */
	HTTP_TIMED_OUT,
	HTTP_CUT,		/* less came than was announced */
	HTTP_NOT_TLS,		/* https spoken to who does not speak it */
	HTTP_NOT_HTTP,		/* something that is no HTTP answered, or nothing */
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
	bool open_ended;	/* only the end of the connection ended the body */
};

/* The first value of a header, NULL when there is none.  Case does not matter. */
const char *http_answer_header(const struct http_answer *answer, const char *name);

/* All values of a header, in order; the array lives as long as a. */
const char *const *http_answer_headers(size_t *n, const struct http_answer *answer,
                                       const char *name, struct arena *a);

/* Is the media type of the body this one, parameters aside? */
bool http_answer_has_type(const struct http_answer *answer, const char *type);

/* "404 Not Found"; the words are ours, not the server's. */
const char *http_status_text(long status, struct arena *a);

#endif
