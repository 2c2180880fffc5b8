/* References changed in place: only the id's own bytes. */
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/ini.h"

static struct dhr_buf out;

static void begin(void)
{
    struct dhr_err err = {0};
    cr_assert(dhr_ini_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    dhr_buf_release(&out);
}

TestSuite(ini_rename, .init = begin, .fini = end);

static size_t rename_in(enum dhr_record_kind record, const char *text, enum dhr_record_kind kind,
                        const char *from, const char *to)
{
    struct dhr_ini ini = {0};
    struct dhr_findings findings = {0};
    dhr_ini_parse(&ini, record, "file.ini", dhr_str_of(text), &findings);
    size_t count =
        dhr_ini_rename(&ini, (struct dhr_ref){kind, dhr_str_of(from)}, dhr_str_of(to), &out);
    dhr_findings_release(&findings);
    dhr_ini_release(&ini);
    return count;
}

Test(ini_rename, changes_labels_in_whatever_layout)
{
    size_t count = rename_in(DHR_RECORD_RECOMMENDATION,
                             "# [agency old]\n[recommendation]\ntext = old\naddressed-to = old\n"
                             "[agency old]\nlead = old\n[ agency\told ]\n[action  old  1 ]\r\n"
                             "action = old\n[agency old-2]\n[agency older]\n[agency]\n",
                             DHR_RECORD_AGENCY, "old", "newer");
    cr_assert(count == 3, "%zu", count);
    cr_assert_str_eq(dhr_buf_cstr(&out),
                     "# [agency old]\n[recommendation]\ntext = old\naddressed-to = old\n"
                     "[agency newer]\nlead = old\n[ agency\tnewer ]\n[action  newer  1 ]\r\n"
                     "action = old\n[agency old-2]\n[agency older]\n[agency]\n");
}

Test(ini_rename, changes_values_on_their_own_lines)
{
    size_t count = rename_in(
        DHR_RECORD_REVIEW,
        "[review]\ntitle = old\ncommissioned-by   =   old  \ncommissioned-by =\n  # old\n  \\old\n"
        "commissioned-by = old-2\ncsp = old\nsame-as = old\nformerly = old\n",
        DHR_RECORD_AGENCY, "old", "n");
    cr_assert(count == 2, "%zu", count);
    cr_assert_str_eq(
        dhr_buf_cstr(&out),
        "[review]\ntitle = old\ncommissioned-by   =   n  \ncommissioned-by =\n  # old\n"
        "  \\n\ncommissioned-by = old-2\ncsp = old\nsame-as = old\nformerly = old\n");
}

Test(ini_rename, changes_a_reviews_part_of_its_recommendations)
{
    const char *text = "[recommendation]\nrepeats = a-2019/a-2019\nrepeats = a-2019-2/1\n"
                       "superseded-by = a-2019/2\nformerly = a-2019/3\n[agency a-2019]\n";
    cr_assert(rename_in(DHR_RECORD_RECOMMENDATION, text, DHR_RECORD_REVIEW, "a-2019", "b") == 2);
    cr_assert_str_eq(dhr_buf_cstr(&out),
                     "[recommendation]\nrepeats = b/a-2019\nrepeats = a-2019-2/1\n"
                     "superseded-by = b/2\nformerly = a-2019/3\n[agency a-2019]\n");
    cr_assert(rename_in(DHR_RECORD_RECOMMENDATION, text, DHR_RECORD_RECOMMENDATION, "a-2019/2",
                        "a-2019/10") == 1);
    cr_assert(strstr(dhr_buf_cstr(&out), "superseded-by = a-2019/10\n") != NULL);
}

Test(ini_rename, changes_who_speaks_for_whom)
{
    size_t count = rename_in(DHR_RECORD_SETTINGS,
                             "[ledger]\nname = old\n[people]\nold@old.example = old\n*@x = csp\n",
                             DHR_RECORD_AGENCY, "old", "new");
    cr_assert(count == 1, "%zu", count);
    cr_assert_str_eq(dhr_buf_cstr(&out),
                     "[ledger]\nname = old\n[people]\nold@old.example = new\n*@x = csp\n");
}

Test(ini_rename, leaves_a_file_without_references_as_it_is)
{
    const char *text = "\xef\xbb\xbf[agency]\r\nname = old\r\n junk\r\n";
    cr_assert(rename_in(DHR_RECORD_AGENCY, text, DHR_RECORD_AGENCY, "old", "new") == 0);
    cr_assert_str_eq(dhr_buf_cstr(&out), text);
}
