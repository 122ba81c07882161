#include "base/image_ref.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"

#define NAME_MOST ((size_t)255)		/* registry, '/' and repository together */
#define TAG_MOST ((size_t)128)
#define PORT_DIGITS ((size_t)5)
#define PORT_MOST 65535ul

#define HUB "docker.io"
#define HUB_OLD "index.docker.io"	/* what Docker Hub was called before */
#define HUB_OFFICIAL "library/"		/* where names of one component are */

static const char DIGITS[] = "0123456789";
static const char HEX[] = "0123456789abcdef";
static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char ALNUM[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char TAG_CHARS[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

/* strchr finds the NUL too; this does not. */
static bool
is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool
port_valid(const char *p)
{
	size_t n = strspn(p, DIGITS);
	if (n == 0 || n > PORT_DIGITS || p[n])
		return false;
	unsigned long port = 0;
	for (; *p; p++)
		port = port * 10 + (unsigned long)(*p - '0');
	return port >= 1 && port <= PORT_MOST;
}

/* Dot-separated labels of letters, digits and inner hyphens. */
static bool
host_name_valid(const char *host, size_t len)
{
	const char *end = host + len;
	for (const char *p = host; ; p++) {
		if (p == end || !is_one_of(*p, ALNUM))
			return false;
		while (p < end && (is_one_of(*p, ALNUM) || *p == '-'))
			p++;
		if (p[-1] == '-')
			return false;
		if (p == end)
			return true;
		if (*p != '.')
			return false;
	}
}

/* Copy the host, without brackets and port, to out; NULL or the port behind it. */
static bool
split_host(char out[NAME_MOST + 1], const char **port, const char *registry)
{
	bool bracket = *registry == '[';
	const char *host = registry + bracket;
	size_t len = strcspn(host, bracket ? "]" : ":");
	if (len > NAME_MOST || (bracket && host[len] != ']'))
		return false;
	memcpy(out, host, len);
	out[len] = '\0';

	const char *rest = host + len + bracket;
	*port = *rest == ':' ? rest + 1 : NULL;
	return !*rest || *rest == ':';
}

static bool
is_ipv6(const char *host)
{
	struct in6_addr addr;
	return inet_pton(AF_INET6, host, &addr) == 1;
}

/*
 * A word without dot, port or capital is no registry: in "word/name" it is read
 * as a path on Docker Hub, and an image would be pushed there.
 */
static bool
looks_like_registry(const char *text, size_t len)
{
	if (len == strlen("localhost") && memcmp(text, "localhost", len) == 0)
		return true;
	for (size_t i = 0; i < len; i++)
		if (is_one_of(text[i], ".:") || is_one_of(text[i], UPPER))
			return true;
	return false;
}

bool
image_ref_registry_valid(const char *registry)
{
	char host[NAME_MOST + 1];
	const char *port;
	if (!looks_like_registry(registry, strlen(registry)) ||
	    !split_host(host, &port, registry) || (port && !port_valid(port)))
		return false;
	if (*registry == '[')
		return is_ipv6(host);
	return host_name_valid(host, strlen(host));
}

/* What may stand between two words of a component: . _ __ or hyphens. */
static size_t
separator_len(const char *p)
{
	if (*p == '.')
		return 1;
	if (*p == '_')
		return p[1] == '_' ? 2 : 1;
	return strspn(p, "-");
}

bool
image_ref_repository_valid(const char *repository)
{
	const char *p = repository;
	if (strlen(p) > NAME_MOST)
		return false;
	for (;;) {
		size_t word = strspn(p, LOWER);
		if (word == 0)
			return false;
		p += word;
		if (!*p)
			return true;
		size_t sep = *p == '/' ? 1 : separator_len(p);
		if (sep == 0)
			return false;
		p += sep;
	}
}

bool
image_ref_tag_valid(const char *tag)
{
	size_t len = strspn(tag, TAG_CHARS);
	return len && len <= TAG_MOST && !tag[len] && !is_one_of(*tag, ".-");
}

bool
image_ref_digest_valid(const char *digest)
{
	size_t want;
	if (strncmp(digest, "sha256:", 7) == 0)
		want = 64;
	else if (strncmp(digest, "sha512:", 7) == 0)
		want = 128;
	else
		return false;
	size_t n = strspn(digest + 7, HEX);
	return n == want && !digest[7 + n];
}

bool
image_ref_registry_is_loopback(const char *registry)
{
	char host[NAME_MOST + 1];
	const char *port;
	if (!split_host(host, &port, registry))
		return false;
	if (*registry == '[') {
		struct in6_addr addr;
		return inet_pton(AF_INET6, host, &addr) == 1 && IN6_IS_ADDR_LOOPBACK(&addr);
	}
	struct in_addr addr;
	if (inet_pton(AF_INET, host, &addr) == 1)
		return ntohl(addr.s_addr) >> 24 == 127;
	return strcasecmp(host, "localhost") == 0;
}

/* 64 bare hex digits would be taken for the id of an image. */
static bool
is_image_id(const char *name)
{
	return strlen(name) == 64 && strspn(name, HEX) == 64;
}

static void
split_registry(struct image_ref *ref, const char *name, struct arena *a)
{
	const char *slash = strchr(name, '/');
	if (slash && looks_like_registry(name, (size_t)(slash - name))) {
		ref->registry = arena_copy(a, name, (size_t)(slash - name));
		ref->repository = arena_strdup(a, slash + 1);
	} else {
		ref->registry = HUB;
		ref->repository = arena_strdup(a, name);
	}
	if (strcmp(ref->registry, HUB_OLD) == 0)
		ref->registry = HUB;
	if (strcmp(ref->registry, HUB) == 0 && !strchr(ref->repository, '/'))
		ref->repository = arena_printf(a, HUB_OFFICIAL "%s", ref->repository);
}

static int
check(const struct image_ref *ref, const char *text, struct error *err)
{
	if (!image_ref_registry_valid(ref->registry))
		return error_set(err, "image \"%.200s\": registry \"%.100s\" is not host[:port]",
		                 text, ref->registry);
	if (strlen(ref->registry) + 1 + strlen(ref->repository) > NAME_MOST)
		return error_set(err, "image \"%.200s\": name is over %zu characters", text,
		                 NAME_MOST);
	if (!image_ref_repository_valid(ref->repository))
		return error_set(err, "image \"%.200s\": repository \"%.100s\" is not a lower-case path",
		                 text, ref->repository);
	if (ref->tag && !image_ref_tag_valid(ref->tag))
		return error_set(err, "image \"%.200s\": tag \"%.140s\" is not 1 to %zu characters of "
		                 "A-Z a-z 0-9 _ . -, or starts with . or -", text, ref->tag, TAG_MOST);
	if (ref->digest && !image_ref_digest_valid(ref->digest))
		return error_set(err, "image \"%.200s\": digest \"%.140s\" is not a sha256 or sha512 digest",
		                 text, ref->digest);
	return 0;
}

int
image_ref_parse(struct image_ref *out, const char *text, struct arena *a, struct error *err)
{
	struct image_ref ref = { 0 };
	char *name = arena_strdup(a, text);

	if (!*name)
		return error_set(err, "image \"\": is empty");
	char *at = strchr(name, '@');
	if (at) {
		*at = '\0';
		ref.digest = at + 1;
	}
	char *slash = strrchr(name, '/');
	char *colon = strchr(slash ? slash : name, ':');
	if (colon) {
		*colon = '\0';
		ref.tag = colon + 1;
	}
	if (is_image_id(name))
		return error_set(err, "image \"%.200s\": 64 hex digits are an id, not a name", text);
	split_registry(&ref, name, a);
	if (check(&ref, text, err) < 0)
		return -1;
	*out = ref;
	return 0;
}

const char *
image_ref_text(const struct image_ref *ref, struct arena *a)
{
	return arena_printf(a, "%s/%s%s%s%s%s", ref->registry, ref->repository,
	                    ref->tag ? ":" : "", ref->tag ? ref->tag : "",
	                    ref->digest ? "@" : "", ref->digest ? ref->digest : "");
}
