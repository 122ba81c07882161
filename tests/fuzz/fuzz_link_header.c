/* Link: each line a header. */
#include "fuzz.h"

#include "http/link_header.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	const char *values[8], *target;

	size_t n = fuzz_lines(values, 8, data, size, &a);
	int found = link_header_next(&target, values, n, &a, &err);
	MUST((found < 0) == (*err.text != '\0'));
	MUST(found != 1 || (target && !strchr(target, '>')));
	MUST(found != 0 || !target);
	must_be_clean(err.text);
	arena_dispose(&a);
	return 0;
}
