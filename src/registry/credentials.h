/* credentials.h - what the files and helper programs of this user know about registries.
 *
 * They are read in this order, and the first that knows a registry counts:
 *   DOCKER_AUTH_CONFIG            the JSON text itself, "auths" only
 *   $DOCKER_CONFIG/config.json    or ~/.docker/config.json
 *   $REGISTRY_AUTH_FILE           or the two files that buildah and podman write:
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
 * Read the files that exist.
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
 * Ask docker-credential-<suffix> about a registry, in a thread of its own: it may wait for a
 * person to unlock something, and other requests go on meanwhile.  At its end wake is called
 * from that thread.  The user sees its stderr.
 *
 * Ownership: freed by helper_run_free, which waits for it.
 */
struct helper_run *helper_run_start(const char *suffix, const char *registry, double deadline_s,
                                    void (*wake)(void *user), void *user);

bool helper_run_is_over(struct helper_run *run);

/*
 * Its result, once it is over, as from credential_parse_helper.  out gets a copy, so that
 * several can ask for it.
 */
int helper_run_result(struct helper_run *run, struct credential *out, struct error *err);

void helper_run_free(struct helper_run *run);

#endif
