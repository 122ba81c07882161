/* tree.h - folders with all that is in them.  */
#ifndef GEN_TREE_H
#define GEN_TREE_H

struct error;

/* The disk that path (a file or a folder) takes, in bytes; 0 if it is not there. */
double tree_size_bytes(const char *path);

/* Make a folder and those above it. */
int tree_make(const char *path, struct error *err);

/* Have all that is below path, and more, written to the disk: one call for the file system. */
int tree_sync(const char *path, struct error *err);

/* Remove path and all below it.  What is not there is no error. */
int tree_remove(const char *path, struct error *err);

#endif
