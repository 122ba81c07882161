/* status.h - gen status: how far the fleet is.  */
#ifndef GEN_CMD_STATUS_H
#define GEN_CMD_STATUS_H

struct options;

/*
 * Print the status as a table, or as --md, --json or --html say; with --files write
 * out/status.md, out/status.json and out/status.html instead.
 *
 * Returns:   the exit status: 1 if something fits nowhere, too; prints its own errors.
 */
int cmd_status(struct options *options);

#endif
