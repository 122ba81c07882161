#include "cmd/commands.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/print.h"
#include "cmd/status_read.h"
#include "cmd/watch.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/tree.h"
#include "status/page.h"
#include "status/page_html.h"
#include "status/page_markdown.h"
#include "status/page_text.h"
#include "status/report_json.h"
#include "status/status_page.h"

#define LOCK "out/run/status"
#define AGAIN "out/run/status.again"	/* somebody wants it to be written again */

#define AS_JSON 0	/* a document, not a form of a page */

static void
render(struct str *out, const struct status *s, unsigned form, struct arena *a)
{
	struct page page = { .form = form, .arena = a };
	struct look look = print_look();

	if (form == AS_JSON) {
		report_json(out, s);
		return;
	}
	status_page(&page, s);
	if (form == IN_TEXT)
		page_print_text(out, &page, &look);
	else if (form == IN_MARKDOWN)
		page_print_markdown(out, &page);
	else
		page_print_html(out, &page);
}

static int
print(const struct status *s, unsigned form, struct arena *a, struct error *err)
{
	struct str out = { 0 };

	render(&out, s, form, a);
	int ret = print_page(&out, err);
	str_dispose(&out);
	return ret;
}

static const struct { const char *path; unsigned form; } files[] = {
	{ "out/status.md", IN_MARKDOWN },
	{ "out/status.json", AS_JSON },
	{ "out/status.html", IN_HTML },
};

static int
write_files(const struct status *s, struct arena *a, struct error *err)
{
	struct str out = { 0 };
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(files) / sizeof(*files); i++) {
		str_clear(&out);
		render(&out, s, files[i].form, a);
		ret = file_replace(files[i].path, str_text(&out), out.len, err) < 0 ? -1 : 0;
	}
	str_dispose(&out);
	return ret;
}

static int
show(struct status_files *f, const struct options *o, struct arena *a, struct error *err)
{
	if ((o->html || o->files) && status_files_read_excerpts(f, a, err) < 0)
		return -1;
	if (o->files)
		return write_files(&f->status, a, err);
	return print(&f->status, o->json ? AS_JSON : o->md ? IN_MARKDOWN : o->html ? IN_HTML : IN_TEXT,
	             a, err);
}

/* One line for each entry that fits nowhere.  Returns the exit status. */
static int
complain(const struct status *s)
{
	for (size_t i = 0; i < s->n_lost; i++)
		program_say("%s", s->lost[i]);
	return s->n_lost ? 1 : 0;
}

/* Read all, show it.  Returns the exit status, or -1 and err set. */
static int
run_once(struct options *options, struct error *err)
{
	struct arena arena = { 0 };
	struct status_files f = { 0 };

	int ret = status_files_read(&f, options, &arena, err);
	if (ret == 0)
		ret = show(&f, options, &arena, err);
	if (ret == 0 && !options->files) {
		print_skipped("out/failures.jsonl", f.ledger.skipped);
		print_skipped("out/journal.jsonl", f.journal.skipped);
	}
	if (ret == 0)
		ret = complain(&f.status);
	status_files_dispose(&f);
	arena_dispose(&arena);
	return ret;
}

/*
 * Many steps may end at once: one writes, and the others, which find the lock taken, leave
 * it a note to look again.  Whoever gives the lock back looks for a note after that, so
 * none is lost.
 */
static int
run_files(struct options *options, struct error *err)
{
	struct arena arena = { 0 };
	struct lock lock = { .fd = -1 };
	const char *text;
	int ret = 0, got = 1;

	if (tree_make("out/run", err) < 0 || file_replace(AGAIN, "", 0, err) < 0)
		return -1;
	while (file_exists(AGAIN) && (got = lock_try(&lock, LOCK, &text, &arena, err)) > 0) {
		unlink(AGAIN);
		ret = run_once(options, err);
		lock_close(&lock);
	}
	arena_dispose(&arena);
	return got < 0 ? -1 : ret;
}

int
cmd_status(struct options *options, struct error *err)
{
	if (options->watch)
		return cmd_watch(options, err);
	return options->files ? run_files(options, err) : run_once(options, err);
}
