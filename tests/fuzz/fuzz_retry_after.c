/* Retry-After, in both forms, and our own moments. */
#include "fuzz.h"

#include "base/str.h"
#include "base/utc.h"
#include "http/http_text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	const char *text = arena_copy(&a, (const char *)data, size);
	int64_t wait_s = 0, at_s = 0;
	char again[UTC_SIZE];

	if (http_text_retry_after(&wait_s, text, 1700000000))
		MUST(wait_s >= 0 && wait_s <= INT64_C(10) * 365 * 24 * 3600);
	if (utc_parse(&at_s, text)) {
		utc_text(again, at_s);
		MUST(strcmp(again, text) == 0);
	}
	arena_dispose(&a);
	return 0;
}
