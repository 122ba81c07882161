/* image_graph.h - what one image comes from and how far it is, as a picture.  Pure. */
#ifndef GEN_IMAGE_GRAPH_H
#define GEN_IMAGE_GRAPH_H

struct status;
struct status_row;
struct str;

/* Graphviz's language, colours by state.  Source: https://graphviz.org/doc/info/lang.html */
void image_graph_dot(struct str *out, const struct status *s, const struct status_row *row);

/*
 * The same as one <svg> element, drawn here, for a page with rules for its classes: box
 * and m-MARK, edge, head, t0 and t1.
 */
void image_graph_svg(struct str *out, const struct status *s, const struct status_row *row);

/* A whole SVG file, which brings the rules. */
void image_graph_svg_file(struct str *out, const struct status *s, const struct status_row *row);

#endif
