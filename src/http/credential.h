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
	struct str identity_token;	/* goes before the password */
};

/* Is there a user and a password?  An identity token alone is none. */
bool credential_has_password(const struct credential *c);
bool credential_is_empty(const struct credential *c);

/* Move from into to, which was empty. */
void credential_take(struct credential *to, struct credential *from);

/* Overwrite and free. */
void credential_wipe(struct credential *c);

/* Overwrite a text that is secret, and free it. */
void credential_wipe_str(struct str *s);

/* Add what a header says to show user and password: "Basic " and base64 of user:password. */
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
 * Returns:   1 read, 0 it has none for this server, -1 and err set, without secrets.
 * Source:    docker-credential-helpers, client/client.go and credentials/error.go.
 */
int credential_parse_helper(struct credential *out, const char *output, size_t len, bool ok,
                            struct error *err);

#endif
