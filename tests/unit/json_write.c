#include "dhrledger/json_write.h"

#include <jansson.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/utf8.h"

static const char *string(struct dhr_buf *out, struct dhr_str text)
{
    dhr_buf_clear(out);
    dhr_json_add_string(out, text);
    return dhr_buf_cstr(out);
}

Test(json_write, strings)
{
    struct dhr_buf out = {0};
    cr_assert_str_eq(string(&out, dhr_str_of("a \"b\" \\ /")), "\"a \\\"b\\\" \\\\ /\"");
    cr_assert_str_eq(string(&out, dhr_str_of("DHR’s – 日本 ↗")), "\"DHR’s – 日本 ↗\"");
    cr_assert_str_eq(string(&out, dhr_str_of("a\nb\tc")), "\"a\\nb\\tc\"");
    cr_assert_str_eq(string(&out, dhr_str_of("")), "\"\"");
    cr_assert_str_eq(string(&out, dhr_str_span(NULL, 0)), "\"\"");
    cr_assert_str_eq(string(&out, dhr_str_span("a\0b", 3)), "\"a\\u0000b\"");
    dhr_buf_release(&out);
}

Test(json_write, bytes_that_are_no_text)
{
    struct dhr_buf out = {0};
    cr_assert_str_eq(string(&out, dhr_str_of("a\xFF\xC3")), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
    cr_assert_str_eq(string(&out, dhr_str_of("\xED\xA0\x80z")),
                     "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
    dhr_buf_release(&out);
}

Test(json_write, nothing_that_could_drive_a_terminal)
{
    struct dhr_buf out = {0};
    cr_assert_str_eq(string(&out, dhr_str_of("\x1B[2J")), "\"\\u001B[2J\"");
    cr_assert_str_eq(string(&out, dhr_str_of("\xC2\x9B"
                                             "2J")),
                     "\"\\u009B2J\"");
    cr_assert_str_eq(string(&out, dhr_str_of("\xE2\x80\xAEx’")), "\"\\u202Ex\\u2019\"");
    cr_assert_str_eq(string(&out, dhr_str_of("\x7F")), "\"\\u007F\"");
    dhr_buf_release(&out);
}

Test(json_write, readers_get_the_text_back)
{
    unsigned long state = 1;
    struct dhr_buf out = {0};
    for (int round = 0; round < 20000; round++) {
        char text[16];
        size_t len = round % (int)sizeof(text);
        for (size_t i = 0; i < len; i++) {
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            text[i] = (char)((state >> 60) < 8 ? (state >> 33) % 128 : (state >> 33) % 256);
        }
        json_t *read = json_loads(string(&out, dhr_str_span(text, len)),
                                  JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        cr_assert(read != NULL, "not JSON: %s", dhr_buf_cstr(&out));
        if (dhr_utf8_valid_len(dhr_str_span(text, len)) == len)
            cr_assert(dhr_str_eq(dhr_str_span(json_string_value(read), json_string_length(read)),
                                 dhr_str_span(text, len)),
                      "another text: %s", dhr_buf_cstr(&out));
        json_decref(read);
    }
    dhr_buf_release(&out);
}
