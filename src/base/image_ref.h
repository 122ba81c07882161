/* image_ref.h - names of images: registry/repository:tag@digest.  Pure. */
#ifndef GEN_IMAGE_REF_H
#define GEN_IMAGE_REF_H

#include <stdbool.h>

struct arena;
struct error;

/*
 * A parsed reference.  Docker Hub's short forms are spelled out: "ubuntu" has
 * registry "docker.io" and repository "library/ubuntu".  tag and digest are
 * NULL when the text has none.
 */
struct image_ref {
	const char *registry;	/* host[:port] */
	const char *repository;	/* lower-case path */
	const char *tag;
	const char *digest;	/* "sha256:" + 64 hex, or sha512 */
};

/*
 * Errors:    -1 and err set, naming the part that breaks the grammar.
 * Ownership: the parts live as long as a.
 * Source:    OCI distribution-spec, "Pulling manifests"; the rule that tells a
 *            registry from a path is distribution/reference's.
 */
int image_ref_parse(struct image_ref *out, const char *text, struct arena *a, struct error *err);

/* "registry/repository[:tag][@digest]", living as long as a. */
const char *image_ref_text(const struct image_ref *ref, struct arena *a);

bool image_ref_registry_valid(const char *registry);
bool image_ref_repository_valid(const char *repository);
bool image_ref_tag_valid(const char *tag);
bool image_ref_digest_valid(const char *digest);

/* localhost, 127.0.0.0/8 or [::1]: the only hosts talked to by http unasked. */
bool image_ref_registry_is_loopback(const char *registry);

#endif
