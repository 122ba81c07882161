/* graph.h - gen graph: the picture of one image.  */
#ifndef GEN_CMD_GRAPH_H
#define GEN_CMD_GRAPH_H

struct options;

/*
 * Print what the image that word names comes from and how far it is: as SVG, or for
 * graphviz (--format=dot, the default).
 *
 * Returns:   the exit status; prints its own errors.
 */
int cmd_graph(struct options *options, const char *word);

#endif
