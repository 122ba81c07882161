#include "cmd/print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/program.h"
#include "base/str.h"

struct look
print_look(void)
{
	struct look look = { 0 };
	struct winsize size;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (!isatty(STDOUT_FILENO))
		return look;
	look.colour = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		look.columns = size.ws_col;
	return look;
}

int
print_piece(void *unused, const char *bytes, size_t len, struct error *err)
{
	(void)unused;
	return fwrite(bytes, 1, len, stdout) == len ? 0 : error_set(err, "stdout: %s", strerror(errno));
}

int
print_end(struct error *err)
{
	return fflush(stdout) == 0 ? 0 : error_set(err, "stdout: %s", strerror(errno));
}

int
print_page(const struct str *page, struct error *err)
{
	return print_piece(NULL, str_text(page), page->len, err) < 0 ? -1 : print_end(err);
}

void
print_skipped(const char *path, size_t lines)
{
	if (lines)
		program_say("%s: %zu torn line%s skipped", path, lines, lines == 1 ? "" : "s");
}
