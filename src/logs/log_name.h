/* log_name.h - names of logs, "image.3.log": step and attempt.  Pure.  */
#ifndef GEN_LOG_NAME_H
#define GEN_LOG_NAME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Read a name.
 *
 * Returns:   the length of the step's name, 0 if this is no log's name.
 */
size_t log_name_parse(long *number, const char *name);

/* Of the logs of its step, is this not the newest?  names: all of the folder. */
bool log_name_is_old(const char *name, const char *const *names, size_t n);

#endif
