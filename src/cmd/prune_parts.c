#include "cmd/prune_parts.h"

#include "base/program.h"

void
prune_complain(struct prune *p)
{
	program_say("%s", p->err.text);
	p->err.text[0] = '\0';
	p->failed++;
}
