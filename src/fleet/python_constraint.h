/* python_constraint.h - does a project accept a version of Python?  Pure. */
#ifndef GEN_PYTHON_CONSTRAINT_H
#define GEN_PYTHON_CONSTRAINT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * The constraint that a pyproject.toml (requires-python = "...") or a setup.py
 * (python_requires="...") states.
 *
 * Returns:   NULL if it states none.
 * Ownership: lives as long as a.
 */
const char *python_constraint(const char *text, size_t len, struct arena *a);

/*
 * Is version ("3.12.9") among what a constraint (">=3.9,<=3.12") accepts?
 *
 * A version has numbers alone here: no release candidates, no epochs.  A
 * constraint that cannot be read accepts everything: it is pip's to refuse.
 * Source:    PEP 440, "Version specifiers".  "<=3.12" does not accept 3.12.9.
 */
bool python_constraint_accepts(const char *constraint, const char *version);

#endif
