/* status_group.h - a fixture of its own for each test of a program.  */
#ifndef STATUS_GROUP_H
#define STATUS_GROUP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/str.h"
#include "status_fixture.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static struct fixture f;
static struct str out;	/* what a test renders */

static int
setup(void **state)
{
	(void)state;
	fixture_make(&f);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fixture_dispose(&f);
	str_dispose(&out);
	return 0;
}

#endif
