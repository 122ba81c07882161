/* Cloning and fetching. */
#include "git/gitrepo.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "git/gitrepo_lib.h"
#include "os/transfer_bar.h"

#define CONNECT_TIMEOUT_MS 30000
#define SILENCE_TIMEOUT_MS 300000	/* a large repository is counted first */

struct download {
	struct transfer_bar bar;
	const char *what;
};

static int
on_progress(const git_indexer_progress *p, void *payload)
{
	struct download *d = payload;
	struct transfer t = {
		.what = d->what,
		.objects_done = p->received_objects,
		.objects = p->total_objects,
		.bytes = p->received_bytes,
		.deltas_done = p->indexed_deltas,
		.deltas = p->received_objects == p->total_objects ? p->total_deltas : 0,
	};
	transfer_bar_draw(&d->bar, &t);
	return 0;
}

static int
no_credentials(git_credential **out, const char *url, const char *user, unsigned types,
               void *payload)
{
	(void)out, (void)url, (void)user, (void)types, (void)payload;
	git_error_set_str(GIT_ERROR_NET, "the server asks who we are, and no credentials are "
	                                 "sent; clone it with git and name the clone");
	return GIT_EAUTH;
}

/* A URL for messages: what stands before '@' in it may be a password. */
static const char *
url_shown(const char *url)
{
	const char *host = strstr(url, "://");
	if (!host)
		return url;
	size_t authority = strcspn(host + 3, "/");
	const char *at = memrchr(host + 3, '@', authority);
	return at ? at + 1 : url;
}

/* libgit2 calls a path that is not there an "unsupported URL protocol". */
static int
source_error(struct error *err, const char *url)
{
	struct stat st;
	if (!strpbrk(url, ":") && stat(url, &st) < 0)
		return error_set(err, "%s: %s", url, strerror(errno));
	return gitrepo_lib_error(err, "%s", url_shown(url));
}

/* Where git and curl users name a certificate authority of their own. */
static void
trust_own_authority(void)
{
	const char *file = getenv("GIT_SSL_CAINFO");
	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	if (file && *file)
		git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
}

static void
set_timeouts(void)
{
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 7)
	git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, CONNECT_TIMEOUT_MS);
	git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, SILENCE_TIMEOUT_MS);
#endif
}

static void
set_up(git_fetch_options *options, struct download *d)
{
	trust_own_authority();
	set_timeouts();
	options->proxy_opts.type = GIT_PROXY_AUTO;	/* from http.proxy, or HTTPS_PROXY */
	options->callbacks.transfer_progress = on_progress;
	options->callbacks.credentials = no_credentials;
	options->callbacks.payload = d;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st, (void)type, (void)walk;
	return remove(path);
}

static int
remove_tree(const char *path, struct error *err)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
		return error_set(err, "%s: %s", path, strerror(errno));
	return 0;
}

/* A bare clone of ours keeps the branches where `git clone --mirror` would. */
static int
create_mirror_remote(git_remote **out, git_repository *repo, const char *name, const char *url,
                     void *payload)
{
	(void)payload;
	return git_remote_create_with_fetchspec(out, repo, name, url, "+refs/heads/*:refs/heads/*");
}

static int
mark_own(git_repository *repo)
{
	git_config *config;
	int ret = git_repository_config(&config, repo);
	if (ret < 0)
		return ret;
	ret = git_config_set_bool(config, GITREPO_OWN_CLONE, 1);
	git_config_free(config);
	return ret;
}

/*
 * HEAD of the source was noted as that of a remote; since the branches are where
 * they were in the source, it is the clone's own.
 */
static int
adopt_head(git_repository *repo)
{
	git_reference *noted;
	int ret = git_reference_lookup(&noted, repo, "refs/remotes/origin/HEAD");
	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return ret;
	if (git_reference_type(noted) == GIT_REFERENCE_SYMBOLIC)
		ret = git_repository_set_head(repo, git_reference_symbolic_target(noted));
	if (ret == 0)
		ret = git_reference_delete(noted);
	git_reference_free(noted);
	return ret;
}

/* Clone into part, which is not there yet; a local source is copied, not linked. */
static int
clone_to(const char *part, const char *url, bool progress, struct error *err)
{
	struct download d = { .bar = { .on = progress }, .what = "clone" };
	git_clone_options options;
	git_clone_options_init(&options, GIT_CLONE_OPTIONS_VERSION);
	options.bare = 1;
	options.local = GIT_CLONE_LOCAL_NO_LINKS;
	options.remote_cb = create_mirror_remote;
	options.fetch_opts.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_ALL;
	set_up(&options.fetch_opts, &d);

	git_repository *repo = NULL;
	int ret = git_clone(&repo, url, part, &options);
	if (ret >= 0)
		ret = adopt_head(repo);
	if (ret >= 0)
		ret = mark_own(repo);
	transfer_bar_clear(&d.bar);
	if (ret < 0)
		source_error(err, url);
	git_repository_free(repo);
	return ret < 0 ? -1 : 0;
}

static int
clone_and_rename(const char *path, const char *part, const char *url, bool progress,
                 struct error *err)
{
	struct stat st;
	if (lstat(path, &st) == 0)
		return error_set(err, "%s: %s", path, strerror(EEXIST));
	/* A clone that was killed left it. */
	if (remove_tree(part, err) < 0 || clone_to(part, url, progress, err) < 0)
		return -1;
	if (rename(part, path) < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	return 0;
}

int
gitrepo_clone(struct gitrepo **out, const char *url, const char *path, bool progress,
              struct error *err)
{
	if (gitrepo_lib_start(err) < 0)
		return -1;

	struct str part = { 0 };
	str_addf(&part, "%s.part", path);
	int ret = clone_and_rename(path, str_text(&part), url, progress, err);
	if (ret < 0)
		remove_tree(str_text(&part), NULL);
	else
		ret = gitrepo_open(out, path, err);
	str_dispose(&part);
	git_libgit2_shutdown();
	return ret;
}

static bool
is_own_clone(git_repository *repo)
{
	git_config *config;
	int own = 0;
	if (git_repository_config(&config, repo) < 0)
		return false;
	bool found = git_config_get_bool(&own, config, GITREPO_OWN_CLONE) == 0;
	git_config_free(config);
	git_error_clear();
	return found && own;
}

/*
 * Name what was downloaded, so that git does not prune it: refs/heads/x becomes
 * x under to.  A name that cannot stand beside the others (x, where x/y was) is
 * left out; what it would name is there all the same.
 */
static int
name_heads(git_repository *repo, git_remote *remote, const char *to)
{
	const git_remote_head **heads;
	size_t n;
	int ret = git_remote_ls(&heads, &n, remote);
	for (size_t i = 0; ret == 0 && i < n; i++) {
		const char *name = heads[i]->name;
		if ((strncmp(name, "refs/heads/", 11) != 0 && strncmp(name, "refs/tags/", 10) != 0) ||
		    strchr(name, '^'))
			continue;
		struct str own = { 0 };
		git_reference *made = NULL;
		str_addf(&own, "%s%s", to, name + strlen("refs/"));
		(void)git_reference_create(&made, repo, str_text(&own), &heads[i]->oid, 1, NULL);
		git_reference_free(made);
		str_dispose(&own);
	}
	return ret;
}

/*
 * Not git_remote_fetch: it empties FETCH_HEAD, which is the user's, like all names
 * of a clone that are not under refs/stampmill/.
 */
static int
fetch_all(git_repository *repo, const char *url, bool progress)
{
	static const char *wanted[] = { "+refs/heads/*:refs/stampmill/heads/*",
		                        "+refs/tags/*:refs/stampmill/tags/*" };
	git_strarray specs = { (char **)wanted, 2 };

	struct download d = { .bar = { .on = progress }, .what = "fetch" };
	git_fetch_options options;
	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	set_up(&options, &d);

	git_remote *remote;
	int ret = git_remote_create_anonymous(&remote, repo, url);
	if (ret < 0)
		return ret;
	ret = git_remote_connect(remote, GIT_DIRECTION_FETCH, &options.callbacks,
	                         &options.proxy_opts, NULL);
	if (ret == 0)
		ret = git_remote_download(remote, &specs, &options);
	if (ret == 0)
		ret = name_heads(repo, remote, is_own_clone(repo) ? "refs/" : "refs/stampmill/");
	transfer_bar_clear(&d.bar);
	git_remote_free(remote);
	return ret;
}

int
gitrepo_fetch(struct gitrepo *g, const char *url, bool progress, struct error *err)
{
	/* Not through g->handle: what is written there stays in memory. */
	git_repository *repo;
	if (git_repository_open(&repo, g->path) < 0)
		return gitrepo_lib_error(err, "%s", g->path);

	int ret = fetch_all(repo, url, progress);
	if (ret < 0)
		source_error(err, url);
	git_repository_free(repo);
	if (ret < 0)
		return -1;
	if (git_odb_refresh(g->odb) < 0)
		return gitrepo_lib_error(err, "%s", g->path);
	return 0;
}
