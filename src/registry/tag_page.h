/* tag_page.h - one page of a tag list, as a registry sends it.  Pure. */
#ifndef GEN_TAG_PAGE_H
#define GEN_TAG_PAGE_H

#include <stdbool.h>
#include <stddef.h>

struct error;

typedef void tag_page_seen(void *user, const char *tag);

struct tag_page {
	size_t n_items;		/* all elements, tags or not */
	bool cut;		/* with -1: the text ends too early */
};

/*
 * Read {"name": ..., "tags": [...]} and call seen for each tag, in the order of
 * the text, perhaps more than once.  Elements that are not valid tags are skipped: registries
 * have put null, digests and worse among them.  "tags": null is an empty list.
 *
 * Errors:    -1 and err set, and seen never called, if the text is not such a page.
 * Source:    OCI distribution-spec, "Listing Tags".
 */
int tag_page_parse(struct tag_page *out, const char *body, size_t len, tag_page_seen *seen,
                   void *user, struct error *err);

#endif
