/* help.h - gen COMMAND --help: one page a command.  */
#ifndef GEN_HELP_H
#define GEN_HELP_H

#include <stdbool.h>

/* Print the page of a command.  Returns false if it has none. */
bool help_print(const char *command);

#endif
