/* html_text.h - text from outside as text of an HTML or SVG page.  Pure. */
#ifndef GEN_HTML_TEXT_H
#define GEN_HTML_TEXT_H

struct str;

/*
 * Add text so that it is only text, between tags and in a quoted attribute: & < > " '
 * become references; controls but newline and tab, and what is no UTF-8, become U+FFFD.
 *
 * Source: HTML, 13.1.2 "Elements" and "Attributes"; XML 1.0, 2.2 "Char".
 */
void html_add(struct str *out, const char *text);

#endif
