#include "cmd/prune_parts.h"

#include <stdio.h>

void
prune_complain(struct prune *p)
{
	fprintf(stderr, "gen: %s\n", p->err.text);
	p->err.text[0] = '\0';
	p->failed++;
}
