/* ninja_text.h - how names and values are spelled in a build file.  Pure. */
#ifndef GEN_NINJA_TEXT_H
#define GEN_NINJA_TEXT_H

struct error;
struct str;

/*
 * Append path to out, spelled as one path of a build statement.
 *
 * Errors:    -1 and err set, out as it was, if path is empty or holds a byte
 *            that has no spelling: CR, LF or '|'.
 * Source:    ninja manual, "Lexical syntax".
 */
int ninja_add_path(struct str *out, const char *path, struct error *err);

/*
 * Append value to out, spelled as the value of a variable.
 *
 * Errors:    -1 and err set, out as it was, if value holds CR or LF.
 */
int ninja_add_value(struct str *out, const char *value, struct error *err);

#endif
