#include "registry/docker_config.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/credential.h"

#define HUB "docker.io"
#define HUB_SERVER "https://index.docker.io/v1/"
#define HUB_HOST "index.docker.io"

struct docker_config {
	char *file;
	json_t *root;
};

const char *
docker_config_server(const char *registry)
{
	return strcmp(registry, HUB) == 0 ? HUB_SERVER : registry;
}

/* The name of a program, and no way around that. */
static bool
suffix_valid(const char *suffix)
{
	static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t n = strspn(suffix, chars);
	return n && n <= 64 && !suffix[n] && suffix[0] != '.';
}

static int
check_suffix(const json_t *value, const char *where, const char *key, struct error *err)
{
	if (!json_is_string(value))
		return error_set(err, "%s%s: is no string", where, key);
	if (*json_string_value(value) && !suffix_valid(json_string_value(value)))
		return error_set(err, "%s%s: \"%.60s\" cannot name a program", where, key,
		                 json_string_value(value));
	return 0;
}

static int
check_auths(const json_t *auths, struct error *err)
{
	const char *server = NULL, *key = NULL;
	json_t *entry = NULL, *value = NULL;

	if (auths && !json_is_object(auths))
		return error_set(err, "/auths: is no object");
	json_object_foreach((json_t *)auths, server, entry) {
		if (!json_is_object(entry))
			return error_set(err, "/auths/%s: is no object", server);
		json_object_foreach(entry, key, value) {
			if ((strcmp(key, "auth") == 0 || strcmp(key, "identitytoken") == 0) &&
			    !json_is_string(value))
				return error_set(err, "/auths/%s/%s: is no string", server, key);
		}
	}
	return 0;
}

static int
check(const json_t *root, struct error *err)
{
	const char *server = NULL;
	json_t *value = NULL;

	if (!json_is_object(root))
		return error_set(err, "is no JSON object");
	if (check_auths(json_object_get(root, "auths"), err) < 0)
		return -1;
	json_t *store = json_object_get(root, "credsStore");
	if (store && check_suffix(store, "/", "credsStore", err) < 0)
		return -1;
	json_t *helpers = json_object_get(root, "credHelpers");
	if (helpers && !json_is_object(helpers))
		return error_set(err, "/credHelpers: is no object");
	json_object_foreach(helpers, server, value)
		if (check_suffix(value, "/credHelpers/", server, err) < 0)
			return -1;
	return 0;
}

/* jansson hands out its own memory: overwrite that before it goes. */
static void
wipe(json_t *value)
{
	const char *key;
	json_t *child;

	if (json_is_string(value))
		explicit_bzero((char *)json_string_value(value), json_string_length(value));
	json_object_foreach(value, key, child)
		wipe(child);
}

struct docker_config *
docker_config_parse(const char *file, const char *text, size_t len, struct error *err)
{
	json_error_t problem;

	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &problem);
	if (!root) {
		/* Its own words quote the text, which holds passwords: keep only the line. */
		bool twice = json_error_code(&problem) == json_error_duplicate_key;
		error_set(err, "%s: line %d: %s", file, problem.line,
		          twice ? "has a key twice" : "is not JSON");
		return NULL;
	}
	if (check(root, err) < 0) {
		error_prefix(err, "%s", file);
		wipe(root);
		json_decref(root);
		return NULL;
	}
	struct docker_config *c = memory_resize(NULL, sizeof(*c));
	c->file = memory_resize(NULL, strlen(file) + 1);
	memcpy(c->file, file, strlen(file) + 1);
	c->root = root;
	return c;
}

void
docker_config_free(struct docker_config *c)
{
	if (!c)
		return;
	wipe(json_object_get(c->root, "auths"));
	json_decref(c->root);
	free(c->file);
	free(c);
}

/* The part of a key that names the host: without scheme and path. */
static const char *
key_host(const char *key, size_t *len)
{
	if (strncmp(key, "https://", 8) == 0)
		key += 8;
	else if (strncmp(key, "http://", 7) == 0)
		key += 7;
	*len = strcspn(key, "/");
	return key;
}

static bool
is_text(const char *bytes, size_t len, const char *text)
{
	return strlen(text) == len && memcmp(bytes, text, len) == 0;
}

static bool
names_registry(const char *key, const char *registry)
{
	size_t len;
	const char *host = key_host(key, &len);
	if (strcmp(registry, HUB) == 0 && is_text(host, len, HUB_HOST))
		return true;
	return is_text(host, len, registry);
}

/* podman's keys may have a path: the longest one that the repository is in counts. */
static const json_t *
find_by_path(const json_t *object, const char *registry, const char *repository)
{
	struct str key = { 0 };
	const json_t *found = NULL;

	str_addf(&key, "%s/%s", registry, repository);
	size_t least = strlen(registry);
	while (!found && key.len > least) {
		found = json_object_get(object, str_text(&key));
		while (key.len > least && key.data[key.len - 1] != '/')
			key.data[--key.len] = '\0';
		if (key.len > least)
			key.data[--key.len] = '\0';
	}
	str_dispose(&key);
	return found;
}

static const json_t *
find_by_host(const json_t *object, const char *registry)
{
	const json_t *found = json_object_get(object, docker_config_server(registry));
	if (!found)
		found = json_object_get(object, registry);

	const char *key = NULL;
	json_t *value = NULL;
	if (!found)
		json_object_foreach((json_t *)object, key, value)
			if (!found && names_registry(key, registry))
				found = value;
	return found;
}

static const char *
text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text && *text ? text : NULL;
}

static int
read_entry(struct credential *out, const json_t *entry, struct error *err)
{
	const char *auth = text_at(entry, "auth"), *identity = text_at(entry, "identitytoken");
	for (const char *p = identity; p && *p; p++)
		if (*p <= ' ' || *p > '~')
			return error_set(err, "identitytoken has blanks or control characters");
	if (identity)
		str_adds(&out->identity_token, identity);
	if (!auth)
		return identity ? 1 : 0;

	/* Beside an identity token the password is often left empty or made up. */
	int ret = credential_parse_auth(out, auth, identity ? NULL : err);
	return ret == 0 || identity ? 1 : -1;
}

enum docker_config_found
docker_config_find(const struct docker_config *c, const char *registry, const char *repository,
                   struct credential *out, const char **helper, struct error *err)
{
	const json_t *found = find_by_host(json_object_get(c->root, "credHelpers"), registry);
	*helper = json_string_value(found);
	if (!*helper || !**helper)
		*helper = text_at(c->root, "credsStore");
	if (*helper)
		return DOCKER_CONFIG_HELPER;

	const json_t *auths = json_object_get(c->root, "auths");
	const json_t *entry = find_by_path(auths, registry, repository);
	if (!entry)
		entry = find_by_host(auths, registry);
	if (!entry)
		return DOCKER_CONFIG_NOTHING;
	switch (read_entry(out, entry, err)) {
	case 1:
		return DOCKER_CONFIG_CREDENTIAL;
	case 0:
		return DOCKER_CONFIG_NOTHING;
	default:
		error_prefix(err, "%s: /auths: entry for %s", c->file, registry);
		error_remedy(err, "docker login writes it anew");
		return DOCKER_CONFIG_BROKEN;
	}
}
