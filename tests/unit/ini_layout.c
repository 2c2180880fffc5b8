/* The finding about layout: where it is, and that the other findings about a file's bytes are not
 * told twice. */
#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;

static void end(void)
{
    reading_end(&r);
}

TestSuite(ini_layout, .fini = end);

/* DL099 at that line of the file, or none for 0. */
static void expect_layout(const char *text, unsigned line)
{
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of(text));
    size_t before = r.findings.count;
    dhr_ini_check_layout(&r.ini, r.record, &r.findings);
    cr_assert_eq(r.findings.count, before + (line > 0), "%s: %zu findings", text,
                 r.findings.count - before);
    if (line)
        cr_expect_eq(r.findings.items[before].line, line, "line %u of %s",
                     (unsigned)r.findings.items[before].line, text);
    reading_end(&r);
}

#define REST "\nfrom =\n\nto =\n\nsuccessor =\n\nplaceholder =\n\ncontact =\n\nregion =\n"

Test(ini_layout, canonical)
{
    expect_layout("[agency]\nname = x\n\nalias =\n\nkind = other\n" REST, 0);
    expect_layout("[agency]\nname = x\n\nalias = y\nalias = z\n\nkind = other\n" REST, 0);
    expect_layout("", 0);
}

Test(ini_layout, first_line_that_would_change)
{
    expect_layout("\n[agency]\nname = x\n\nalias =\n\nkind = other\n" REST, 1);
    expect_layout("[agency ]\nname = x\n\nalias =\n\nkind = other\n" REST, 1);
    expect_layout("[agency]\n\nname = x\n\nalias =\n\nkind = other\n" REST, 2);
    expect_layout("[agency]\nname = x\nalias =\n\nkind = other\n" REST, 3);
    expect_layout("[agency]\nname = x\n\nkind = other\n" REST, 4);
    expect_layout("[agency]\nname = x\n\nalias=\n\nkind = other\n" REST, 4);
    expect_layout("[agency]\nname = x  y\n\nalias =\n\nkind = other\n" REST, 2);
    expect_layout("[agency]\nname =\n  x\n\nalias =\n\nkind = other\n" REST, 2);
    expect_layout("[agency]\nname = x\n\nalias = y\nalias =\n\nkind = other\n" REST, 5);
    expect_layout("[agency]\nname = x\n\nalias = y\n\nalias = z\n\nkind = other\n" REST, 5);
    expect_layout("[agency]\nname = x\n\nalias =\n\nkind = other\n" REST "\n", 19);
}

Test(ini_layout, the_end_of_the_file)
{
    expect_layout("[agency]", 1);
    expect_layout("[agency]\nname = x\n\nalias =\n\nkind = other\n\nfrom =\n", 8);
    expect_layout("[agency]\nname = x\n\nalias =\n\nkind = other\n"
                  "\nfrom =\n\nto =\n\nsuccessor =\n\nplaceholder =\n\ncontact =\n\nregion =",
                  18);
}

Test(ini_layout, folded_where_lines_are_full)
{
    /* 72 columns beside "name = ", or 76 on a line of its own. */
    expect_layout("[agency]\nname =\n"
                  "  A name of many words, as long as seventy-six columns or a very little more\n"
                  "  than that.\n\nalias =\n\nkind = other\n" REST,
                  0);
    expect_layout("[agency]\nname =\n"
                  "  A name of many words, as long as seventy-six columns or a very\n"
                  "  little more than that.\n\nalias =\n\nkind = other\n" REST,
                  3);
    expect_layout("[agency]\nname =\n"
                  "  Ŵ name of many words, as long as seventy-six columns or a very little móre\n"
                  "  than that.\n\nalias =\n\nkind = other\n" REST,
                  0);
}

Test(ini_layout, what_has_a_finding_already)
{
    expect_layout("\xEF\xBB\xBF[agency]\nname = x\n\nalias =\n\nkind = other\n" REST, 0);
    expect_layout("[agency]\r\nname = x\r\n\nalias =\n\nkind = other\n" REST, 0);
    expect_layout("[agency]\nname = x\nlost\n", 0);
}
