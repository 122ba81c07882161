/* credentials.h - what this user's files and helper programs know of registries.
 *
 * Read, in this order, the first that knows a registry counts:
 *   DOCKER_AUTH_CONFIG            the JSON text itself, "auths" only
 *   $DOCKER_CONFIG/config.json    or ~/.docker/config.json
 *   $REGISTRY_AUTH_FILE           or, what buildah and podman write:
 *   $XDG_RUNTIME_DIR/containers/auth.json
 *   ~/.config/containers/auth.json
 */
#ifndef GEN_CREDENTIALS_H
#define GEN_CREDENTIALS_H

#include <stdbool.h>

struct credential;
struct credentials;
struct error;
struct helper_run;

/*
 * Read the files; those that are not there do not matter.
 *
 * Errors:    NULL and err set if one is broken.
 * Ownership: the caller frees it.
 */
struct credentials *credentials_new(struct error *err);
void credentials_free(struct credentials *c);

/*
 * Look a repository up.
 *
 * Returns:   1 out is filled, 0 nothing known, 2 *helper is the suffix of the program
 *            to ask, -1 and err set.
 */
int credentials_find(struct credentials *c, const char *registry, const char *repository,
                     struct credential *out, const char **helper, struct error *err);

/*
 * Ask docker-credential-<suffix> about a registry, in a thread, so that its waiting
 * for a person to unlock something holds nobody up; wake is called from that thread
 * when it is over.  Its stderr is the user's.
 *
 * Ownership: freed by helper_run_free, which waits for it.
 */
struct helper_run *helper_run_start(const char *suffix, const char *registry, double deadline_s,
                                    void (*wake)(void *user), void *user);

bool helper_run_is_over(struct helper_run *run);

/*
 * What came of it, once it is over: as credential_parse_helper.  out is a copy, so
 * that it may be asked for again.
 */
int helper_run_result(struct helper_run *run, struct credential *out, struct error *err);

void helper_run_free(struct helper_run *run);

#endif
