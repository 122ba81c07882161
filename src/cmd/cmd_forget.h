/* forget.h - gen forget TARGET: what failed is worth another try.  */
#ifndef GEN_CMD_FORGET_H
#define GEN_CMD_FORGET_H

/*
 * Clear the failures of target ("baseline-..." or its digits, at least 4) from the
 * ledger, and what was noted of its base's compiled objects.
 *
 * Returns:   the exit status: 1 if nothing is known of it; prints its own errors.
 */
int cmd_forget(const char *target);

#endif
