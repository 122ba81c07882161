/* timeline_svg.h - the timeline as a picture for an HTML page.  Pure. */
#ifndef GEN_TIMELINE_SVG_H
#define GEN_TIMELINE_SVG_H

struct str;
struct timeline;

/*
 * One <svg> element, for a page with rules for its classes: lane, grid and faint; ok, bad,
 * cut (no end is known, or none of its own) and now (at work) for attempts.  The timeline is not empty.
 */
void timeline_svg(struct str *out, const struct timeline *t);

#endif
