/* page_html.h - a page as HTML, for a browser.  Pure.
 *
 * The page needs nothing but itself: no network, no other file.  Its content security
 * policy lets only its own script run, by digest, so that text from a mapping or a log
 * does nothing even if it were taken for markup.
 */
#ifndef GEN_PAGE_HTML_H
#define GEN_PAGE_HTML_H

struct page;
struct str;

/* The page was made for IN_HTML. */
void page_print_html(struct str *out, const struct page *page);

#endif
