/* classify.h - gen classify: why builds failed, from their logs.  */
#ifndef GEN_CMD_CLASSIFY_H
#define GEN_CMD_CLASSIFY_H

/*
 * Print one line a log: "file<TAB>class<TAB>line number<TAB>the line"; the number is 0
 * and the line empty when no line says anything.  "-" is standard input, which is also
 * read, as "-", when there are no paths.
 *
 * Returns:   the exit status: 1 if some log cannot be read.
 */
int cmd_classify(int n_paths, char *const *paths);

#endif
