#include "logs/log_name.h"

#include <stdlib.h>
#include <string.h>

size_t
log_name_parse(long *number, const char *name)
{
	size_t step = strcspn(name, ".");
	const char *digits = name + step + (name[step] == '.');
	size_t n = strspn(digits, "0123456789");
	if (step == 0 || n == 0 || n > 9 || strcmp(digits + n, ".log") != 0)
		return 0;
	*number = strtol(digits, NULL, 10);
	return step;
}

bool
log_name_is_old(const char *name, const char *const *names, size_t n)
{
	long number, other;
	size_t step = log_name_parse(&number, name);
	if (!step)
		return false;
	for (size_t i = 0; i < n; i++)
		if (log_name_parse(&other, names[i]) == step && memcmp(names[i], name, step) == 0 &&
		    other > number)
			return true;
	return false;
}
