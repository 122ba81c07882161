/* The user's config.json. */
#include "fuzz.h"

#include "http/credential.h"
#include "registry/docker_config.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const registries[] = { "docker.io", "r.example", "127.0.0.1:5000" };
	struct error err = { 0 };

	struct docker_config *config = docker_config_parse("c", (const char *)data, size, &err);
	MUST((config == NULL) == (*err.text != '\0'));
	must_be_clean(err.text);
	for (size_t i = 0; config && i < sizeof(registries) / sizeof(registries[0]); i++) {
		struct credential c = { 0 };
		struct error why = { 0 };
		const char *helper = NULL;
		enum docker_config_found found = docker_config_find(config, registries[i], "a/b", &c,
		                                                    &helper, &why);
		MUST((found == DOCKER_CONFIG_BROKEN) == (*why.text != '\0'));
		MUST(found != DOCKER_CONFIG_HELPER || (helper && *helper && !strchr(helper, '/')));
		MUST(found != DOCKER_CONFIG_CREDENTIAL || !credential_is_empty(&c));
		must_be_clean(why.text);
		credential_wipe(&c);
	}
	docker_config_free(config);
	return 0;
}
