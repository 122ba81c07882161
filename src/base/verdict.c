#include "base/verdict.h"

const char *
verdict_name(enum verdict v)
{
	switch (v) {
	case VERDICT_PRESENT:
		return "present";
	case VERDICT_ABSENT:
		return "absent";
	case VERDICT_UNKNOWN:
		break;
	}
	return "unknown";
}
