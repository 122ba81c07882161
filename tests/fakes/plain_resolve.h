/* plain_resolve.h - a stand-in for libcurl's reading of references, for tests.  */
#ifndef GEN_PLAIN_RESOLVE_H
#define GEN_PLAIN_RESOLVE_H

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

/* Absolute urls, absolute paths and queries; other references are refused. */
static bool
plain_resolve(struct str *out, const char *base, const char *reference)
{
	const char *host = strstr(base, "://");
	size_t keep;

	if (strstr(reference, "://")) {
		str_adds(out, reference);
		return true;
	}
	if (!host || (*reference != '/' && *reference != '?'))
		return false;
	if (*reference == '/')
		keep = (size_t)(host + 3 - base) + strcspn(host + 3, "/?");
	else
		keep = strcspn(base, "?");
	str_add_bytes(out, base, keep);
	str_adds(out, reference);
	return true;
}

#endif
