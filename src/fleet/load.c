#include "fleet/load.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "os/file.h"

/* One file's entries; its text is not needed after. */
static int
read_entries(struct entries *out, const struct mapping *m, unsigned number, struct arena *a,
             struct error *err)
{
	struct arena scratch = { 0 };
	const char *text;
	size_t len;
	int ret = -1;

	if (file_read(&text, &len, m->file, 0, &scratch, err) == 0)
		ret = entries_read(out, m, number, text, len, a, err);
	arena_dispose(&scratch);
	return ret;
}

static void
add_extra(struct loaded *l)
{
	struct entries *e = &l->entries;
	for (size_t i = 0; i < l->fleet.n_extra; i++) {
		e->list = memory_grow(e->list, &e->cap, e->n, sizeof(*e->list));
		e->list[e->n++] = l->fleet.extra[i];
	}
}

int
loaded_read(struct loaded *out, const char *fleet_file, struct arena *a, struct error *err)
{
	const char *text;
	size_t len;

	*out = (struct loaded){ 0 };
	if (file_read(&text, &len, fleet_file, 0, a, err) < 0 ||
	    fleet_parse(&out->fleet, fleet_file, text, len, a, err) < 0)
		return -1;
	for (unsigned i = 0; i < out->fleet.n_mappings; i++)
		if (read_entries(&out->entries, &out->fleet.mappings[i], i, a, err) < 0)
			return -1;
	add_extra(out);

	struct mapping dataset = { .name = "dataset", .file = out->fleet.dataset, .items = "" };
	if (dataset.file && read_entries(&out->dataset, &dataset, 0, a, err) < 0)
		return -1;
	return 0;
}

void
loaded_dispose(struct loaded *l)
{
	entries_dispose(&l->entries);
	entries_dispose(&l->dataset);
}
