/* A page of tags: those that jansson finds. */
#include "fuzz.h"

#include <jansson.h>

#include "base/image_ref.h"
#include "registry/tag_page.h"

struct seen {
	const json_t *tags;
	size_t at, n;
};

/* The tags come in their order, passing over what is none. */
static void
compare(void *user, const char *tag)
{
	struct seen *seen = user;
	MUST(image_ref_tag_valid(tag));
	seen->n++;
	while (seen->at < json_array_size(seen->tags)) {
		const char *theirs = json_string_value(json_array_get(seen->tags, seen->at++));
		if (theirs && strcmp(theirs, tag) == 0)
			return;
	}
	MUST(!seen->tags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct tag_page page;
	json_t *root = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	struct seen seen = { .tags = json_object_get(root, "tags") };

	int ret = tag_page_parse(&page, (const char *)data, size, compare, &seen, &err);
	MUST((ret < 0) == (*err.text != '\0'));
	MUST(ret == 0 || seen.n == 0);
	MUST(seen.n <= page.n_items || ret < 0);
	if (ret == 0 && json_is_array(seen.tags))
		MUST(page.n_items == json_array_size(seen.tags));
	json_decref(root);
	return 0;
}
