#include "status/page_text.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "status/page.h"

#define CELL_COLUMNS 40		/* at most, of all columns but the last, on a terminal */
#define MOST_COLUMNS 32		/* of a table */

struct printer {
	struct str *out;
	const struct look *look;
	struct str line, words;
	size_t indent;
};

const char *
look_paint(const struct look *look, const struct badge *badge)
{
	return !look->colour ? "" : badge ? badge->colour : "\033[1m";
}

void
look_add_line(struct str *out, const struct look *look, const char *paint, const char *line)
{
	str_adds(out, paint);
	if (!look->columns || look->whole || utf8_columns(line) <= look->columns)
		utf8_add_clean(out, line);
	else
		utf8_add_column(out, line, look->columns);
	str_adds(out, *paint ? "\033[0m\n" : "\n");
}

static void
start_line(struct printer *p)
{
	str_clear(&p->line);
	for (size_t i = 0; i < p->indent; i++)
		str_add(&p->line, ' ');
}

static void
end_line(struct printer *p, const char *paint)
{
	while (p->line.len && p->line.data[p->line.len - 1] == ' ')
		p->line.data[--p->line.len] = '\0';
	look_add_line(p->out, p->look, paint, str_text(&p->line));
	start_line(p);
}

static void
add_section(struct printer *p, const struct block *b)
{
	p->indent = b->section.level > 2 ? 2 * (b->section.level - 2) : 0;
	start_line(p);
	section_words(&p->line, &b->section);
	p->indent = 2 * (b->section.level - 1);
	const struct badge *badge = b->section.badge;
	end_line(p, look_paint(p->look, badge && *badge->colour ? badge : NULL));
}

static void
add_note(struct printer *p, const struct block *b)
{
	str_adds(&p->line, b->text);
	end_line(p, "");
}

static void
add_facts(struct printer *p, const struct block *b)
{
	const struct row *facts = b->facts;
	int width = 0;

	for (size_t i = 0; i < facts->n; i++)
		if (cell_is_shown(&facts->cells[i]) && (int)strlen(facts->cells[i].name) > width)
			width = (int)strlen(facts->cells[i].name);
	for (size_t i = 0; i < facts->n; i++) {
		if (!cell_is_shown(&facts->cells[i]))
			continue;
		str_addf(&p->line, "%-*s  ", width, facts->cells[i].name);
		cell_words(&p->line, &facts->cells[i]);
		end_line(p, "");
	}
}

/* ---- tables ---- */

/* Make each column as wide as its words; without any it stays 0, and is left out. */
static void
widen(struct printer *p, size_t widths[MOST_COLUMNS], const struct row *r)
{
	assert(r->n <= MOST_COLUMNS);
	for (size_t i = 0; i < r->n; i++) {
		str_clear(&p->words);
		cell_words(&p->words, &r->cells[i]);
		size_t width = utf8_columns(str_text(&p->words)), least = strlen(r->cells[i].name);
		if (p->look->columns && !p->look->whole && width > CELL_COLUMNS)
			width = CELL_COLUMNS;
		if (width && width < least)
			width = least;
		if (width > widths[i])
			widths[i] = width;
	}
}

/* The last column takes the room that is left. */
static void
add_row(struct printer *p, const size_t widths[MOST_COLUMNS], const struct row *r, bool names)
{
	size_t last = r->n - 1;

	while (last && !widths[last])
		last--;
	for (size_t i = 0; i <= last; i++) {
		if (!widths[i])
			continue;
		str_clear(&p->words);
		if (names)
			str_adds(&p->words, r->cells[i].name);
		else
			cell_words(&p->words, &r->cells[i]);
		if (cell_is_number(&r->cells[i]))
			str_addf(&p->line, "%*s", (int)widths[i], str_text(&p->words));
		else if (i < last)
			utf8_add_column(&p->line, str_text(&p->words), widths[i]);
		else
			str_adds(&p->line, str_text(&p->words));
		str_adds(&p->line, "  ");
	}
	const char *names_paint = p->look->colour ? "\033[2m" : "";
	end_line(p, names ? names_paint : r->badge ? look_paint(p->look, r->badge) : "");
}

static void
add_table(struct printer *p, const struct block *b)
{
	const struct table *t = &b->table;
	struct row r = { 0 };
	size_t widths[MOST_COLUMNS] = { 0 }, shown = t->most && t->n > t->most ? t->most : t->n;

	for (size_t i = 0; i < shown + t->total; i++) {
		table_fill(&r, t, i < shown ? i : t->n);
		widen(p, widths, &r);
	}
	if (t->look != TABLE_BARE)
		add_row(p, widths, &r, true);
	for (size_t i = 0; i < shown + t->total; i++) {
		table_fill(&r, t, i < shown ? i : t->n);
		add_row(p, widths, &r, false);
	}
	if (t->n > shown) {
		str_addf(&p->line, "... and %zu more%s", t->n - shown, t->page->more ? t->page->more : "");
		end_line(p, "");
	}
}

static void
add_lines(struct printer *p, const struct block *b)
{
	for (size_t i = 0; i < b->lines.n; i++) {
		long number = b->lines.first + (long)i;
		if (b->lines.first)
			str_addf(&p->line, "%c%6ld  ", number == b->lines.hit ? '>' : ' ', number);
		str_adds(&p->line, b->lines.list[i]);
		end_line(p, "");
	}
}

static void (*const add_block[BLOCKS])(struct printer *, const struct block *) = {
	[BLOCK_SECTION] = add_section, [BLOCK_NOTE] = add_note, [BLOCK_FACTS] = add_facts,
	[BLOCK_TABLE] = add_table, [BLOCK_LINES] = add_lines,
};

/* An empty line stands between blocks, but not below a heading or a note. */
static bool
is_apart(const struct block *before, const struct block *b)
{
	return before->kind > BLOCK_NOTE || (b->kind == BLOCK_SECTION && b->section.level < 3);
}

void
page_print_text(struct str *out, const struct page *page, const struct look *look)
{
	struct printer p = { .out = out, .look = look };

	for (const struct block *b = page->blocks; b < page->blocks + page->n; b++) {
		if (b > page->blocks && is_apart(b - 1, b))
			str_add(out, '\n');
		add_block[b->kind](&p, b);
	}
	str_dispose(&p.line);
	str_dispose(&p.words);
}
