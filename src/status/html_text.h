/* html_text.h - text from outside, made harmless for an HTML or SVG page.  Pure. */
#ifndef GEN_HTML_TEXT_H
#define GEN_HTML_TEXT_H

struct str;

/*
 * Add text so that a browser shows it as it is, between tags or in a quoted attribute: & < >
 * " ' become references; controls other than newline and tab, and bytes that are not UTF-8,
 * become U+FFFD.
 *
 * Source: HTML, 13.1.2 "Elements" and "Attributes"; XML 1.0, 2.2 "Char".
 */
void html_add(struct str *out, const char *text);

#endif
