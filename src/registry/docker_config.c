#include "registry/docker_config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/credential.h"
#include "json/scanner.h"

#define HUB "docker.io"
#define HUB_SERVER "https://index.docker.io/v1/"
#define HUB_HOST "index.docker.io"

/* What "auths" or "credHelpers" says about one server. */
struct entry {
	UT_hash_handle hh;
	struct str auth, identity_token;	/* of "auths"; secret */
	struct str helper;			/* of "credHelpers" */
	char server[];
};

struct docker_config {
	char *file;
	struct entry *auths, *helpers;
	struct str store;
};

/* The objects of the file that are read. */
enum object {
	TOP,
	AUTHS,
	AUTH,		/* one entry of AUTHS */
	HELPERS,
};

struct reader {
	struct scanner scan;
	const char *text;
	struct str place;	/* "/auths/r.example/auth", for messages */
	unsigned seen;		/* a bit for each object that may come only once */
	struct docker_config *config;
	struct entry *entry;	/* the last one that was added */
	struct error *err;
};

const char *
docker_config_server(const char *registry)
{
	return strcmp(registry, HUB) == 0 ? HUB_SERVER : registry;
}

/* ---- reading ---- */

/* The name of a program, without a way to other folders. */
static bool
suffix_valid(const char *suffix)
{
	static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t n = strspn(suffix, chars);
	return n && n <= 64 && !suffix[n] && suffix[0] != '.';
}

/* Name the line, but do not quote the text: it holds passwords. */
static int
fail_in_line(struct reader *r, const char *why)
{
	size_t line = 1;
	for (const char *p = r->text; p < r->scan.p; p++)
		line += *p == '\n';
	return error_set(r->err, "line %zu: %s", line, why);
}

static int
read_text(struct reader *r, struct str *to)
{
	if (to->data)
		return fail_in_line(r, "has a key twice");
	enum piece piece = scanner_next(&r->scan);
	if (piece == PIECE_BROKEN)
		return fail_in_line(r, "is not JSON");
	if (piece != PIECE_STRING)
		return error_set(r->err, "%s: is not a string", str_text(&r->place));
	if (r->scan.too_long)
		return error_set(r->err, "%s: is over %d bytes", str_text(&r->place), SCANNER_TEXT);
	str_add_bytes(to, r->scan.text, r->scan.len);
	return 0;
}

static int
read_suffix(struct reader *r, struct str *to)
{
	if (read_text(r, to) < 0)
		return -1;
	if (to->len && !suffix_valid(to->data))
		return error_set(r->err, "%s: \"%.60s\" is not the name of a program", str_text(&r->place), to->data);
	return 0;
}

static int
add_entry(struct reader *r, struct entry **entries, const char *server)
{
	size_t len = strlen(server);

	HASH_FIND(hh, *entries, server, len, r->entry);
	if (r->entry)
		return fail_in_line(r, "has a key twice");
	r->entry = memory_resize(NULL, sizeof(*r->entry) + len + 1);
	*r->entry = (struct entry){ 0 };
	memcpy(r->entry->server, server, len + 1);
	HASH_ADD_KEYPTR(hh, *entries, r->entry->server, len, r->entry);
	return 0;
}

static int read_object(struct reader *r, enum object object);

static int
read_member(struct reader *r, enum object object, const char *key)
{
	struct docker_config *c = r->config;

	switch (object) {
	case TOP:
		if (strcmp(key, "auths") == 0)
			return read_object(r, AUTHS);
		if (strcmp(key, "credHelpers") == 0)
			return read_object(r, HELPERS);
		if (strcmp(key, "credsStore") == 0)
			return read_suffix(r, &c->store);
		break;
	case AUTHS:
		return add_entry(r, &c->auths, key) < 0 ? -1 : read_object(r, AUTH);
	case HELPERS:
		return add_entry(r, &c->helpers, key) < 0 ? -1 : read_suffix(r, &r->entry->helper);
	case AUTH:
		if (strcmp(key, "auth") == 0)
			return read_text(r, &r->entry->auth);
		if (strcmp(key, "identitytoken") == 0)
			return read_text(r, &r->entry->identity_token);
		break;
	}
	scanner_skip_value(&r->scan, scanner_next(&r->scan));
	return 0;
}

static int
read_object(struct reader *r, enum object object)
{
	size_t len = r->place.len;
	enum piece piece = scanner_next(&r->scan);

	if (r->seen & 1u << object)
		return fail_in_line(r, "has a key twice");
	r->seen |= object == AUTH ? 0 : 1u << object;
	if (piece != PIECE_OBJECT && piece != PIECE_BROKEN)
		return error_set(r->err, "%s%sis not a JSON object", str_text(&r->place), len ? ": " : "");
	while (piece != PIECE_BROKEN && (piece = scanner_next(&r->scan)) == PIECE_KEY) {
		str_addf(&r->place, "/%s", r->scan.text);
		if (read_member(r, object, r->place.data + len + 1) < 0)
			return -1;
		r->place.len = len;
	}
	return piece == PIECE_OBJECT_END ? 0 : fail_in_line(r, "is not JSON");
}

struct docker_config *
docker_config_parse(const char *file, const char *text, size_t len, struct error *err)
{
	struct docker_config *c = memory_resize(NULL, sizeof(*c));
	*c = (struct docker_config){ .file = memory_copy(file) };
	struct reader r = { .text = text, .config = c, .err = err };

	scanner_start(&r.scan, text, len);
	int ret = read_object(&r, TOP);
	if (ret == 0 && scanner_next(&r.scan) != PIECE_END)
		ret = fail_in_line(&r, "is not JSON");
	explicit_bzero(&r.scan, sizeof(r.scan));
	str_dispose(&r.place);
	if (ret == 0)
		return c;
	error_prefix(err, "%s", file);
	docker_config_free(c);
	return NULL;
}

static void
free_entries(struct entry *entries)
{
	struct entry *e, *next;

	HASH_ITER(hh, entries, e, next) {
		HASH_DEL(entries, e);
		credential_wipe_str(&e->auth);
		credential_wipe_str(&e->identity_token);
		str_dispose(&e->helper);
		free(e);
	}
}

void
docker_config_free(struct docker_config *c)
{
	if (!c)
		return;
	free_entries(c->auths);
	free_entries(c->helpers);
	str_dispose(&c->store);
	free(c->file);
	free(c);
}

/* ---- looking up ---- */

/* Does the key name the registry, perhaps with a scheme before it and a path behind it? */
static bool
names_registry(const char *key, const char *registry)
{
	const char *name = strcmp(registry, HUB) == 0 ? HUB_HOST : registry;

	key += strncmp(key, "https://", 8) == 0 ? 8 : strncmp(key, "http://", 7) == 0 ? 7 : 0;
	size_t len = strcspn(key, "/");
	return (len == strlen(name) && memcmp(key, name, len) == 0) ||
	       (len == strlen(registry) && memcmp(key, registry, len) == 0);
}

static const struct entry *
find_server(const struct entry *entries, const char *server)
{
	const struct entry *e;
	HASH_FIND_STR(entries, server, e);
	return e;
}

/* podman's keys may have a path: the longest one that leads to the repository counts. */
static const struct entry *
find_by_path(const struct entry *entries, const char *registry, const char *repository)
{
	struct str key = { 0 };
	const struct entry *found = NULL;

	str_addf(&key, "%s/%s", registry, repository);
	while (!found && key.len > strlen(registry)) {
		found = find_server(entries, key.data);
		key.len = (size_t)(strrchr(key.data, '/') - key.data);
		key.data[key.len] = '\0';
	}
	str_dispose(&key);
	return found;
}

static const struct entry *
find_by_host(const struct entry *entries, const char *registry)
{
	const struct entry *found = find_server(entries, docker_config_server(registry));
	if (!found)
		found = find_server(entries, registry);
	for (const struct entry *e = entries; e && !found; e = e->hh.next)
		if (names_registry(e->server, registry))
			found = e;
	return found;
}

static int
read_credential(struct credential *out, const struct entry *e, struct error *err)
{
	const char *identity = str_text(&e->identity_token);

	for (const char *p = identity; *p; p++)
		if (*p <= ' ' || *p > '~')
			return error_set(err, "identitytoken has blanks or control characters");
	str_adds(&out->identity_token, identity);
	if (!e->auth.len)
		return *identity ? 1 : 0;

	/* Next to an identity token, the password is often empty or made up. */
	int ret = credential_parse_auth(out, e->auth.data, *identity ? NULL : err);
	return ret == 0 || *identity ? 1 : -1;
}

enum docker_config_found
docker_config_find(const struct docker_config *c, const char *registry, const char *repository,
                   struct credential *out, const char **helper, struct error *err)
{
	const struct entry *found = find_by_host(c->helpers, registry);
	*helper = str_text(found && found->helper.len ? &found->helper : &c->store);
	if (**helper)
		return DOCKER_CONFIG_HELPER;

	found = find_by_path(c->auths, registry, repository);
	if (!found)
		found = find_by_host(c->auths, registry);
	switch (found ? read_credential(out, found, err) : 0) {
	case 1:
		return DOCKER_CONFIG_CREDENTIAL;
	case 0:
		return DOCKER_CONFIG_NOTHING;
	default:
		error_prefix(err, "%s: /auths: entry for %s", c->file, registry);
		error_remedy(err, "docker login writes it again");
		return DOCKER_CONFIG_BROKEN;
	}
}
