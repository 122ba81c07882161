/* html_assets.h - the style and the script of each HTML page.  Pure. */
#ifndef GEN_HTML_ASSETS_H
#define GEN_HTML_ASSETS_H

extern const char html_style[];

/* Sorts tables, filters one, opens what a link points to.  Without it all is there. */
extern const char html_script[];

#endif
