#include "registry/registry_query.h"

const char *
may_push_name(enum may_push m)
{
	switch (m) {
	case MAY_PUSH_YES:
		return "yes";
	case MAY_PUSH_NO:
		return "no";
	case MAY_PUSH_UNKNOWN:
		break;
	}
	return "unknown";
}
