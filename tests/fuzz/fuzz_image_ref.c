/* References: what is read and spelled out reads back as the same. */
#include "fuzz.h"

#include "base/image_ref.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct image_ref ref, again;
	const char *text = arena_copy(&a, (const char *)data, size);

	if (image_ref_parse(&ref, text, &a, &err) == 0) {
		MUST(image_ref_registry_valid(ref.registry));
		MUST(image_ref_repository_valid(ref.repository));
		MUST(!ref.tag || image_ref_tag_valid(ref.tag));
		MUST(!ref.digest || image_ref_digest_valid(ref.digest));
		const char *spelled = image_ref_text(&ref, &a);
		MUST(image_ref_parse(&again, spelled, &a, &err) == 0);
		MUST(strcmp(spelled, image_ref_text(&again, &a)) == 0);
	} else {
		MUST(*err.text);
		must_be_clean(err.text);
	}
	image_ref_registry_is_loopback(text);
	arena_dispose(&a);
	return 0;
}
