#include "dhrledger/err.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/str.h"

Test(err, a_failure_has_its_status_and_sentence)
{
    struct dhr_err err = {0};
    int rc = dhr_fail(&err, DHR_USAGE, "%s: %d", "agencies", 3);
    cr_assert_eq(rc, -1, "returned %d", rc);
    cr_assert_eq(err.status, DHR_USAGE, "status %d", (int)err.status);
    cr_assert_str_eq(err.text, "agencies: 3");
}

Test(err, the_systems_reason_is_in_words)
{
    struct dhr_err err = {0};
    errno = ENOENT;
    int rc = dhr_fail_errno(&err, DHR_SYSTEM, "%s: can't be opened", "x.ini");
    cr_assert_eq(rc, -1, "returned %d", rc);
    cr_assert_eq(err.status, DHR_SYSTEM, "status %d", (int)err.status);
    cr_assert_str_eq(err.text, "x.ini: can't be opened: No such file or directory");
}

Test(err, an_unknown_error_number_is_shown)
{
    struct dhr_err err = {0};
    errno = 99999;
    (void)dhr_fail_errno(&err, DHR_SYSTEM, "x");
    cr_assert(strstr(err.text, "99999"), "%s", err.text);
}

Test(err, a_long_sentence_is_cut)
{
    struct dhr_err err = {0};
    errno = EIO;
    (void)dhr_fail_errno(&err, DHR_SYSTEM, "%05000d", 7);
    cr_assert_eq(strlen(err.text), sizeof(err.text) - 1, "%zu bytes", strlen(err.text));
}

/* 1023 bytes would end inside the last of three-byte characters. */
Test(err, a_cut_sentence_ends_with_a_whole_character)
{
    struct dhr_err err = {0};
    struct dhr_buf text = {0};
    while (text.len < 2000)
        dhr_buf_adds(&text, "\u20AC");
    (void)dhr_fail(&err, DHR_USAGE, "ab%s", dhr_buf_cstr(&text));
    cr_assert_eq(strlen(err.text), 2 + 340 * 3, "%zu bytes", strlen(err.text));
    (void)dhr_fail(&err, DHR_USAGE, "abc%s", dhr_buf_cstr(&text));
    cr_assert_eq(strlen(err.text), 3 + 340 * 3, "%zu bytes", strlen(err.text));
    dhr_buf_release(&text);
}
