/* help.h - what --help and --list print, made from the tables.  */
#ifndef GEN_HELP_H
#define GEN_HELP_H

struct command;

/* The page of one command, or, for NULL, of the program. */
void help_print(const struct command *command);

/*
 * A line for each command and each option, for programs that complete or check them:
 *
 *	command|NAME|WORDS|SUMMARY
 *	option|NAME|LETTER|ARGUMENT|KIND|VALUES|COMMANDS|FLAGS|HELP
 *
 * KIND is one of switch text choice file folder host seconds; FLAGS are form, hidden.  Lists
 * are separated by blanks.  What there is none of is empty; COMMANDS are then all.
 */
void help_list(void);

#endif
