#include "http/http_client.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/credential.h"
#include "http/http_answer.h"
#include "http/url.h"
#include "os/clock.h"

#define AGENT "stampmill/" GEN_VERSION
#define CONNECT_MS 10000L
#define CONNECT_HERE_MS 5000L	/* to a server on this machine */
#define SLOW_BYTES 100L		/* per second: a transfer slower than that for SLOW_S is ended */
#define SLOW_S 15L
#define HEADERS_MOST ((size_t)256 * 1024)
#define ERROR_MOST ((size_t)64 * 1024)
#define HOST_CONNECTIONS 4L
#define CONNECTIONS 16L

/* One request under way.  Its handle is used again for later ones. */
struct transfer {
	struct transfer *next;
	CURL *easy;
	const struct http_request *request;	/* NULL: free */
	struct curl_slist *headers;
	int64_t end_ms;
	char words[CURL_ERROR_SIZE];

	struct arena memory;	/* of names and values */
	struct http_header *names;
	size_t n_names, names_cap;
	size_t header_bytes;
	struct str body;
	struct str why;		/* words of the answer */
	struct http_answer answer;
	bool headers_too_large, too_large, timed_out, enough;
};

struct http_client {
	CURLM *multi;
	struct transfer *transfers;
	struct transfer *ended;		/* whose answer the caller has */
	const char *ca_file, *ca_folder;
};

static int64_t
clock_ms(void)
{
	return (int64_t)(clock_monotonic_s() * 1000);
}

/* ---- what arrives ---- */

static size_t
take_header(char *line, size_t size, size_t count, void *user)
{
	struct transfer *t = user;
	size_t len = size * count;

	t->header_bytes += len;
	if (t->header_bytes > HEADERS_MOST) {
		t->headers_too_large = true;
		return 0;
	}
	if (t->body.len)
		return len;	/* a trailer: too late to count */
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		t->n_names = 0;	/* what came before was a 1xx or a proxy's */
		return len;
	}
	const char *colon = memchr(line, ':', len);
	if (!colon || memchr(line, '\0', len))
		return len;
	size_t n = (size_t)(colon - line);
	const char *value = colon + 1, *behind = line + len;
	while (value < behind && strchr(" \t\r\n", *value))
		value++;
	while (behind > value && strchr(" \t\r\n", behind[-1]))
		behind--;
	t->names = memory_grow(t->names, &t->names_cap, t->n_names, sizeof(*t->names));
	t->names[t->n_names++] = (struct http_header){
		arena_copy(&t->memory, line, n),
		arena_copy(&t->memory, value, (size_t)(behind - value)),
	};
	return len;
}

/*
 * Counted here, since libcurl's own limits do not hold: neither that of the size,
 * for a body of unknown length, nor that of the time, while data keeps coming.
 */
static size_t
take_body(char *bytes, size_t size, size_t count, void *user)
{
	struct transfer *t = user;
	size_t len = size * count;
	long status = 0;

	if (clock_ms() > t->end_ms) {
		t->timed_out = true;
		return 0;
	}
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	bool good = status / 100 == 2;
	size_t limit = good ? t->request->body_limit : ERROR_MOST;
	if (len > limit - t->body.len) {
		*(good ? &t->too_large : &t->enough) = true;
		if (!good)
			str_add_bytes(&t->body, bytes, limit - t->body.len);
		return 0;
	}
	str_add_bytes(&t->body, bytes, len);
	return len;
}

/* ---- what is sent ---- */

static void
add_header(struct transfer *t, const char *name, const char *value)
{
	struct str line = { 0 };
	str_addf(&line, "%s:%s%s", name, *value ? " " : "", value);
	struct curl_slist *longer = curl_slist_append(t->headers, str_text(&line));
	if (!longer)
		memory_exhausted();
	t->headers = longer;
	credential_wipe_str(&line);
}

static void
set_headers(struct transfer *t, const struct http_request *request)
{
	add_header(t, "Accept", request->accept);
	add_header(t, "Accept-Encoding", "identity");	/* no header at all would mean any encoding */
	if (request->authorization)
		add_header(t, "Authorization", request->authorization);
	if (request->if_none_match)
		add_header(t, "If-None-Match", request->if_none_match);
	if (request->form && !*request->form)
		add_header(t, "Content-Type", "");	/* libcurl would call an empty body a form */
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

static void
set_method(CURL *easy, const struct http_request *request)
{
	switch (request->method) {
	case HTTP_HEAD:
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		break;
	case HTTP_POST:
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->form);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(request->form));
		break;
	case HTTP_DELETE:
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
		break;
	case HTTP_GET:
		curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
		break;
	}
}

static void
set_bounds(CURL *easy, const struct http_request *request)
{
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, request->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_S);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);	/* the session decides that */
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);	/* do not wait for a slow resolver */
#endif
}

/* The environment says which proxy and which CA to use, as for the curl tool. */
static void
set_route(const struct http_client *c, CURL *easy, const struct http_request *request)
{
	struct origin origin;

	if (c->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, c->ca_file);
	if (c->ca_folder)
		curl_easy_setopt(easy, CURLOPT_CAPATH, c->ca_folder);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	bool known = url_origin(&origin, request->url, NULL) == 0;
	bool here = known && url_origin_is_loopback(&origin);
	if (here)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, here ? CONNECT_HERE_MS : CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* Without TLS there is no HTTP/2 to wait for: libcurl would wait for the first answer. */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, known && origin.https ? 1L : 0L);
}

static struct transfer *
free_transfer(struct http_client *c)
{
	for (struct transfer *t = c->transfers; t; t = t->next)
		if (!t->request)
			return t;

	struct transfer *t = memory_resize(NULL, sizeof(*t));
	*t = (struct transfer){ .next = c->transfers, .easy = curl_easy_init() };
	if (!t->easy)
		memory_exhausted();
	c->transfers = t;
	return t;
}

void
http_client_start(struct http_client *c, const struct http_request *request)
{
	struct transfer *t = free_transfer(c);
	CURL *easy = t->easy;

	t->request = request;
	t->end_ms = clock_ms() + request->timeout_ms;
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, AGENT);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
	t->words[0] = '\0';
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->words);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
	set_method(easy, request);
	set_headers(t, request);
	set_bounds(easy, request);
	set_route(c, easy, request);
	curl_multi_add_handle(c->multi, easy);
}

static void
wipe_slist(struct curl_slist *list)
{
	for (struct curl_slist *l = list; l; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

/* Make a transfer free again. */
static void
end(struct http_client *c, struct transfer *t)
{
	curl_multi_remove_handle(c->multi, t->easy);
	curl_easy_reset(t->easy);
	wipe_slist(t->headers);
	arena_dispose(&t->memory);
	str_dispose(&t->why);
	if (t->body.len)
		explicit_bzero(t->body.data, t->body.len);	/* it may be a token */
	str_dispose(&t->body);
	free(t->names);
	*t = (struct transfer){ .next = t->next, .easy = t->easy };
}

/* ---- what came of it ---- */

/* The status with which a proxy refused a tunnel, else 0. */
static long
proxy_refusal(const struct transfer *t)
{
	long status = 0;
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	return status / 100 == 2 ? 0 : status;
}

/* With two lengths, or one that is not a number, nothing tells where the answer ends. */
static bool
is_length_wrong(const struct transfer *t)
{
	bool wrong = false;

	if (t->request->method == HTTP_HEAD)
		return false;
	for (size_t i = 0; i < t->n_names; i++) {
		if (strcasecmp(t->names[i].name, "Transfer-Encoding") == 0)
			return false;	/* that header counts, and Content-Length does not */
		if (strcasecmp(t->names[i].name, "Content-Length") == 0)
			wrong |= strtoull(t->names[i].value, NULL, 10) != t->body.len;
	}
	return wrong;
}

/* A server without TLS may wait for ever: it takes the handshake for half a request. */
static bool
is_handshake_open(const struct transfer *t)
{
	curl_off_t took_us = 0;
	curl_easy_getinfo(t->easy, CURLINFO_APPCONNECT_TIME_T, &took_us);
	return strncmp(t->request->url, "https:", 6) == 0 && took_us == 0;
}

static enum http_outcome
outcome_of(const struct transfer *t, CURLcode code)
{
	if (t->enough)
		return HTTP_ANSWERED;
	if (t->too_large)
		return HTTP_TOO_LARGE;
	if (t->timed_out)
		return HTTP_TIMED_OUT;
	if (t->headers_too_large || (code != CURLE_OK && proxy_refusal(t) / 100 == 4))
		return HTTP_IMPOSSIBLE;
	switch (code) {
	case CURLE_OK:
		return is_length_wrong(t) ? HTTP_IMPOSSIBLE : HTTP_ANSWERED;
	case CURLE_PARTIAL_FILE:
		return HTTP_CUT;
	case CURLE_OPERATION_TIMEDOUT:
		return is_handshake_open(t) ? HTTP_NOT_TLS : HTTP_TIMED_OUT;
	case CURLE_COULDNT_CONNECT:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_NO_CONNECTION_AVAILABLE:
		return HTTP_UNREACHABLE;
	case CURLE_SSL_CONNECT_ERROR:
		return HTTP_NOT_TLS;
	case CURLE_GOT_NOTHING:
	case CURLE_UNSUPPORTED_PROTOCOL:	/* HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
		return HTTP_NOT_HTTP;
	default:
		return HTTP_IMPOSSIBLE;
	}
}

static const char *
code_words(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return "sends more or less than its Content-Length says";
	case CURLE_OPERATION_TIMEDOUT:
		return "timed out";
	case CURLE_PARTIAL_FILE:
		return "the answer was cut short";
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
		return "the connection broke";
	case CURLE_GOT_NOTHING:
		return "closed the connection without an answer";
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return "does not speak HTTP";
	case CURLE_SSL_CONNECT_ERROR:
		return "cannot make a TLS connection";
	case CURLE_OUT_OF_MEMORY:	/* libcurl says so about a header line of more than 100 KB */
		return "a header is too long";
	default:
		return curl_easy_strerror(code);
	}
}

/* Is the certificate fine but for its issuer, which is not known here? */
static bool
is_issuer_unknown(const struct transfer *t)
{
	return strstr(t->words, "issuer") || strstr(t->words, "self-signed") || strstr(t->words, "self signed");
}

/* libcurl's long texts hold milliseconds, which would make every report different. */
static void
describe(struct str *out, const struct transfer *t, CURLcode code)
{
	struct origin origin;
	long os_error = 0;

	if (url_origin(&origin, t->request->url, NULL) == 0)
		str_addf(out, "%s:%u: ", origin.host, origin.port);
	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_error);
	if (t->too_large)
		str_addf(out, "sends more than %zu bytes", t->request->body_limit);
	else if (t->headers_too_large)
		str_addf(out, "sends more than %zu bytes of headers", HEADERS_MOST);
	else if (t->timed_out)
		str_adds(out, "timed out");
	else if (proxy_refusal(t))
		str_addf(out, "the proxy answers %ld for this host", proxy_refusal(t));
	else if (code == CURLE_PEER_FAILED_VERIFICATION && *t->words)
		str_addf(out, "%s%s", t->words, is_issuer_unknown(t) ? "; CURL_CA_BUNDLE can name a file with its CA" : "");
	else if (code == CURLE_COULDNT_CONNECT && os_error)
		str_adds(out, strerror((int)os_error));
	else
		str_adds(out, code_words(code));
}

static bool
is_open_ended(const struct transfer *t, const struct http_answer *answer)
{
	long version = 0;
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	return (version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1) &&
	       !http_answer_header(answer, "Content-Length") &&
	       !http_answer_header(answer, "Transfer-Encoding");
}

static void
make_answer(struct transfer *t, CURLcode code)
{
	t->answer = (struct http_answer){
		.outcome = outcome_of(t, code),
		.headers = t->names,
		.n_headers = t->n_names,
		.body = str_text(&t->body),
		.len = t->body.len,
	};
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &t->answer.status);
	t->answer.open_ended = is_open_ended(t, &t->answer);
	if (t->answer.outcome != HTTP_ANSWERED)
		describe(&t->why, t, code);
	t->answer.words = str_text(&t->why);
}

const struct http_answer *
http_client_next(struct http_client *c, const struct http_request **request)
{
	CURLMsg *msg;
	int left;

	if (c->ended)
		end(c, c->ended);
	c->ended = NULL;
	while ((msg = curl_multi_info_read(c->multi, &left))) {
		struct transfer *t;
		if (msg->msg != CURLMSG_DONE)
			continue;
		CURLcode code = msg->data.result;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		make_answer(t, code);
		*request = t->request;
		c->ended = t;
		return &t->answer;
	}
	return NULL;
}

void
http_client_work(struct http_client *c)
{
	int running;
	curl_multi_perform(c->multi, &running);
}

void
http_client_wait(struct http_client *c, int ms)
{
	curl_multi_poll(c->multi, NULL, 0, ms, NULL);
}

void
http_client_wake(struct http_client *c)
{
	curl_multi_wakeup(c->multi);
}

void
http_client_abort(struct http_client *c)
{
	c->ended = NULL;
	for (struct transfer *t = c->transfers; t; t = t->next)
		if (t->request)
			end(c, t);
}

/* The variables that the curl tool reads, and those of OpenSSL. */
static void
read_environment(struct http_client *c)
{
	const char *bundle = getenv("CURL_CA_BUNDLE"), *file = getenv("SSL_CERT_FILE");
	const char *folder = getenv("SSL_CERT_DIR");

	if (bundle && *bundle) {
		c->ca_file = bundle;
		return;
	}
	c->ca_file = file && *file ? file : NULL;
	c->ca_folder = folder && *folder ? folder : NULL;
}

struct http_client *
http_client_new(struct error *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		error_set(err, "libcurl cannot be started");
		return NULL;
	}
	struct http_client *c = memory_resize(NULL, sizeof(*c));
	*c = (struct http_client){ .multi = curl_multi_init() };
	if (!c->multi) {
		error_set(err, "libcurl cannot be started");
		http_client_free(c);
		return NULL;
	}
	curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, HOST_CONNECTIONS);
	curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS);
	curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	read_environment(c);
	return c;
}

void
http_client_free(struct http_client *c)
{
	if (!c)
		return;
	http_client_abort(c);
	while (c->transfers) {
		struct transfer *t = c->transfers;
		c->transfers = t->next;
		curl_easy_cleanup(t->easy);
		free(t);
	}
	curl_multi_cleanup(c->multi);
	free(c);
	curl_global_cleanup();
}
