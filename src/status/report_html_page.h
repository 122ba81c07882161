/* report_html_page.h - what is the same on each HTML page: style and script.  Pure. */
#ifndef GEN_REPORT_HTML_PAGE_H
#define GEN_REPORT_HTML_PAGE_H

extern const char report_html_style[];

/* Sorts and filters the table of images, opens what a link points to.  Without it all is there. */
extern const char report_html_script[];

#endif
