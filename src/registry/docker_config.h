/* docker_config.h - the user's config.json: which passwords the user has, and who keeps them.  Pure.
 *
 * The file is docker's (and podman's, with the same "auths"):
 *
 *   { "auths": { "<server>": { "auth": "<base64 of user:password>",
 *                              "identitytoken": "<text>" } },
 *     "credsStore": "<suffix>",
 *     "credHelpers": { "<server>": "<suffix>" } }
 *
 * <server> is host[:port], perhaps with a scheme before it and a path behind it;
 * Docker Hub's is "https://index.docker.io/v1/".  <suffix> names the program
 * docker-credential-<suffix>.  Other keys are ignored.  A secret or a suffix may have up to
 * SCANNER_TEXT bytes (json/scanner.h).
 */
#ifndef GEN_DOCKER_CONFIG_H
#define GEN_DOCKER_CONFIG_H

#include <stddef.h>

struct credential;
struct docker_config;
struct error;

/*
 * Errors:    NULL and err set, "file: ...", if text is not such a configuration.
 * Ownership: the caller frees it; secrets in it are overwritten then.
 * Source:    docker/cli, cli/config.
 */
struct docker_config *docker_config_parse(const char *file, const char *text, size_t len,
                                          struct error *err);
void docker_config_free(struct docker_config *c);

enum docker_config_found {
	DOCKER_CONFIG_BROKEN = -1,	/* err says why */
	DOCKER_CONFIG_NOTHING,
	DOCKER_CONFIG_CREDENTIAL,	/* out is filled */
	DOCKER_CONFIG_HELPER,		/* *helper is the suffix: ask that program */
};

/*
 * What the configuration knows about one repository of a registry.
 *
 * Ownership: out is the caller's; *helper lives as long as c.
 */
enum docker_config_found docker_config_find(const struct docker_config *c, const char *registry,
                                            const char *repository, struct credential *out,
                                            const char **helper, struct error *err);

/* The key under which docker and its helpers keep a registry's password: Docker Hub's is odd. */
const char *docker_config_server(const char *registry);

#endif
