#include "fleet/fleet_rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/error.h"
#include "fleet/fleet.h"
#include "fleet/native_key.h"
#include "fleet/preflight.h"
#include "git/substitution.h"
#include "logs/failure_class.h"
#include "registry/wheel.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define KNOWN(f, ...) \
	fields_check_names(f, (const char *const[]){ __VA_ARGS__ }, \
	                   COUNT(((const char *const[]){ __VA_ARGS__ })))

#define MINUTES_MOST (60L * 24 * 30)

/* ---- native ---- */

static int
read_pin(struct native_pin_rule *out, const struct fields *f)
{
	if (KNOWN(f, "package", "files") < 0 || fields_needed(f, "package") < 0 ||
	    fields_string(&out->package, f, "package") < 0 || fields_needed(f, "files") < 0 ||
	    fields_strings(&out->files, &out->n_files, f, "files") < 0)
		return -1;
	return *out->package ? 0 : fields_error(f, "package", "empty");
}

static int
read_pins(struct native_rules *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "pins");
	if (there <= 0)
		return there;
	out->n_pins = json_array_size(array);
	out->pins = arena_array(f->arena, out->n_pins, sizeof(*out->pins));
	for (size_t i = 0; i < out->n_pins; i++) {
		struct fields element;
		if (fields_element(&element, f, "pins", array, i) < 0 ||
		    read_pin(&out->pins[i], &element) < 0)
			return -1;
	}
	return 0;
}

int
fleet_read_native(struct fleet *out, const struct fields *f)
{
	struct fields native;
	struct native_rules *rules = &out->native;
	int there = fields_object(&native, f, "native");
	if (there <= 0)
		return there;
	if (KNOWN(&native, "inputs", "pins", "args", "compile_minutes", "wheel") < 0 ||
	    fields_needed(&native, "inputs") < 0 ||
	    fields_strings(&rules->inputs, &rules->n_inputs, &native, "inputs") < 0 ||
	    read_pins(rules, &native) < 0 ||
	    fields_strings(&rules->args, &rules->n_args, &native, "args") < 0 ||
	    fields_string(&out->wheel, &native, "wheel") < 0 ||
	    fields_long(&out->compile_minutes, &native, "compile_minutes", 1, MINUTES_MOST) < 0)
		return -1;
	if (out->wheel && !wheel_template_valid(out->wheel))
		return fields_error(&native, "wheel", "not an https URL that holds {commit}");
	return rules->n_inputs ? 0 : fields_error(&native, "inputs", "empty");
}

/* ---- preflight ---- */

/* What may be asked, and of what. */
static const struct {
	const char *key;
	enum preflight_test test;
	const char *of;		/* "file", "arg", or NULL: of nothing */
} tests[] = {
	{ "contains", PREFLIGHT_CONTAINS, "file" },
	{ "lacks", PREFLIGHT_LACKS, "file" },
	{ "rejects_python", PREFLIGHT_REJECTS_PYTHON, "file" },
	{ "below", PREFLIGHT_ARG_BELOW, "arg" },
	{ "no_tag", PREFLIGHT_NO_TAG, NULL },
};

static int
read_condition(struct preflight_condition *out, const struct fields *f)
{
	size_t found = 0;

	if (KNOWN(f, "file", "arg", "contains", "lacks", "rejects_python", "below", "no_tag") < 0 ||
	    fields_string(&out->file, f, "file") < 0 || fields_string(&out->arg, f, "arg") < 0)
		return -1;
	for (size_t i = 0; i < COUNT(tests); i++) {
		int there = fields_string(&out->value, f, tests[i].key);
		if (there < 0)
			return -1;
		if (!there)
			continue;
		found++;
		out->test = tests[i].test;
		if (tests[i].of && fields_needed(f, tests[i].of) < 0)
			return -1;
	}
	if (found != 1)
		return error_set(f->err, "%s: %s: expected exactly one of contains, lacks, rejects_python, below, no_tag",
		                 f->file, f->pointer);
	return 0;
}

static int
read_conditions(struct preflight_rule *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "when");
	if (there <= 0)
		return there;
	out->n_conditions = json_array_size(array);
	out->conditions = arena_array(f->arena, out->n_conditions, sizeof(*out->conditions));
	for (size_t i = 0; i < out->n_conditions; i++) {
		struct fields element;
		if (fields_element(&element, f, "when", array, i) < 0 ||
		    read_condition(&out->conditions[i], &element) < 0)
			return -1;
	}
	return 0;
}

static int
read_cure_substitution(struct preflight_cure *out, const struct fleet *fleet,
                       const struct fields *cure)
{
	const char *name;
	int there = fields_string(&name, cure, "substitution");
	if (there <= 0)
		return there;
	for (size_t i = 0; i < fleet->n_substitutions; i++)
		if (strcmp(fleet->substitutions[i].name, name) == 0)
			out->substitution = &fleet->substitutions[i];
	return out->substitution ? 0 : fields_error(cure, "substitution", "no substitution has this name");
}

static int
read_cure(struct preflight_rule *out, const struct fleet *fleet, const struct fields *f)
{
	struct fields cure;
	int there = fields_object(&cure, f, "cure");
	if (there <= 0)
		return there;
	if (KNOWN(&cure, "env", "args", "substitution", "patch") < 0 ||
	    fields_name_values(&out->cure.env, &out->cure.n_env, &cure, "env") < 0 ||
	    fields_name_values(&out->cure.args, &out->cure.n_args, &cure, "args") < 0 ||
	    fields_string(&out->cure.patch, &cure, "patch") < 0)
		return -1;
	return read_cure_substitution(&out->cure, fleet, &cure);
}

static int
read_end(const char **out, const struct fields *f, const char *name)
{
	char prefix[COMMIT_ID_HEX + 1];
	int there = fields_string(out, f, name);
	if (there > 0 && commit_id_parse_prefix(prefix, *out, NULL) < 0)
		return fields_error(f, name, "not 4 to 40 hex digits");
	return there;
}

static int
read_rule(struct preflight_rule *out, const struct fleet *fleet, const struct fields *f)
{
	if (KNOWN(f, "name", "predicts", "says", "when", "introduced_by", "fixed_by", "cure", "apply") < 0 ||
	    fields_needed(f, "name") < 0 || fields_string(&out->name, f, "name") < 0 ||
	    fields_needed(f, "predicts") < 0 || fields_string(&out->predicts, f, "predicts") < 0 ||
	    fields_string(&out->says, f, "says") < 0 || read_conditions(out, f) < 0 ||
	    read_end(&out->introduced_by, f, "introduced_by") < 0 ||
	    read_end(&out->fixed_by, f, "fixed_by") < 0 || read_cure(out, fleet, f) < 0 ||
	    fields_bool(&out->apply, f, "apply") < 0)
		return -1;
	enum failure_class class;
	if (!failure_class_parse(&class, out->predicts))
		return fields_error(f, "predicts", "not a class of failures");
	if (!out->n_conditions && !out->introduced_by && !out->fixed_by)
		return fields_error(f, "when", "a rule needs a condition, introduced_by or fixed_by");
	return 0;
}

int
fleet_read_preflight(struct fleet *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "preflight");
	if (there <= 0)
		return there;
	out->n_preflight = json_array_size(array);
	out->preflight = arena_array(f->arena, out->n_preflight, sizeof(*out->preflight));
	for (size_t i = 0; i < out->n_preflight; i++) {
		struct fields element;
		if (fields_element(&element, f, "preflight", array, i) < 0 ||
		    read_rule(&out->preflight[i], out, &element) < 0)
			return -1;
	}
	return 0;
}
