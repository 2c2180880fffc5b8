/* inih's run-time options, and the proof that this build of it has them. */
#include <ini.h>
#include <string.h>

#include "dhrledger/ini.h"

/* The proof of dhr_ini_init: one file whose prose an unsuitable inih would cut. */
struct proof {
    struct dhr_str rest;
    size_t longest;
    bool semicolon;
};

static char *proof_line(char *buffer, int size, void *user)
{
    struct proof *proof = user;
    struct dhr_str line;
    if (!dhr_str_line(&proof->rest, &line) || line.len + 2 > (size_t)size)
        return NULL;
    memcpy(buffer, line.ptr, line.len);
    buffer[line.len] = '\n';
    buffer[line.len + 1] = '\0';
    return buffer;
}

static int proof_value(void *user, const char *section, const char *name, const char *value)
{
    struct proof *proof = user;
    (void)section;
    (void)name;
    size_t len = strlen(value);
    proof->longest = len > proof->longest ? len : proof->longest;
    proof->semicolon |= strcmp(value, "a ; b") == 0;
    return 1;
}

int dhr_ini_init(struct dhr_err *err)
{
    ini_allow_multiline = true;
    ini_allow_inline_comments = false;
    ini_allow_bom = false;
    ini_use_stack = false;
    ini_allow_realloc = false;
    ini_stop_on_first_error = false;
    ini_max_line = ini_initial_alloc = DHR_LINE_MAX_BYTES + 8;
    struct dhr_buf text = {0};
    dhr_buf_adds(&text, "[review]\nk = a ; b\nlong = ");
    for (int i = 0; i < 4000; i++)
        dhr_buf_addc(&text, 'x');
    struct proof proof = {.rest = dhr_buf_str(&text)};
    int rc = ini_parse_stream(proof_line, &proof, proof_value, &proof);
    dhr_buf_release(&text);
    if (rc == 0 && proof.semicolon && proof.longest == 4000)
        return 0;
    return dhr_fail(
        err, DHR_UNREADABLE,
        "the inih library at hand cuts values at \" ;\" or after 199 bytes, which would "
        "lose prose; install one with run-time settings (Debian's libinih1)");
}
