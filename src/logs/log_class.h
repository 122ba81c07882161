/* log_class.h - classify a log that is in a file.  */
#ifndef GEN_LOG_CLASS_H
#define GEN_LOG_CLASS_H

#include <stdbool.h>
#include <stddef.h>

#include "logs/classify.h"

struct error;

/*
 * Read fd to its end and say why the build failed.
 *
 * Errors:    -1 and err set, naming path, if it cannot be read.
 */
int log_class_read(struct finding *out, struct classifier *c, int fd, const char *path,
                   struct error *err);

/* The last line that is not blank, without controls, cut to size; false if there is none. */
bool log_last_line(char *out, size_t size, const char *path);

#endif
