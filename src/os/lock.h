/* lock.h - files that say who is at work, and that only one is.
 *
 * The lock is flock's: the kernel lets go of it when the last process that inherited it
 * ends, whatever ended it.  The file's text says who holds it; where it is left without
 * a holder, its holder was killed.
 */
#ifndef GEN_LOCK_H
#define GEN_LOCK_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

/* Start from { .fd = -1 }. */
struct lock {
	int fd;
	const char *path;	/* borrowed */
};

/*
 * Take the lock of path if nobody has it.  Folders must exist.
 *
 * Returns:   1 taken, 0 somebody has it, -1 and err set.
 * Ownership: *text, what the file says ("" for nothing), lives as long as a.
 */
int lock_try(struct lock *l, const char *path, const char **text, struct arena *a,
             struct error *err);

/* Take the lock of path, waiting for it: for what is held for a moment only. */
int lock_take(struct lock *l, const char *path, struct error *err);

/*
 * Has somebody the lock of path?
 *
 * Ownership: *text, what the file says, lives as long as a; "" without a file.
 */
bool lock_is_held(const char *path, const char **text, struct arena *a);

/* Say who we are. */
int lock_write(const struct lock *l, const char *text, size_t len, struct error *err);

/* Let go; the file stays, with its text. */
void lock_close(struct lock *l);

/* Remove the file and let go. */
void lock_release(struct lock *l);

#endif
