/* image_digest.h - gen digest IMAGE: what the registry says of one image.  */
#ifndef GEN_CMD_DIGEST_H
#define GEN_CMD_DIGEST_H

struct options;

/*
 * Print "present<TAB>digest", "absent" or "unknown<TAB>why" for image, a whole
 * reference with a tag.  With options->image_id "<TAB>id" follows the digest: what
 * engines call the image, nothing if the tag holds a list of images.
 *
 * Returns:   the exit status: 0, or 1 if it is unknown; prints its own errors.
 */
int cmd_image_digest(const struct options *options, const char *image);

#endif
