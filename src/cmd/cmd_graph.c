#include "cmd/commands.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/print.h"
#include "cmd/status_read.h"
#include "status/image_graph.h"

int
cmd_graph(struct options *options, struct error *err)
{
	struct arena arena = { 0 };
	struct status_files f = { 0 };
	struct str out = { 0 };
	const struct status_row *row;

	int ret = status_files_read(&f, options, &arena, err);
	if (ret == 0)
		ret = status_files_find(&row, &f, options->words[0], err);
	if (ret == 0) {
		if (options->format && strcmp(options->format, "svg") == 0)
			image_graph_svg_file(&out, &f.status, row);
		else
			image_graph_dot(&out, &f.status, row);
		ret = print_page(&out, err);
	}
	str_dispose(&out);
	status_files_dispose(&f);
	arena_dispose(&arena);
	return ret;
}
