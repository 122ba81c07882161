/* page.h - what a page says, whether a terminal, Markdown or HTML shows it.  Pure.
 *
 * A page is made once, as a list of blocks: headings, notes, facts, tables, lines of a log,
 * drawings.  A value has a kind, and cell_words spells each kind in one way for all forms.
 * Texts stay as they came from outside: each printer makes them harmless in one place.
 *
 * A column is one row_add in the function that fills the rows of its table.
 */
#ifndef GEN_PAGE_H
#define GEN_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct page;
struct str;

/* Where something is shown: a set, 0 means everywhere. */
enum {
	IN_TEXT = 1,
	IN_MARKDOWN = 2,
	IN_HTML = 4,
	IN_WIDE_HTML = 8 | IN_HTML,	/* not where the window is narrow */
};

/* A word that has a colour. */
struct badge {
	const char *name;	/* class in HTML */
	const char *title;
	const char *colour;	/* escape sequence of a terminal */
};

/* ---- values ---- */

enum cell_kind {
	CELL_TEXT,		/* may be long */
	CELL_WORD,
	CELL_ID,		/* to be copied: a commit, an image, a path; number: its digits, 0: all */
	CELL_BADGE,
	CELL_TIME,		/* seconds since 1970; 0: nothing */
	CELL_NUMBER,		/* 0: nothing.  This kind and those below stand on the right */
	CELL_MEGABYTES,		/* 0: nothing */
	CELL_COUNT,		/* 0 is shown, here and below */
	CELL_DURATION,		/* seconds; below 0: nothing */
	CELL_SHARE,		/* tenths of a percent */
};

/* One value. */
struct cell {
	enum cell_kind kind;
	const char *text;	/* NULL or "": nothing is shown */
	int64_t number;
	const struct badge *badge;
	const char *note;	/* in brackets; NULL: none */
	bool linked;		/* to the heading whose id is the text */
	const char *name;	/* of its column, or of the fact */
	unsigned in;
};

#define cell_text(t) ((struct cell){ CELL_TEXT, .text = (t) })
#define cell_word(t) ((struct cell){ CELL_WORD, .text = (t) })
#define cell_id(t) ((struct cell){ CELL_ID, .text = (t) })
#define cell_short_id(t, digits) ((struct cell){ CELL_ID, .text = (t), .number = (digits) })
#define cell_badge(b) ((struct cell){ CELL_BADGE, .text = (b)->title, .badge = (b) })
#define cell_time(at_s) ((struct cell){ CELL_TIME, .number = (int64_t)(at_s) })
#define cell_number(n) ((struct cell){ CELL_NUMBER, .number = (n) })
#define cell_megabytes(n) ((struct cell){ CELL_MEGABYTES, .number = (n) })
#define cell_count(n) ((struct cell){ CELL_COUNT, .number = (int64_t)(n) })
#define cell_share(tenths) ((struct cell){ CELL_SHARE, .number = (tenths) })
struct cell cell_duration(double seconds);

/* The same value with a note. */
struct cell cell_noted(struct cell c, const char *note);

bool cell_is_shown(const struct cell *c);

/* Does a column of such values stand on the right? */
#define cell_is_number(c) ((c)->kind >= CELL_NUMBER)

/* Add the value in words, if there is anything to show; they are not yet fit for any form. */
void cell_words(struct str *out, const struct cell *c);

/* Add "53 s", "12 min", "1 h 05 min", "3 days 2 h". */
void page_add_duration(struct str *out, double seconds);

/* ---- rows and tables ---- */

/* Cells in order: a row of a table, or a list of facts. */
struct row {
	struct cell *cells;
	size_t n, cap;
	size_t number;			/* of the row in its table, from 1 */
	const struct badge *badge;	/* colours the whole row; NULL: none does */
	const void *about;		/* as the table says */
	unsigned form;
	struct arena *arena;		/* for texts that are made for the row */
};

/* Add a value, if the row's form shows it. */
void row_add_in(struct row *r, unsigned in, const char *name, struct cell value);
#define row_add(r, name, value) row_add_in(r, 0, name, value)

enum table_look {
	TABLE_PLAIN,
	TABLE_BARE,		/* in a text its columns have no heads */
	TABLE_SORTED,		/* in HTML a click on a column sorts */
	TABLE_FILTERED,		/* that, and words and badges choose rows; one in a page */
	TABLE_CHIPS,		/* in HTML a bar and buttons; columns: badge, count, share, text */
};

struct table {
	/*
	 * Add the cells of one item to r: the same columns in the same order for each.
	 * item is NULL for the row of totals.
	 */
	void (*fill)(struct row *r, const void *item);
	const void *about;	/* for fill, as r->about */
	const void *items;
	size_t n, size;		/* of the items, of each in bytes */
	size_t before;		/* how many items were numbered before these */
	size_t most;		/* rows in a text, the rest is counted; 0: all */
	bool total;		/* a row of totals stands below */
	enum table_look look;
	const char *id;		/* in HTML; NULL: none */
	struct page *page;	/* set by page_add_table */
};

#define TABLE_ITEMS(list, count) .items = (list), .n = (count), .size = sizeof(*(list))

/* How many rows the table has, that of totals included. */
#define table_rows(t) ((t)->n + (t)->total)

/* Fill r anew with row i. */
void table_fill(struct row *r, const struct table *t, size_t i);

/* ---- blocks ---- */

struct section {
	const char *title;
	unsigned level;		/* 1: title of the page; 0: one below that, or below what is folded */
	unsigned in;		/* for all up to the next section */
	bool counted;
	size_t count;		/* in brackets */
	const struct badge *badge;	/* its colour; NULL: none */
	const char *note;	/* behind the title and the badge; NULL: neither is there */
	const char *id;		/* folded: in HTML a click opens it and the sections below it */
	bool open;		/* it is open from the start */
};

struct lines {
	const char *const *list;
	size_t n;
	long first;		/* number of the first; 0: they have none */
	long hit;		/* number of the one that matters */
};

enum block_kind {
	BLOCK_SECTION,
	BLOCK_NOTE,		/* text */
	BLOCK_FACTS,
	BLOCK_TABLE,
	BLOCK_LINES,
	BLOCK_DRAWING,		/* text: markup of ours, for HTML alone */
	BLOCKS			/* how many there are */
};

struct block {
	enum block_kind kind;
	union {
		struct section section;
		const char *text;
		struct row *facts;
		struct table table;
		struct lines lines;
	};
};

/* Start from { .form = ..., .arena = ... }. */
struct page {
	unsigned form;		/* the one that it is made for */
	struct arena *arena;
	const char *more;	/* behind "... and 7 more" */
	struct block *blocks;
	size_t n, cap;
	unsigned level;		/* of sections that do not say */
	bool skipping;		/* the section at hand is not shown */
};

/*
 * Add to the section at hand, if that is shown.
 *
 * Ownership: here and below, texts and items are only pointed to.
 */
void page_add(struct page *p, struct block b);

/* Begin a section.  Returns false if it is not shown. */
bool page_add_section(struct page *p, struct section s);

/* Add a paragraph, which begins with a word of ours. */
void page_add_note(struct page *p, const char *text);

/* Begin a section of facts, still to be added; title is NULL: go on in the section at hand. */
struct row *page_add_facts(struct page *p, unsigned in, const char *title);

/* Begin a section with a table, unless that is empty; its items count. */
void page_add_table(struct page *p, struct section s, struct table t);

/* Add what a heading says: "title (count): badge: note". */
void section_words(struct str *out, const struct section *s);

#endif
