/* generate.h - plan the fleet and write what ninja needs.  */
#ifndef GEN_GENERATE_H
#define GEN_GENERATE_H

struct options;

/* The current folder is the fleet's.  Returns the exit status; prints its own errors. */
int cmd_generate(struct options *options);

#endif
