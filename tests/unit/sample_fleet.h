/* sample_fleet.h - a small fleet for tests: fleet.json and entries as C texts.  */
#ifndef SAMPLE_FLEET_H
#define SAMPLE_FLEET_H

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "plan/plan.h"

/* A commit id that starts with these digits: the rest is zeros and a last digit. */
static inline const char *
sample_id(struct arena *a, const char *start)
{
	char hex[COMMIT_ID_HEX + 1];
	snprintf(hex, sizeof(hex), "%s%0*d", start, (int)(COMMIT_ID_HEX - strlen(start)), 0);
	return arena_strdup(a, hex);
}

static const char sample_fleet_text[] =
	"{\"version\":1,\"name\":\"demo\",\"source\":{\"url\":\"https://example.org/x.git\"},"
	"\"mappings\":[{\"name\":\"v1\",\"file\":\"m1.json\"},{\"name\":\"v2\",\"file\":\"m2.json\"}],"
	"\"registry\":\"reg.example\",\"baseline_repository\":\"d/base\",\"human_repository\":\"d/human\","
	"\"build\":{\"dockerfile\":\"Dockerfile\",\"max_jobs\":8,\"nvcc_threads\":2,\"smoke_test\":\"true\","
	"\"args\":{\"ARCH\":\"9.0\"},\"env\":{\"CC\":\"gcc\",\"L\":\"x\"}},"
	"\"pools\":{\"source\":3,\"cuda\":1,\"light\":2,\"push\":2},"
	"\"commits\":{\"bb0000000000\":{\"max_jobs\":4,\"env\":{\"L\":\"it's $HOME\"}},"
	"\"dd0000000000\":{\"failed\":{\"error\":\"E\",\"reason\":\"R\"}}}}";

static inline void
sample_fleet(struct fleet *out, struct arena *a)
{
	struct error err = { 0 };
	if (fleet_parse(out, "fleet.json", sample_fleet_text, strlen(sample_fleet_text), a, &err) < 0)
		fprintf(stderr, "%s\n", err.text);
}

static inline struct entry
sample_entry(struct arena *a, const char *human, const char *parent, unsigned mapping, size_t index)
{
	struct entry e = { .mapping = mapping, .place = (unsigned)index };
	memcpy(e.human, sample_id(a, human), sizeof(e.human));
	memcpy(e.parent, sample_id(a, parent), sizeof(e.parent));
	return e;
}

#endif
