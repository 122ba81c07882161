/*
 * unit.h - a file of tests gives them to the runner, unit.c, as a group with the file's name:
 *
 *	GROUP(test_stamp)
 *	{
 *		const struct CMUnitTest tests[] = { cmocka_unit_test(stamps_are_read) };
 *		return cmocka_run_group_tests(tests, NULL, NULL);
 *	}
 */
#ifndef GEN_UNIT_H
#define GEN_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct group {
	const char *name;
	int (*run)(void);	/* returns how many tests failed */
	struct group *next;
};

/* Groups are added before main starts. */
void group_add(struct group *g);

#define GROUP(function) \
	static int function(void); \
	__attribute__((constructor)) static void \
	add_##function(void) \
	{ \
		static struct group g = { #function, function, NULL }; \
		group_add(&g); \
	} \
	static int function(void)

#endif
