/* fleet.json */
#include "fuzz.h"

#include "fleet/fleet.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct fleet fleet;

	int ret = fleet_parse(&fleet, "fleet.json", arena_copy(&a, (const char *)data, size), size,
	                      &a, &err);
	MUST((ret < 0) == (*err.text != '\0'));
	must_be_clean(err.text);
	arena_dispose(&a);
	return 0;
}
