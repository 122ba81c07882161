#include "git/gitrepo_lib.h"

#include <stdarg.h>

#include "base/str.h"

/*
 * libgit2 refuses a clone of another user, since a hostile configuration can
 * name programs to run.  Nothing of the configuration is run here, and a clone
 * on a shared disk is usual.  Extensions listed here change nothing for a
 * reader; what a partial clone lacks is an error where it is asked for.
 */
static void
set_options(void)
{
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 5)
	static const char *extensions[] = { "noop", "partialclone", "preciousobjects",
		                            "worktreeconfig" };
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions,
	                 sizeof(extensions) / sizeof(*extensions));
#endif
	/* As git does: what zlib's checksum finds whole is not hashed at each reading. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	/* A commit is read once, but 100,000 of them would stay: 70 MB. */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_COMMIT, (size_t)0);
}

int
gitrepo_lib_start(struct error *err)
{
	if (git_libgit2_init() < 0)
		return gitrepo_lib_error(err, "libgit2");
	set_options();
	return 0;
}

int
gitrepo_lib_error(struct error *err, const char *fmt, ...)
{
	const git_error *last = git_error_last();
	struct str place = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&place, fmt, ap);
	va_end(ap);
	error_set(err, "%s: %s", str_text(&place),
	          last && last->message ? last->message : "libgit2 gives no reason");
	str_dispose(&place);
	git_error_clear();
	return -1;
}

int
gitrepo_parse_oid(git_oid *oid, const char *hex, struct error *err)
{
	if (git_oid_fromstr(oid, hex) < 0)
		return gitrepo_lib_error(err, "\"%s\"", hex);
	return 0;
}
