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

/* jansson escapes C0 controls alone, but others drive a terminal too. */
static bool is_plain(struct dhr_str text)
{
    bool ascii = true;
    for (size_t i = 0; i < text.len; i++)
        ascii = ascii && (unsigned char)text.ptr[i] < 0x7F;
    if (ascii)
        return true;
    struct dhr_buf safe = {0};
    dhr_utf8_add_safe(&safe, text, true);
    bool plain = dhr_str_eq(dhr_buf_str(&safe), text);
    dhr_buf_release(&safe);
    return plain;
}

/* jansson leaves DEL as it is whatever it is told; no escape of its own holds one. */
static void add_encoded(struct dhr_buf *out, const char *encoded)
{
    for (; *encoded; encoded++) {
        if (*encoded == 0x7F)
            dhr_buf_adds(out, "\\u007F");
        else
            dhr_buf_addc(out, *encoded);
    }
}

void dhr_json_add_string(struct dhr_buf *out, struct dhr_str text)
{
    struct dhr_buf valid = {0};
    add_valid(&valid, text);
    json_t *string = json_stringn(dhr_buf_cstr(&valid), valid.len);
    size_t flags = JSON_ENCODE_ANY | (is_plain(dhr_buf_str(&valid)) ? 0 : JSON_ENSURE_ASCII);
    char *encoded = string ? json_dumps(string, flags) : NULL;
    add_encoded(out, encoded ? encoded : "null");
    free(encoded);
    json_decref(string);
    dhr_buf_release(&valid);
}
