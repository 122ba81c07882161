#include "registry/registry_memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/image_ref.h"
#include "base/memory.h"

#define HUB "docker.io"
#define HUB_SERVER "registry-1.docker.io"

static void *
zeroed(size_t size)
{
	return memset(memory_resize(NULL, size), 0, size);
}

struct registry_memory *
registry_memory_new(const struct registry_rules *rules)
{
	struct registry_memory *m = zeroed(sizeof(*m));
	m->rules = *rules;
	m->random = rules->seed ? rules->seed : 1;
	return m;
}

static void
grant_free(struct grant *g)
{
	credential_wipe(&g->credential);
	credential_wipe_str(&g->authorization);
	arena_dispose(&g->memory);
	free(g->repository);
	free(g->trouble);
	free(g->why);
	free(g);
}

void
registry_memory_free(struct registry_memory *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_grants; i++)
		grant_free(m->grants[i]);
	for (size_t i = 0; i < m->n_servers; i++) {
		free(m->servers[i]->name);
		free(m->servers[i]);
	}
	for (size_t i = 0; i < m->n_hosts; i++)
		free(m->hosts[i]);
	free(m->grants);
	free(m->servers);
	free(m->hosts);
	free(m);
}

/* Jitter needs nothing better (xorshift32). */
uint32_t
memory_random(struct registry_memory *m)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 17;
	m->random ^= m->random << 5;
	return m->random;
}

struct host *
memory_host(struct registry_memory *m, const struct origin *origin)
{
	for (size_t i = 0; i < m->n_hosts; i++)
		if (url_origin_equal(&m->hosts[i]->origin, origin))
			return m->hosts[i];

	struct host *h = zeroed(sizeof(*h));
	h->origin = *origin;
	m->hosts = memory_grow(m->hosts, &m->hosts_cap, m->n_hosts, sizeof(struct host *));
	m->hosts[m->n_hosts++] = h;
	return h;
}

static void
set_origin(struct server *server, bool https)
{
	struct str url = { 0 };
	const char *name = strcmp(server->name, HUB) == 0 ? HUB_SERVER : server->name;

	str_addf(&url, "%s://%s", https ? "https" : "http", name);
	int ret = url_origin(&server->origin, str_text(&url), NULL);
	assert(ret == 0);	/* the grammar of names allows nothing else */
	(void)ret;
	str_dispose(&url);
}

/*
 * On this machine registries speak http, nearly all of them; elsewhere https, and
 * http only where the user said so.
 */
struct server *
memory_server(struct registry_memory *m, const char *name)
{
	for (size_t i = 0; i < m->n_servers; i++)
		if (strcmp(m->servers[i]->name, name) == 0)
			return m->servers[i];

	bool loopback = image_ref_registry_is_loopback(name);
	struct server *server = zeroed(sizeof(*server));
	server->name = memory_copy(name);
	set_origin(server, !loopback);
	server->may_turn = loopback || (m->rules.insecure && strcmp(name, HUB) != 0);
	server->settled = !server->may_turn;
	m->servers = memory_grow(m->servers, &m->servers_cap, m->n_servers,
	                         sizeof(struct server *));
	m->servers[m->n_servers++] = server;
	return server;
}

void
server_turn(struct server *server)
{
	set_origin(server, !server->origin.https);
}

struct grant *
memory_grant(struct registry_memory *m, struct server *server, const char *repository,
             const char *actions)
{
	for (size_t i = 0; i < m->n_grants; i++) {
		struct grant *g = m->grants[i];
		if (g->server == server && strcmp(g->repository, repository) == 0 &&
		    strcmp(g->actions, actions) == 0)
			return g;
	}
	struct grant *g = zeroed(sizeof(*g));
	g->server = server;
	g->repository = memory_copy(repository);
	g->actions = actions;
	m->grants = memory_grow(m->grants, &m->grants_cap, m->n_grants, sizeof(struct grant *));
	m->grants[m->n_grants++] = g;
	return g;
}

void
registry_memory_limits(const struct registry_memory *m, struct str *out)
{
	for (size_t i = 0; i < m->n_hosts; i++) {
		const struct host *h = m->hosts[i];
		if (!*h->limit || !*h->remaining)
			continue;
		/* "100;w=21600": so many in so many seconds. */
		int limit = (int)strcspn(h->limit, ";"), left = (int)strcspn(h->remaining, ";");
		const char *window = strstr(h->limit, ";w=");
		long window_s = window ? strtol(window + 3, NULL, 10) : 0;
		str_addf(out, "%s: %.*s of %.*s pulls left", h->origin.host, left, h->remaining,
		         limit, h->limit);
		if (window_s >= 3600)
			str_addf(out, " in %ld h", window_s / 3600);
		else if (window_s > 0)
			str_addf(out, " in %ld s", window_s);
		str_add(out, '\n');
	}
}
