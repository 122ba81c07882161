#include "cmd/watch.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/print.h"
#include "cmd/status_read.h"
#include "json/pairs.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/proc.h"
#include "status/eta.h"
#include "status/page.h"
#include "status/watch_page.h"

#define EXIT_USAGE 2
#define EVERY_S 1.0
#define SHARE 10.0		/* at most one part in so many of a processor */

#define HOME "\033[H"
#define END_OF_LINE "\033[K"
#define BELOW "\033[J"
#define CLEAR "\033[2J"

/* The ninja that is at work in the folder, as its first step has written; 0: none. */
static long
ninja_at_work(struct arena *a)
{
	struct pairs note = { 0 };
	const char *text;
	size_t len;
	long pid = 0, start = 0;

	if (file_read_if_there(&text, &len, "out/run/ninja", 0, a, NULL) > 0 &&
	    pairs_parse(&note, text, len, "out/run/ninja", a, NULL) == 0) {
		pairs_number(&pid, &note, "pid", 0, NULL);
		pairs_number(&start, &note, "start", 0, NULL);
	}
	pairs_dispose(&note);
	struct proc_id id = { (pid_t)pid, (unsigned long long)start };
	return pid && proc_is_alive(id) ? pid : 0;
}

/* The last row stays empty: a newline in it would scroll. */
static size_t
rows_of_page(void)
{
	struct winsize size;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 ? size.ws_row - 1u : 0;
}

/* At most rows lines (0: all); each wipes what was on it, so that nothing flickers. */
static void
frame(struct str *out, const char *page, size_t rows)
{
	str_adds(out, HOME);
	for (; *page; page++) {
		if (*page == '\n')
			str_adds(out, END_OF_LINE);
		str_add(out, *page);
		if (*page == '\n' && --rows == 0)
			break;
	}
	str_adds(out, BELOW);
}

static int
draw(struct options *options, struct error *err)
{
	struct arena a = { 0 };
	struct status_files f = { 0 };
	struct str text = { 0 }, out = { 0 };
	struct page page = { .form = IN_TEXT, .arena = &a };
	struct look look = print_look();

	/* What is in the last column is wiped with the rest of the line. */
	if (look.columns > 1)
		look.columns--;
	int ret = status_files_read(&f, options, &a, err);
	if (ret == 0) {
		struct eta eta;
		struct watching w = { .status = &f.status, .journal = &f.journal, .eta = &eta,
		                      .ninja_pid = ninja_at_work(&a), .rows = rows_of_page() };
		eta_make(&eta, &f.status, f.push, &a);
		watch_page(&page, &w);
		page_print_text(&text, &page, &look);
		frame(&out, str_text(&text), w.rows);
		ret = print_page(&out, err);
	}
	str_dispose(&text);
	str_dispose(&out);
	status_files_dispose(&f);
	arena_dispose(&a);
	return ret;
}

/* A second, or longer where looking takes long: 10,000 images must not keep a core busy. */
static void
wait_for_next(double took_s)
{
	double s = took_s * SHARE > EVERY_S ? took_s * SHARE : EVERY_S;
	struct timespec pause = { .tv_sec = (time_t)s, .tv_nsec = (long)((s - (double)(time_t)s) * 1e9) };

	nanosleep(&pause, NULL);
}

int
cmd_watch(struct options *options, struct error *err)
{
	if (!isatty(STDOUT_FILENO)) {
		program_say("--watch: stdout is not a terminal; %s status shows it once", program_name());
		return EXIT_USAGE;
	}
	fputs(CLEAR, stdout);
	for (;;) {
		double start = clock_monotonic_s();
		if (draw(options, err) < 0)
			break;
		wait_for_next(clock_monotonic_s() - start);
	}
	return -1;
}
