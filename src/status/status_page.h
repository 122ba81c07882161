/* status_page.h - how far the fleet is, as a page: gen status, out/status.md, out/status.html.  Pure. */
#ifndef GEN_STATUS_PAGE_H
#define GEN_STATUS_PAGE_H

struct page;
struct status;

/* The HTML page shows so many images one by one, with a picture; others have a row only. */
#define STATUS_PAGE_DETAILS 400

/* Ownership: s must outlive the page. */
void status_page(struct page *p, const struct status *s);

#endif
