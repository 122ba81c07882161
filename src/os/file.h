/* file.h - whole files in, whole files out.  */
#ifndef GEN_FILE_H
#define GEN_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct str;

/*
 * Read all of path, NUL behind it.
 *
 * Errors:    -1 and err set, also when it is over limit bytes (0: 1 GiB).
 * Ownership: *text lives as long as a.
 */
int file_read(const char **text, size_t *len, const char *path, size_t limit, struct arena *a,
              struct error *err);

/* As file_read, but a file that is not there is no error: returns 0 then, 1 if read. */
int file_read_if_there(const char **text, size_t *len, const char *path, size_t limit,
                       struct arena *a, struct error *err);

/*
 * Read the last most bytes of path, NUL behind them; all of it if it has fewer.
 *
 * Errors, Ownership: as file_read_if_there.
 */
int file_read_end(const char **text, size_t *len, const char *path, size_t most, struct arena *a,
                  struct error *err);

/*
 * Look at a large file without reading all of it.  What replaces it by rename later is not
 * seen.  Returns 1, 0 if it is not there, -1 and err set.
 *
 * Ownership: the caller ends with file_unmap; text is NULL, and len 0, for an empty file.
 */
int file_map(char **text, size_t *len, const char *path, struct error *err);
void file_unmap(char *text, size_t len);

/*
 * Make path hold just these bytes: written beside it, synced, then renamed over it.
 * A file that holds them already is left alone, its time too.  Folders that are
 * missing are made.
 *
 * Returns:   1 replaced, 0 it was the same, -1 and err set and the old file whole.
 */
int file_replace(const char *path, const char *bytes, size_t len, struct error *err);

bool file_exists(const char *path);

/* Is there a program of this name in one of PATH's folders? */
bool file_in_path(const char *program);
bool file_is_folder(const char *path);

/*
 * Names in a folder, sorted, without those that start with a dot; none if there
 * is no such folder.
 *
 * Ownership: the array and its texts live as long as a.
 */
int file_list(const char ***names, size_t *n, const char *folder, struct arena *a,
              struct error *err);

#endif
