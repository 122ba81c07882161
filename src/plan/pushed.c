#include "plan/pushed.h"

#include "base/arena.h"
#include "base/error.h"
#include "json/pairs.h"
#include "os/file.h"
#include "plan/plan.h"
#include "record/stamp.h"

int
pushed_read(struct image *image, struct arena *a, struct error *err)
{
	struct pairs stamp = { 0 };
	const char *text;
	size_t len;

	image->past.pushed_input = NULL;
	if (image->registry.verdict != VERDICT_PRESENT)
		return 0;
	const char *path = step_stamp_path(image->target, STEP_PUSH, a);
	int there = file_read_if_there(&text, &len, path, 0, a, err);
	if (there > 0)
		there = stamp_parse(&stamp, text, len, STEP_PUSH, image->target, path, a, err);
	image->past.pushed_input = pairs_get(&stamp, "input");
	if (there == 0 && file_exists(arena_printf(a, "out/pushed/%s.begun", image->target)))
		image->past.pushed_input = "";
	pairs_dispose(&stamp);
	return there < 0 ? -1 : 0;
}
