/* machine.h - memory and disk, as the kernel counts them.  */
#ifndef GEN_MACHINE_H
#define GEN_MACHINE_H

#include <stdbool.h>

#define MACHINE_NAME_SIZE 65

/* What the machine calls itself, cut where it is too long. */
void machine_name(char out[MACHINE_NAME_SIZE]);

/* Gigabytes of 2^30 bytes; below 0 where it cannot be told. */
struct machine_memory {
	double total_gb;
	double available_gb;
};

/* own_cgroup: count no more than the control groups that we are in may have. */
void machine_memory(struct machine_memory *out, bool own_cgroup);

/* Processors that we may use; below 0 where it cannot be told. */
long machine_cores(void);

/*
 * How many processes the kernel has killed because memory ran out, since some moment: only
 * differences say something.  In the whole machine and in our control group; where a
 * machine hides one of the numbers it is 0.
 */
struct machine_kills {
	long whole;
	long own;
	bool known;		/* the machine's number is one */
};

void machine_kills(struct machine_kills *out);

/*
 * What is free, for us, on the disk that path is or would be on; below 0 where it
 * cannot be told.  A disk without free inodes has nothing free.
 */
double machine_disk_free_gb(const char *path);

#endif
