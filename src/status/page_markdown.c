#include "status/page_markdown.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "status/page.h"

/* Would Markdown take the character at p, in text, for its own? */
static int
is_special(const char *p, const char *text)
{
	unsigned char before = p > text ? (unsigned char)p[-1] : ' ', after = (unsigned char)p[1];

	switch (*p) {
	case '\\':
		return ispunct(after) != 0;
	case '|': case '`': case '*': case '[': case ']': case '~':
		return 1;
	case '_':	/* inside a word it is text */
		return !isalnum(before) || !isalnum(after);
	case '<':
		return isalpha(after) || after == '/' || after == '!' || after == '?';
	case '&':
		return isalpha(after) || after == '#';
	default:
		return 0;
	}
}

void
markdown_add(struct str *out, const char *text)
{
	struct str clean = { 0 };

	if (!strpbrk(text, "\\|`*[]~_<&")) {	/* most texts, and there may be a million */
		utf8_add_clean(out, text);
		return;
	}
	utf8_add_clean(&clean, text);
	const char *start = str_text(&clean);
	for (const char *p = start; *p; p++) {
		if (is_special(p, start))
			str_add(out, '\\');
		str_add(out, *p);
	}
	str_dispose(&clean);
}

static void
add_section(struct str *out, const struct block *b)
{
	struct str words = { 0 };

	section_words(&words, &b->section);
	str_addf(out, "%.*s ", (int)b->section.level, "######");
	markdown_add(out, str_text(&words));
	str_add(out, '\n');
	str_dispose(&words);
}

static void
add_note(struct str *out, const struct block *b)
{
	markdown_add(out, b->text);
	str_add(out, '\n');
}

static void
add_value(struct str *out, struct str *words, const struct cell *c)
{
	str_clear(words);
	cell_words(words, c);
	str_add(out, ' ');
	markdown_add(out, str_text(words));
	str_adds(out, " |");
}

static void
add_facts(struct str *out, const struct block *b)
{
	struct str words = { 0 };

	str_adds(out, "| what | value |\n| --- | --- |\n");
	for (const struct cell *c = b->facts->cells; c < b->facts->cells + b->facts->n; c++) {
		if (!cell_is_shown(c))
			continue;
		str_addf(out, "| %s |", c->name);
		add_value(out, &words, c);
		str_add(out, '\n');
	}
	str_dispose(&words);
}

static void
add_names(struct str *out, const struct row *r)
{
	str_add(out, '|');
	for (size_t i = 0; i < r->n; i++)
		str_addf(out, " %s |", r->cells[i].name);
	str_adds(out, "\n|");
	for (size_t i = 0; i < r->n; i++)
		str_adds(out, cell_is_number(&r->cells[i]) ? " ---: |" : " --- |");
	str_add(out, '\n');
}

static void
add_table(struct str *out, const struct block *b)
{
	struct row r = { 0 };
	struct str words = { 0 };

	for (size_t i = 0; i < table_rows(&b->table); i++) {
		table_fill(&r, &b->table, i);
		if (i == 0)
			add_names(out, &r);
		str_add(out, '|');
		for (size_t j = 0; j < r.n; j++)
			add_value(out, &words, &r.cells[j]);
		str_add(out, '\n');
	}
	str_dispose(&words);
}

/* Four blanks: Markdown leaves what is behind them alone. */
static void
add_lines(struct str *out, const struct block *b)
{
	for (size_t i = 0; i < b->lines.n; i++) {
		str_adds(out, "    ");
		utf8_add_clean(out, b->lines.list[i]);
		str_add(out, '\n');
	}
}

static void (*const add_block[BLOCKS])(struct str *, const struct block *) = {
	[BLOCK_SECTION] = add_section, [BLOCK_NOTE] = add_note, [BLOCK_FACTS] = add_facts,
	[BLOCK_TABLE] = add_table, [BLOCK_LINES] = add_lines,
};

void
page_print_markdown(struct str *out, const struct page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		str_adds(out, i ? "\n" : "");
		add_block[page->blocks[i].kind](out, &page->blocks[i]);
	}
}
