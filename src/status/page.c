#include "status/page.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utc.h"

/* ---- values ---- */

bool
cell_is_shown(const struct cell *c)
{
	if (c->kind < CELL_TIME)
		return c->text && *c->text;
	return c->number > 0 || (c->number == 0 && c->kind >= CELL_COUNT);
}

struct cell
cell_duration(double seconds)
{
	return (struct cell){ CELL_DURATION, .number = seconds < 0 ? -1 : (int64_t)(seconds + 0.5) };
}

struct cell
cell_noted(struct cell c, const char *note)
{
	c.note = note;
	return c;
}

void
page_add_duration(struct str *out, double seconds)
{
	long s = seconds < 0 ? 0 : seconds > 1e9 ? 1000000000 : (long)(seconds + 0.5);

	if (s < 60)
		str_addf(out, "%ld s", s);
	else if (s < 3600)
		str_addf(out, "%ld min", (s + 30) / 60);
	else if (s < 48 * 3600)
		str_addf(out, "%ld h %02ld min", s / 3600, s % 3600 / 60);
	else
		str_addf(out, "%ld days %ld h", s / 86400, s % 86400 / 3600);
}

static void
add_value(struct str *out, const struct cell *c)
{
	long long number = (long long)c->number;
	char time[UTC_SIZE];

	switch (c->kind) {
	case CELL_ID:
		str_add_bytes(out, c->text, number ? strnlen(c->text, (size_t)number) : strlen(c->text));
		return;
	case CELL_TIME:
		utc_text(time, c->number);
		str_adds(out, time);
		return;
	case CELL_DURATION:
		page_add_duration(out, (double)number);
		return;
	case CELL_SHARE:
		str_addf(out, "%lld.%lld %%", number / 10, number % 10);
		return;
	default:
		if (cell_is_number(c))
			str_addf(out, "%lld%s", number, c->kind == CELL_MEGABYTES ? " MB" : "");
		else
			str_adds(out, c->text);
	}
}

void
cell_words(struct str *out, const struct cell *c)
{
	if (!cell_is_shown(c))
		return;
	add_value(out, c);
	if (c->note)
		str_addf(out, " (%s)", c->note);
}

/* ---- rows and tables ---- */

/* Room for one element more behind n; what was there stays in the arena. */
static void *
grow(void *array, size_t *cap, size_t n, size_t size, struct arena *a)
{
	if (n < *cap)
		return array;
	*cap = *cap ? 2 * *cap : 16;
	void *longer = arena_array(a, *cap, size);
	if (n)
		memcpy(longer, array, n * size);
	return longer;
}

void
row_add_in(struct row *r, unsigned in, const char *name, struct cell value)
{
	if (in && !(in & r->form))
		return;
	value.name = name;
	value.in = in;
	r->cells = grow(r->cells, &r->cap, r->n, sizeof(*r->cells), r->arena);
	r->cells[r->n++] = value;
}

void
table_fill(struct row *r, const struct table *t, size_t i)
{
	size_t columns = r->n;

	*r = (struct row){ .cells = r->cells, .cap = r->cap, .number = t->before + i + 1, .about = t->about,
	                   .form = t->page->form, .arena = t->page->arena };
	t->fill(r, i < t->n ? (const char *)t->items + i * t->size : NULL);
	assert(!columns || r->n == columns);
	(void)columns;
}

/* ---- blocks ---- */

void
page_add(struct page *p, struct block b)
{
	if (p->skipping)
		return;
	p->blocks = grow(p->blocks, &p->cap, p->n, sizeof(*p->blocks), p->arena);
	p->blocks[p->n++] = b;
}

bool
page_add_section(struct page *p, struct section s)
{
	p->skipping = s.in && !(s.in & p->form);
	if (!s.level)
		s.level = p->level;
	if (s.level == 1 || s.id)
		p->level = s.level + 1;
	page_add(p, (struct block){ BLOCK_SECTION, .section = s });
	return !p->skipping;
}

void
page_add_note(struct page *p, const char *text)
{
	page_add(p, (struct block){ BLOCK_NOTE, .text = text });
}

struct row *
page_add_facts(struct page *p, unsigned in, const char *title)
{
	struct row *facts = arena_alloc(p->arena, sizeof(*facts));

	*facts = (struct row){ .form = p->form, .arena = p->arena };
	if (title)
		page_add_section(p, (struct section){ title, .in = in });
	page_add(p, (struct block){ BLOCK_FACTS, .facts = facts });
	return facts;
}

void
page_add_table(struct page *p, struct section s, struct table t)
{
	if (!table_rows(&t))
		return;
	s.count = t.n;
	t.page = p;
	page_add_section(p, s);
	page_add(p, (struct block){ BLOCK_TABLE, .table = t });
}

void
section_words(struct str *out, const struct section *s)
{
	str_adds(out, s->title);
	if (s->counted)
		str_addf(out, " (%zu)", s->count);
	if (s->note && s->badge)
		str_addf(out, ": %s", s->badge->title);
	if (s->note)
		str_addf(out, ": %s", s->note);
}
