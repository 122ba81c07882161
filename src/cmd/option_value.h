/* option_value.h - one option's value: from text to struct options, and back.  */
#ifndef GEN_OPTION_VALUE_H
#define GEN_OPTION_VALUE_H

struct arena;
struct error;
struct option_row;
struct options;
struct str;

/*
 * Check a value and set the row's member of o; a switch takes none.
 *
 * Errors:    -1 and err set.
 * Ownership: o borrows value, or owns nothing: what is made of it lives as long as a.
 */
int option_set(struct options *o, const struct option_row *row, const char *value, struct arena *a,
               struct error *err);

/* Append "name=value" and a newline; nothing if the member is as if never set. */
void option_add_line(struct str *out, const struct options *o, const struct option_row *row);

#endif
