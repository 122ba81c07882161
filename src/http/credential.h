/* credential.h - who we are to a registry.  Pure. */
#ifndef GEN_CREDENTIAL_H
#define GEN_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct error;

/* Start from = {0}: nobody. */
struct credential {
	struct str user, password;
	struct str identity_token;	/* used instead of the password where there is one */
};

/* Does it have a user and a password?  An identity token does not count. */
bool credential_has_password(const struct credential *c);
bool credential_is_empty(const struct credential *c);

/* Move from into to, which was empty. */
void credential_take(struct credential *to, struct credential *from);

/* Overwrite and free. */
void credential_wipe(struct credential *c);

/* Overwrite a text that is secret, and free it. */
void credential_wipe_str(struct str *s);

/* Add the value of an Authorization header: "Basic " and base64 of user:password. */
void credential_add_basic(struct str *out, const struct credential *c);

/*
 * Read the "auth" of a docker configuration: base64 of user:password.
 *
 * Errors:    -1 and err set, without the text in it.
 */
int credential_parse_auth(struct credential *out, const char *auth, struct error *err);

/*
 * Read what a credential helper printed and how it ended.
 *
 * Returns:   1 out is filled, 0 the helper knows nothing about this server, -1 and err set,
 *            without secrets.
 * Source:    docker-credential-helpers, client/client.go and credentials/error.go.
 */
int credential_parse_helper(struct credential *out, const char *output, size_t len, bool ok,
                            struct error *err);

#endif
