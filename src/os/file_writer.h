/* file_writer.h - replace a file, told its bytes a piece at a time, if they differ.  */
#ifndef GEN_FILE_WRITER_H
#define GEN_FILE_WRITER_H

#include <stddef.h>

struct error;
struct file_writer;

/*
 * Start to make path hold what is added from here on.  The old file is read along: as long
 * as it holds the same nothing is written, and neither text is ever whole in memory.
 *
 * Ownership: the caller frees with file_writer_free.
 */
struct file_writer *file_writer_new(const char *path);

/* Add bytes.  Errors: -1 and err set; only file_writer_free may follow. */
int file_writer_add(struct file_writer *w, const char *bytes, size_t len, struct error *err);

/* The same for a sink, whose .to is the writer. */
int file_writer_take(void *writer, const char *bytes, size_t len, struct error *err);

/*
 * All has been added.  A file that holds just that is left alone, its time too; else the
 * new one, written beside it and synced, is renamed over it.  Folders that are missing
 * have been made.
 *
 * Returns:   1 replaced, 0 it was the same, -1 and err set and the old file whole.
 */
int file_writer_end(struct file_writer *w, struct error *err);

/* Without an end before, path stays as it was. */
void file_writer_free(struct file_writer *w);

#endif
