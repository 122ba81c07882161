/* timeline_svg.h - the timeline as a picture for an HTML page.  Pure. */
#ifndef GEN_TIMELINE_SVG_H
#define GEN_TIMELINE_SVG_H

struct str;
struct timeline;

/*
 * Add one <svg> element.  The page has rules for its classes: lane, grid and faint; for
 * attempts ok, bad, cut (interrupted, lost, or without an end) and now (at work).
 */
void timeline_svg(struct str *out, const struct timeline *t);

#endif
