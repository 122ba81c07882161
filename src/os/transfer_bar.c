#include "os/transfer_bar.h"

#include <stdio.h>
#include <time.h>

#include "base/str.h"

#define CELLS 24u
#define REDRAW_MS 100

static unsigned
percent(size_t done, size_t all)
{
	return all ? (unsigned)(100.0 * (double)done / (double)all) : 0;
}

void
transfer_bar_text(struct str *out, const struct transfer *t)
{
	unsigned objects = percent(t->objects_done, t->objects);

	str_addf(out, "%s %3u%% [", t->what, objects);
	for (unsigned i = 0; i < CELLS; i++)
		str_add(out, i < objects * CELLS / 100 ? '#' : ' ');
	str_add(out, ']');

	if (t->deltas)
		str_addf(out, " deltas %u%%", percent(t->deltas_done, t->deltas));
	else if (t->objects)
		str_addf(out, " %zu/%zu objects", t->objects_done, t->objects);
	else
		str_adds(out, " asking");
	if (t->bytes)
		str_addf(out, ", %.1f MiB", (double)t->bytes / (1024.0 * 1024.0));
}

static int64_t
now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
transfer_bar_draw(struct transfer_bar *bar, const struct transfer *t)
{
	if (!bar->on)
		return;
	int64_t now = now_ms();
	if (bar->width && now - bar->drawn_ms < REDRAW_MS)
		return;

	struct str line = { 0 };
	transfer_bar_text(&line, t);
	/* Blanks, not an escape sequence, wipe what was longer: any terminal knows them. */
	size_t width = bar->width > line.len ? bar->width : line.len;
	fprintf(stderr, "\r%-*s", (int)width, str_text(&line));
	fflush(stderr);
	bar->width = line.len;
	bar->drawn_ms = now;
	str_dispose(&line);
}

void
transfer_bar_clear(struct transfer_bar *bar)
{
	if (bar->width)
		fprintf(stderr, "\r%*s\r", (int)bar->width, "");
	bar->width = 0;
}
