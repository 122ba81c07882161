/* program.h - the name of this program, and its lines on stderr.  */
#ifndef GEN_PROGRAM_H
#define GEN_PROGRAM_H

#include "base/error.h"

/* The name that usage, messages and advice use: "run gen". */
const char *program_name(void);

/* Print one line on stderr: the name, a colon, the message. */
void program_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
