/* manifest.h - what an image's manifest says.  Pure. */
#ifndef GEN_MANIFEST_H
#define GEN_MANIFEST_H

#include <stddef.h>

struct arena;

/*
 * The digest of the image's configuration, which engines call the image's id.
 *
 * Returns:   NULL if the text names none, as do a list of images, an old manifest and a broken one.
 * Ownership: lives as long as a.
 * Source:    OCI image-spec, "Image Manifest".
 */
const char *manifest_image_id(const char *text, size_t len, struct arena *a);

#endif
