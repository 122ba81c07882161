/* compile_progress.h - how far a compile is, from the end of its log.  Pure. */
#ifndef GEN_COMPILE_PROGRESS_H
#define GEN_COMPILE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The last "[123/314]" (ninja) or "[ 42%]" (make with CMake: of 100) at the start of a
 * line, behind what an engine puts there.
 *
 * Returns:   false, *done and *total untouched, if there is none.
 */
bool compile_progress_parse(long *done, long *total, const char *text, size_t len);

#endif
