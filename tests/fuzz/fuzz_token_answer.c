/* What token servers answer, and the bodies of refusals. */
#include "fuzz.h"

#include "base/str.h"
#include "http/token_answer.h"
#include "registry/oci_error.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct oci_error said;
	struct str token = { 0 };
	long expires_s = 0;

	int ret = token_answer_parse(&token, &expires_s, (const char *)data, size, &err);
	MUST((ret < 0) == (*err.text != '\0'));
	MUST(ret < 0 || (token.len && expires_s >= 60));
	for (size_t i = 0; i < token.len; i++)
		MUST(token.data[i] > ' ' && token.data[i] <= '~');
	str_dispose(&token);

	oci_error_parse(&said, (const char *)data, size);
	must_be_clean(said.words);
	MUST(said.found || !(said.name_unknown || said.manifest_unknown));
	return 0;
}
