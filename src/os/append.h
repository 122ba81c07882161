/* append.h - files that only grow, line by line, by several writers at once.  */
#ifndef GEN_APPEND_H
#define GEN_APPEND_H

#include <stddef.h>

struct error;

/*
 * Append whole lines, all in one write, so that those of others never stand between
 * them.  A line that a crash tore is ended first, so that only it is lost.  Folders
 * must exist.
 */
int append_lines(const char *path, const char *lines, size_t len, struct error *err);

#endif
