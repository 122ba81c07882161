/* page_markdown.h - a page as Markdown: GitHub's, with its tables and no HTML.  Pure. */
#ifndef GEN_PAGE_MARKDOWN_H
#define GEN_PAGE_MARKDOWN_H

struct page;
struct str;

/* The page was made for IN_MARKDOWN. */
void page_print_markdown(struct str *out, const struct page *page);

/*
 * Add text as it shows in a line or one cell of a table: what Markdown would take for its
 * own is escaped, and only that; controls become '?'.
 *
 * Source: CommonMark 0.30, section 2.4; GFM 0.29, section 4.10.
 */
void markdown_add(struct str *out, const char *text);

#endif
