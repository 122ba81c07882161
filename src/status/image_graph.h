/* image_graph.h - a picture of one image: its inputs, and how far its steps are.  Pure. */
#ifndef GEN_IMAGE_GRAPH_H
#define GEN_IMAGE_GRAPH_H

struct status;
struct status_row;
struct str;

/* In the language of Graphviz, coloured by state.  Source: https://graphviz.org/doc/info/lang.html */
void image_graph_dot(struct str *out, const struct status *s, const struct status_row *row);

/*
 * The same as one <svg> element.  The page has rules for its classes: box and m-MARK, edge,
 * head, t0 and t1.
 */
void image_graph_svg(struct str *out, const struct status *s, const struct status_row *row);

/* The same as a whole SVG file, with the rules. */
void image_graph_svg_file(struct str *out, const struct status *s, const struct status_row *row);

#endif
