#include "base/sink.h"

/* Large enough for few calls, small enough for the processor's cache. */
#define PIECE ((size_t)128 * 1024)

static int
pass_on(struct sink *s, struct error *err)
{
	if (!s->take || !s->text.len)
		return 0;
	int ret = s->take(s->to, s->text.data, s->text.len, err);
	str_clear(&s->text);
	return ret;
}

int
sink_flow(struct sink *s, struct error *err)
{
	return s->text.len < PIECE ? 0 : pass_on(s, err);
}

int
sink_end(struct sink *s, struct error *err)
{
	return pass_on(s, err);
}

void
sink_dispose(struct sink *s)
{
	str_dispose(&s->text);
}
