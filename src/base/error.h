/* error.h - one line that says what went wrong, and where.  */
#ifndef GEN_ERROR_H
#define GEN_ERROR_H

struct error {
	char text[1024];
};

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * Say what went wrong: place first, value quoted, no capital, no full stop.
 * The first message wins; later ones are dropped.  Control characters, which
 * may come from outside, are replaced by '?'; what is too long ends in "...".
 *
 * Returns:   -1 always, so that a caller can write: return error_set(err, ...)
 * Ownership: err may be NULL: the message is dropped.
 */
int error_set(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Put a place before the message that err already holds: "place: message".
 *
 * Returns:   -1 always.
 */
int error_prefix(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Put what can be done behind the message that err already holds: "message; remedy".
 *
 * Returns:   -1 always.
 */
int error_remedy(struct error *err, const char *remedy);

#endif
