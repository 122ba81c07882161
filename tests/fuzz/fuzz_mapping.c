/* A mapping file, of any shape. */
#include "fuzz.h"

#include "base/str.h"
#include "fleet/entry.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct entries entries = { 0 };
	struct mapping m = { .name = "m", .file = "m.json", .items = "" };

	int ret = entries_read(&entries, &m, 0, arena_copy(&a, (const char *)data, size), size, &a,
	                       &err);
	MUST((ret < 0) == (*err.text != '\0'));
	must_be_clean(err.text);
	for (size_t i = 0; i < entries.n; i++) {
		struct str place = { 0 };
		MUST(strspn(entries.list[i].human, "0123456789abcdef") == strlen(entries.list[i].human));
		MUST(strlen(entries.list[i].parent) >= 4);
		entry_place(&place, &m, &entries.list[i]);
		str_dispose(&place);
	}
	entries_dispose(&entries);
	arena_dispose(&a);
	return 0;
}
