/* planned_members.h - what the members of a plan are called in JSON.  Pure. */
#ifndef GEN_PLANNED_MEMBERS_H
#define GEN_PLANNED_MEMBERS_H

#include "json/members.h"

#define PLAN_VERSION 1		/* of gen --json: it goes up when a member changes its meaning */
#define PLAN_FILE_VERSION 2	/* of out/plan.json: it goes up when only this gen can read it */

/* Of a struct planned: those before its images. */
extern const struct members_row planned_members[];

/* Of a struct planned_image.  The target is first: its line is found by that. */
extern const struct members_row planned_image_members[];
#define PLANNED_LINE "{\"target\":\""

/* Of a struct planned_tag. */
extern const struct members_row planned_tag_members[];

#endif
