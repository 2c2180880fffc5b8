#include "dhrledger/json_write.h"

#include <jansson.h>
#include <stdlib.h>

#include "dhrledger/utf8.h"

/* JSON is UTF-8: what isn't becomes the replacement character, byte for byte. */
static void add_valid(struct dhr_buf *out, struct dhr_str text)
{
    while (text.len) {
        size_t valid = dhr_utf8_valid_len(text);
        dhr_buf_add(out, text.ptr, valid);
        if (valid == text.len)
            return;
        dhr_buf_adds(out, "\xEF\xBF\xBD");
        text.ptr += valid + 1;
        text.len -= valid + 1;
    }
}

void dhr_json_add_string(struct dhr_buf *out, struct dhr_str text)
{
    struct dhr_buf valid = {0};
    add_valid(&valid, text);
    json_t *string = json_stringn(dhr_buf_cstr(&valid), valid.len);
    char *encoded = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
    dhr_buf_adds(out, encoded ? encoded : "null");
    free(encoded);
    json_decref(string);
    dhr_buf_release(&valid);
}
