#include "http/url.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/image_ref.h"
#include "base/str.h"

static const char HOST_CHARS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";

static int
refuse(struct error *err, const char *url, const char *why)
{
	return error_set(err, "url \"%.120s\": %s", url, why);
}

static bool
is_plain(const char *url)
{
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '\\')
			return false;
	return true;
}

/* Digits of a port; 0 if they are none. */
static unsigned
parse_port(const char *p, size_t len)
{
	unsigned port = 0;
	if (len == 0 || len > 5)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return 0;
		port = port * 10 + (unsigned)(p[i] - '0');
	}
	return port > 65535 ? 0 : port;
}

/* How many bytes of authority are the host; 0 if it is none. */
static size_t
host_len(const char *p)
{
	if (*p != '[')
		return strspn(p, HOST_CHARS);

	size_t n = strspn(p + 1, "0123456789abcdefABCDEF:.");
	return p[n + 1] == ']' ? n + 2 : 0;
}

static int
read_authority(struct origin *o, const char *url, const char *p, struct error *err)
{
	size_t all = strcspn(p, "/?#");
	size_t n = host_len(p);
	if (n == 0 || n > all || n >= sizeof(o->host) || p[n - 1] == '.')
		return refuse(err, url, "has no plain host");
	for (size_t i = 0; i < n; i++)
		o->host[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] - 'A' + 'a') : p[i];
	o->host[n] = '\0';

	if (n == all) {
		o->port = o->https ? 443 : 80;
		return 0;
	}
	o->port = p[n] == ':' ? parse_port(p + n + 1, all - n - 1) : 0;
	return o->port ? 0 : refuse(err, url, "has no plain host and port");
}

int
url_origin(struct origin *out, const char *url, struct error *err)
{
	struct origin o = { 0 };

	if (strnlen(url, URL_MOST + 1) > URL_MOST)
		return refuse(err, url, "is over 8192 bytes");
	if (!is_plain(url))
		return refuse(err, url, "has a blank, a backslash or a byte that is not ASCII");
	o.https = strncmp(url, "https://", 8) == 0;
	if (!o.https && strncmp(url, "http://", 7) != 0)
		return refuse(err, url, "is neither https nor http");
	if (read_authority(&o, url, url + (o.https ? 8 : 7), err) < 0)
		return -1;
	*out = o;
	return 0;
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
