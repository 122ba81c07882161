#include "status/page_html.h"

#include <string.h>

#include <nettle/base64.h>

#include "base/digest.h"
#include "base/str.h"
#include "status/html_assets.h"
#include "status/html_text.h"
#include "status/page.h"

struct printer {
	struct str *out;
	unsigned folded;	/* level of the heading that is folded; 0: none is */
	struct str words;	/* of one value: there are a million */
};

/* Add text from outside between two pieces of markup. */
static void
add(struct str *out, const char *before, const char *text, const char *after)
{
	str_adds(out, before);
	html_add(out, text);
	str_adds(out, after);
}

static void
add_head(struct str *out, const char *title)
{
	unsigned char digest[DIGEST_BYTES];
	char encoded[BASE64_ENCODE_RAW_LENGTH(DIGEST_BYTES) + 1] = "";

	digest_raw(digest, html_script, strlen(html_script));
	base64_encode_raw(encoded, sizeof(digest), digest);
	str_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	         "style-src 'unsafe-inline'; script-src 'sha256-");
	str_adds(out, encoded);
	str_adds(out, "'; base-uri 'none'; form-action 'none'\">\n"
	         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	         "<meta name=\"color-scheme\" content=\"light dark\">\n");
	add(out, "<title>", title, "</title>\n<style>\n");
	str_adds(out, html_style);
	str_adds(out, "</style>\n</head>\n<body>\n");
}

static void
add_section(struct printer *p, const struct block *b)
{
	const struct section *s = &b->section;

	if (s->level <= p->folded)
		str_adds(p->out, "</details>\n");
	p->folded = s->id ? s->level : s->level <= p->folded ? 0 : p->folded;
	if (s->id)
		add(p->out, "<details id=\"", s->id, s->open ? "\" open><summary>" : "\"><summary>");
	else
		str_addf(p->out, "<h%u>", s->level);
	add(p->out, s->id ? "<span class=\"id\">" : "", s->title, s->id ? "</span>" : "");
	if (s->counted)
		str_addf(p->out, " (%zu)", s->count);
	if (s->note && s->badge)
		str_addf(p->out, " <b class=\"state %s\">%s</b>", s->badge->name, s->badge->title);
	if (s->note)
		add(p->out, " <span class=\"faint\">", s->note, "</span>");
	if (s->id)
		str_adds(p->out, "</summary>\n");
	else
		str_addf(p->out, "</h%u>\n", s->level);
}

static void
add_note(struct printer *p, const struct block *b)
{
	add(p->out, "<p class=\"faint\">", b->text, "</p>\n");
}

/* ---- values ---- */

/* "<td class="n minor"": the class is that of the kind. */
static void
add_tag(struct str *out, const char *tag, enum cell_kind kind, unsigned in)
{
	static const char *const classes[CELL_NUMBER] = {
		[CELL_TEXT] = "text", [CELL_WORD] = "word", [CELL_ID] = "id", [CELL_BADGE] = "state",
		[CELL_TIME] = "when",
	};

	str_add(out, '<');
	str_adds(out, tag);
	str_adds(out, " class=\"");
	str_adds(out, kind < CELL_NUMBER ? classes[kind] : "n");
	str_adds(out, (in & IN_WIDE_HTML) == IN_WIDE_HTML ? " minor\"" : "\"");
}

static void
add_value(struct printer *p, const char *tag, const struct cell *c)
{
	struct cell plain = cell_noted(*c, NULL);
	struct str *out = p->out;

	add_tag(out, tag, c->kind, c->in);
	if (c->kind == CELL_DURATION)
		str_addf(out, " data-n=\"%lld\"", (long long)c->number);
	str_add(out, '>');
	str_clear(&p->words);
	cell_words(&p->words, &plain);
	if (c->linked)
		add(out, "<a href=\"#", c->text, "\">");
	html_add(out, str_text(&p->words));
	str_adds(out, c->linked ? "</a>" : "");
	if (c->note)
		add(out, " <span class=\"faint\">", c->note, "</span>");
	str_adds(out, "</");
	str_adds(out, tag);
	str_add(out, '>');
}

static void
add_facts(struct printer *p, const struct block *b)
{
	str_adds(p->out, "<dl>\n");
	for (const struct cell *c = b->facts->cells; c < b->facts->cells + b->facts->n; c++) {
		if (!cell_is_shown(c))
			continue;
		str_addf(p->out, "<dt>%s</dt>", c->name);
		add_value(p, "dd", c);
		str_add(p->out, '\n');
	}
	str_adds(p->out, "</dl>\n");
}

/* ---- tables ---- */

static void
add_names(struct str *out, const struct row *r, bool sorted)
{
	str_adds(out, "<thead><tr>");
	for (size_t i = 0; i < r->n; i++) {
		const struct cell *c = &r->cells[i];
		add_tag(out, "th", cell_is_number(c) ? CELL_NUMBER : CELL_WORD, c->in);
		str_addf(out, sorted ? "><button type=\"button\">%s</button></th>" : ">%s</th>", c->name);
	}
	str_adds(out, "</tr></thead><tbody>\n");
}

static void
add_row(struct printer *p, const struct row *r, const char *tag)
{
	str_addf(p->out, r->badge ? "<tr class=\"%s\">" : "<tr>", r->badge ? r->badge->name : NULL);
	for (size_t i = 0; i < r->n; i++)
		add_value(p, tag, &r->cells[i]);
	str_adds(p->out, "</tr>\n");
}

/* The counts as parts of a bar; then each as a button that chooses rows. */
static void
add_chips(struct str *out, const struct table *t, struct row *r)
{
	str_adds(out, "<div class=\"bar\">");
	for (size_t i = 0; i < t->n; i++) {
		table_fill(r, t, i);
		if (r->cells[1].number)
			str_addf(out, "<span class=\"%s\" style=\"flex:%lld\" title=\"%s %lld\"></span>",
			         r->cells[0].badge->name, (long long)r->cells[1].number, r->cells[0].text,
			         (long long)r->cells[1].number);
	}
	str_adds(out, "</div>\n<ul class=\"chips\">\n");
	for (size_t i = 0; i < t->n; i++) {
		table_fill(r, t, i);
		const struct badge *badge = r->cells[0].badge;
		str_addf(out, "<li><button type=\"button\" class=\"%s\" data-state=\"%s\" "
		         "aria-pressed=\"false\"><b>%lld</b> %s <span class=\"faint\">", badge->name,
		         badge->name, (long long)r->cells[1].number, badge->title);
		cell_words(out, &r->cells[2]);
		add(out, "</span><small class=\"faint\">", r->cells[3].text, "</small></button></li>\n");
	}
	str_adds(out, "</ul>\n");
}

static void
add_table(struct printer *p, const struct block *b)
{
	const struct table *t = &b->table;
	struct row r = { 0 };
	bool sorted = t->look == TABLE_SORTED || t->look == TABLE_FILTERED;

	if (t->look == TABLE_CHIPS) {
		add_chips(p->out, t, &r);
		return;
	}
	if (t->look == TABLE_FILTERED)
		str_adds(p->out, "<input type=\"search\" id=\"filter\" hidden aria-label=\"filter\" "
		         "placeholder=\"filter: words, digits, a state, a model\">\n"
		         "<p class=\"faint\" id=\"shown\"></p>\n");
	str_addf(p->out, t->id ? "<div class=\"wide\"><table id=\"%s\"" : "<div class=\"wide\"><table", t->id);
	str_adds(p->out, sorted ? " class=\"sorted\">" : ">");
	for (size_t i = 0; i < table_rows(t); i++) {
		table_fill(&r, t, i);
		if (i == 0)
			add_names(p->out, &r, sorted);
		str_adds(p->out, i == t->n ? "</tbody><tfoot>\n" : "");
		add_row(p, &r, i == t->n ? "th" : "td");
	}
	str_adds(p->out, t->total ? "</tfoot></table></div>\n" : "</tbody></table></div>\n");
}

static void
add_lines(struct printer *p, const struct block *b)
{
	str_adds(p->out, "<pre>");
	for (size_t i = 0; i < b->lines.n; i++) {
		long number = b->lines.first + (long)i;
		bool hit = b->lines.first && number == b->lines.hit;
		str_adds(p->out, hit ? "<span class=\"hit\">" : "");
		if (b->lines.first)
			str_addf(p->out, "%6ld  ", number);
		add(p->out, "", b->lines.list[i], hit ? "</span>\n" : "\n");
	}
	str_adds(p->out, "</pre>\n");
}

static void
add_drawing(struct printer *p, const struct block *b)
{
	str_adds(p->out, "<div class=\"wide\">");
	str_adds(p->out, b->text);
	str_adds(p->out, "</div>\n");
}

static void (*const add_block[BLOCKS])(struct printer *, const struct block *) = {
	[BLOCK_SECTION] = add_section, [BLOCK_NOTE] = add_note, [BLOCK_FACTS] = add_facts,
	[BLOCK_TABLE] = add_table, [BLOCK_LINES] = add_lines, [BLOCK_DRAWING] = add_drawing,
};

void
page_print_html(struct str *out, const struct page *page)
{
	struct printer p = { .out = out };

	add_head(out, page->blocks[0].section.title);
	for (size_t i = 0; i < page->n; i++)
		add_block[page->blocks[i].kind](&p, &page->blocks[i]);
	str_adds(out, p.folded ? "</details>\n" : "");
	/* The digest is of all that stands between the tags. */
	str_adds(out, "<script>");
	str_adds(out, html_script);
	str_adds(out, "</script>\n</body>\n</html>\n");
	str_dispose(&p.words);
}
