/* oci_error.h - the body of a refusal.  Pure. */
#ifndef GEN_OCI_ERROR_H
#define GEN_OCI_ERROR_H

#include <stdbool.h>
#include <stddef.h>

struct oci_error {
	bool found;		/* it was {"errors": [{"code": ...}]} */
	bool name_unknown;	/* some entry's code is NAME_UNKNOWN */
	bool manifest_unknown;
	char words[160];	/* "CODE: message" of the first entry; printable ASCII, or "" */
};

/*
 * Read a body.  Docker Hub's own form, {"message": ...} or {"detail": ...}, gives
 * only words, and any other text nothing.
 *
 * Source:    OCI distribution-spec, "Error Codes".
 */
void oci_error_parse(struct oci_error *out, const char *body, size_t len);

#endif
