#include "http/url.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/urlapi.h>

#include "base/error.h"
#include "base/image_ref.h"
#include "base/memory.h"
#include "base/str.h"

/* Of host and port, with IPv6 in brackets.  Not '@', so no user; not '%', so nothing is encoded. */
static const char AUTHORITY_CHARS[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]";

static int
refuse(struct error *err, const char *url, const char *why)
{
	return error_set(err, "url \"%.120s\": %s", url, why);
}

static CURLU *
new_url(void)
{
	CURLU *u = curl_url();
	if (!u)
		memory_exhausted();
	return u;
}

static bool
is_plain(const char *url)
{
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return false;
	return true;
}

/* libcurl also takes slashes before the host, a user, and a colon without a port: we do not. */
static bool
is_authority_plain(const char *p)
{
	size_t n = strcspn(p, "/?#");
	return n && strspn(p, AUTHORITY_CHARS) >= n && p[n - 1] != ':';
}

/* Host and port as libcurl reads them; false if it finds none, or the host is not plain. */
static bool
read_authority(struct origin *o, const char *url)
{
	CURLU *u = new_url();
	char *host = NULL, *port = NULL;
	bool ok = curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	          curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	          curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	          *host && strlen(host) < sizeof(o->host) && host[strlen(host) - 1] != '.';

	for (size_t i = 0; ok && host[i]; i++)
		o->host[i] = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] - 'A' + 'a' : host[i]);
	o->port = ok ? (unsigned)strtoul(port, NULL, 10) : 0;
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return o->port != 0;
}

int
url_origin(struct origin *out, const char *url, struct error *err)
{
	struct origin o = { .https = strncmp(url, "https://", 8) == 0 };

	if (strnlen(url, URL_MOST + 1) > URL_MOST)
		return refuse(err, url, "is longer than 8192 bytes");
	if (!is_plain(url))
		return refuse(err, url, "has a blank, a backslash or a byte that is not ASCII");
	if (!o.https && strncmp(url, "http://", 7) != 0)
		return refuse(err, url, "is neither https nor http");
	if (!is_authority_plain(url + (o.https ? 8 : 7)) || !read_authority(&o, url))
		return refuse(err, url, "has no plain host and port");
	*out = o;
	return 0;
}

int
url_resolve(struct str *out, struct origin *origin, const char *base, const char *reference,
            struct error *err)
{
	CURLU *u = new_url();
	char *text = NULL;
	bool ok = strlen(reference) <= URL_MOST &&
	          curl_url_set(u, CURLUPART_URL, base, CURLU_DISALLOW_USER) == CURLUE_OK &&
	          curl_url_set(u, CURLUPART_URL, reference, CURLU_DISALLOW_USER) == CURLUE_OK &&
	          curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
	          curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK;
	int ret = ok ? url_origin(origin, text, err) : refuse(err, reference, "is not usable");

	if (ret == 0)
		str_adds(out, text);
	curl_free(text);
	curl_url_cleanup(u);
	return ret;
}

void
url_add_origin(struct str *out, const struct origin *o)
{
	str_addf(out, "%s://%s", o->https ? "https" : "http", o->host);
	if (o->port != (o->https ? 443 : 80))
		str_addf(out, ":%u", o->port);
}

bool
url_origin_equal(const struct origin *a, const struct origin *b)
{
	return a->https == b->https && a->port == b->port && strcmp(a->host, b->host) == 0;
}

bool
url_origin_is_loopback(const struct origin *o)
{
	return image_ref_registry_is_loopback(o->host);
}

static bool
is_private_v4(uint32_t addr)
{
	static const struct { uint32_t net; unsigned bits; } rows[] = {
		{ 0x00000000, 8 },	/* this network */
		{ 0x0a000000, 8 },	/* private */
		{ 0x64400000, 10 },	/* a provider's own */
		{ 0x7f000000, 8 },	/* loopback */
		{ 0xa9fe0000, 16 },	/* link-local: the metadata of clouds */
		{ 0xac100000, 12 },	/* private */
		{ 0xc0a80000, 16 },	/* private */
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (addr >> (32 - rows[i].bits) == rows[i].net >> (32 - rows[i].bits))
			return true;
	return false;
}

static bool
is_private_v6(const struct in6_addr *addr)
{
	const uint8_t *b = addr->s6_addr;
	if (IN6_IS_ADDR_V4MAPPED(addr) || IN6_IS_ADDR_V4COMPAT(addr))
		return is_private_v4((uint32_t)b[12] << 24 | (uint32_t)b[13] << 16 |
		                     (uint32_t)b[14] << 8 | b[15]);
	return IN6_IS_ADDR_LOOPBACK(addr) || IN6_IS_ADDR_UNSPECIFIED(addr) ||
	       IN6_IS_ADDR_LINKLOCAL(addr) || IN6_IS_ADDR_SITELOCAL(addr) ||
	       (b[0] & 0xfe) == 0xfc;
}

static bool
ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && strcmp(text + n - m, end) == 0;
}

bool
url_origin_is_private(const struct origin *o)
{
	struct in_addr v4;
	if (inet_pton(AF_INET, o->host, &v4) == 1)
		return is_private_v4(ntohl(v4.s_addr));
	if (*o->host == '[') {
		char host[sizeof(o->host)];
		struct in6_addr v6;
		snprintf(host, sizeof(host), "%.*s", (int)strlen(o->host) - 2, o->host + 1);
		return inet_pton(AF_INET6, host, &v6) != 1 || is_private_v6(&v6);
	}
	return strcmp(o->host, "localhost") == 0 || ends_in(o->host, ".localhost");
}

bool
url_origin_is_safe(const struct origin *o)
{
	return o->https || url_origin_is_loopback(o);
}

int
url_may_lead(const struct origin *from, const struct origin *to, bool insecure,
             struct error *err)
{
	if (!to->https && from->https)
		return error_set(err, "leads from https to http (%s:%u)", to->host, to->port);
	if (!url_origin_is_safe(to) && !insecure)
		return error_set(err, "leads to plain http on another machine (%s:%u)", to->host,
		                 to->port);
	if (url_origin_is_private(to) && !url_origin_is_private(from))
		return error_set(err, "leads to the private address %s", to->host);
	return 0;
}

void
url_add_encoded(struct str *out, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789-._~";
	for (; *text; text++) {
		if (strchr(plain, *text))
			str_add(out, *text);
		else
			str_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
	}
}
