/* Reading records: the dialect of dhrledger(5), and each fault with its place and its sentence. */
#include <string.h>

#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;

static void end(void)
{
    reading_end(&r);
}

TestSuite(ini_read, .fini = end);

static void read_text(enum dhr_record_kind kind, const char *text)
{
    reading_begin(&r, kind, dhr_str_of(text));
}

/* An agency with a name of that spelling, whose value is read. */
static void expect_value(const char *lines, const char *value)
{
    struct dhr_buf text = {0};
    dhr_buf_addf(&text, "[agency]\n%s\nkind = other\n", lines);
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&text));
    cr_assert_str_eq(reading_findings(&r), "", "<%s> has findings", lines);
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), value, "<%s> is read as <%s>", lines,
                     reading_value(&r, DHR_KEY_AGENCY_NAME));
    reading_end(&r);
    dhr_buf_release(&text);
}

Test(ini_read, one_line_values)
{
    expect_value("name = x", "x");
    expect_value("name=x", "x");
    expect_value("name\t=\t x \t", "x");
    expect_value("name = a  b\tc", "a b c");
    expect_value("name = a = b", "a = b");
    expect_value("name = = b", "= b");
    expect_value("name = a: b", "a: b");
    expect_value("name = a ; b # c", "a ; b # c");
    expect_value("name = #MeToo", "#MeToo");
    expect_value("name = ; x", "; x");
    expect_value("name = \\x", "\\x");
    expect_value("name = .", ".");
    expect_value("name = [agency]", "[agency]");
    expect_value("name = \"quoted\"", "\"quoted\"");
    expect_value("name = “curly” 家庭", "“curly” 家庭");
    expect_value("name = Mr\xC2\xA0Smith \xC2\xA0", "Mr\xC2\xA0Smith \xC2\xA0");
    expect_value("name =", "");
    expect_value("name = \t", "");
}

Test(ini_read, folded_values)
{
    expect_value("name = a\n b", "a b");
    expect_value("name =\n\ta\n   b\t\n  c", "a b c");
    expect_value("name = a\n .\n b", "a\nb");
    expect_value("name = a\n\t. \n b", "a\nb");
    expect_value("name = a\n .\n .\n b", "a\nb");
    expect_value("name =\n .\n a\n .", "a");
    expect_value("name = a\n ..\n .5", "a .. .5");
    expect_value("name = a\n \\.\n \\..", "a . ..");
    expect_value("name = a\n \\#b\n \\;c\n \\\\d\n \\[agency]", "a #b ;c \\d [agency]");
    expect_value("name = a\n \\kind = b", "a kind = b");
    expect_value("name = a\n \\\n b", "a b");
    expect_value("name = a\n \\ b", "a b");
    expect_value("name = a\n key = b", "a key = b");
    expect_value("name = a\n kind of", "a kind of");
    expect_value("name = a\n [x] [agency", "a [x] [agency");
    expect_value("name = a\n = b", "a = b");
}

Test(ini_read, comments)
{
    expect_value("# name = y\n  ; x\nname = a\n# in\n  b\n  ; side\n\t#\n c\n#", "a b c");
    expect_value(";\n#\n\n ;\nname = a", "a");
    expect_value("name =\n# above\n  a", "a");
    expect_value("region =\nname =\n  ; above\n\ta\n  b", "a b");
}

Test(ini_read, last_line_without_newline)
{
    read_text(DHR_RECORD_AGENCY, "[agency]\nname = a\n  b");
    cr_assert_str_eq(reading_findings(&r), "");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "a b");
}

Test(ini_read, empty_file)
{
    read_text(DHR_RECORD_AGENCY, "");
    cr_assert_str_eq(reading_findings(&r), "");
    cr_assert_eq(r.record->section_count, 0);
    cr_assert_eq(r.ini.line_count, 0);
}

Test(ini_read, sections_and_labels)
{
    read_text(DHR_RECORD_RECOMMENDATION,
              "[recommendation]\n[ agency  durham-constabulary ]\nlead = a\n"
              "[action durham-constabulary 12]\nlead = b\n[action\tdurham-constabulary\t2]\n");
    cr_assert_str_eq(reading_findings(&r), "");
    const struct dhr_section *agency = reading_section(&r, DHR_SECTION_ADDRESSEE, 0);
    cr_assert(dhr_str_is(agency->agency, "durham-constabulary"));
    cr_assert_eq(agency->action, 0);
    cr_assert_eq(agency->line, 2);
    const struct dhr_section *action = reading_section(&r, DHR_SECTION_ACTION, 0);
    cr_assert(dhr_str_is(action->agency, "durham-constabulary"));
    cr_assert_eq(action->action, 12);
    cr_assert_eq(action->line, 4);
    cr_assert_eq(reading_section(&r, DHR_SECTION_ACTION, 1)->action, 2);
}

Test(ini_read, places_of_values)
{
    read_text(DHR_RECORD_AGENCY, "[agency]\nname =  x\nkind=\n  other\nalias\t= y\n  z\n");
    const struct dhr_section *section = reading_section(&r, DHR_SECTION_AGENCY, 0);
    static const uint32_t lines[] = {2, 3, 5};
    static const uint32_t cols[] = {9, 1, 9};
    cr_assert_eq(section->field_count, 3);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(section->fields[i].line, lines[i], "line of field %zu", i);
        cr_assert_eq(section->fields[i].col, cols[i], "column of field %zu is %u", i,
                     section->fields[i].col);
    }
}

Test(ini_read, lists_keep_their_order)
{
    read_text(DHR_RECORD_AGENCY, "[agency]\nalias = b\nname = x\nalias =\nalias = a\nalias = b\n");
    cr_assert_str_eq(reading_findings(&r), "");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_ALIAS), "b|a|b");
}

Test(ini_read, any_key_in_settings)
{
    read_text(DHR_RECORD_SETTINGS, "[severity]\nDL004 = off\nDL067 = error\n[people]\n"
                                   "*@durham.example = csp\n");
    cr_assert_str_eq(reading_findings(&r), "");
    const struct dhr_section *people = reading_section(&r, DHR_SECTION_PEOPLE, 0);
    cr_assert(dhr_str_is(people->fields[0].name, "*@durham.example"));
    cr_assert_eq(reading_section(&r, DHR_SECTION_SEVERITY, 0)->field_count, 2);
}

Test(ini_read, longest_line)
{
    struct dhr_buf text = {0};
    dhr_buf_adds(&text, "[agency]\nname = ");
    for (size_t i = strlen("name = "); i < DHR_LINE_MAX_BYTES; i++)
        dhr_buf_addc(&text, 'x');
    dhr_buf_adds(&text, "\nkind = other\n");
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&text));
    cr_assert_str_eq(reading_findings(&r), "");
    cr_assert_eq(strlen(reading_value(&r, DHR_KEY_AGENCY_NAME)), DHR_LINE_MAX_BYTES - 7);
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_KIND), "other");
    dhr_buf_release(&text);
}

/* inih remembers only 49 bytes of a name, and only 49 of a section. */
Test(ini_read, long_names_of_keys_and_sections)
{
    read_text(DHR_RECORD_RECOMMENDATION,
              "[agency a-very-long-name-of-an-agency-that-has-just-about-sixty-bytes]\n"
              "status = open\n"
              "a-very-long-name-of-a-key-that-has-more-than-fifty-bytes-in-it = 1\n  2\n");
    cr_assert_str_eq(reading_findings(&r), "3:1 DL021");
    cr_assert(dhr_str_is(reading_section(&r, DHR_SECTION_ADDRESSEE, 0)->agency,
                         "a-very-long-name-of-an-agency-that-has-just-about-sixty-bytes"));
    cr_assert_eq(r.ini.entries[1].name.len, 62);
    cr_assert_eq(r.ini.entries[1].last_line, 3);
}

/* The faults: code, line, column and sentence of each. */

static void expect_finding(enum dhr_record_kind kind, const char *text, const char *findings,
                           const char *sentence)
{
    read_text(kind, text);
    cr_assert_str_eq(reading_findings(&r), findings, "<%s> gives %s", text, reading_findings(&r));
    cr_assert_str_eq(r.findings.items[0].text, sentence, "<%s> says: %s", text,
                     r.findings.items[0].text);
    reading_end(&r);
}

Test(ini_read, byte_order_mark)
{
    static const char text[] = "\xEF\xBB\xBF[agency]\nname = x\n";
    expect_finding(DHR_RECORD_AGENCY, text, "1:1 DL006",
                   "the file begins with a byte order mark; save it as UTF-8 without one, or run "
                   "\"dhrledger fmt\" on it");
    read_text(DHR_RECORD_AGENCY, text);
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "x");
}

Test(ini_read, carriage_returns)
{
    static const char text[] = "[agency]\nname = x\r\n\r\nkind = other\r\n";
    expect_finding(DHR_RECORD_AGENCY, text, "2:9 DL007",
                   "lines end in CR LF; save the file with LF alone, or run \"dhrledger fmt\" on "
                   "it");
    read_text(DHR_RECORD_AGENCY, text);
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "x");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_KIND), "other");
}

Test(ini_read, control_characters)
{
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\x1B[1mb\n", "2:9 DL008",
                   "control character U+001B in the line; delete it");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\n# \x7F\n", "2:3 DL008",
                   "control character U+007F in the line; delete it");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = \xC2\x85x\n", "2:8 DL008",
                   "control character U+0085 in the line; delete it");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\rb\n", "2:9 DL008",
                   "control character U+000D in the line; end lines with LF alone");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\r", "2:9 DL008",
                   "control character U+000D in the line; end lines with LF alone");
    expect_finding(DHR_RECORD_AGENCY, "[agency\x01]\n", "1:8 DL008",
                   "control character U+0001 in the line; delete it");
}

Test(ini_read, nul)
{
    static const char text[] = "[agency]\nname = a\0b\n  c\nkind = other\n";
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_span(text, sizeof(text) - 1));
    cr_assert_str_eq(reading_findings(&r), "2:9 DL008");
    cr_assert_str_eq(r.findings.items[0].text, "control character U+0000 in the line; delete it, "
                                               "or save the file as text in UTF-8");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_KIND), "other");
}

Test(ini_read, bytes_that_are_not_utf8)
{
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = caf\xE9 x\n", "2:11 DL009",
                   "byte 0xE9 is not UTF-8; save the file as UTF-8");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\n  \xED\xA0\x80\n", "3:3 DL009",
                   "byte 0xED is not UTF-8; save the file as UTF-8");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\xE2\x80", "2:9 DL009",
                   "byte 0xE2 is not UTF-8; save the file as UTF-8");
}

Test(ini_read, too_long_a_line)
{
    struct dhr_buf text = {0};
    dhr_buf_adds(&text, "[agency]\nname = ");
    for (size_t i = strlen("name = "); i < DHR_LINE_MAX_BYTES + 1; i++)
        dhr_buf_addc(&text, 'x');
    dhr_buf_adds(&text, "\n  kind = other\nkind = police\n");
    expect_finding(DHR_RECORD_AGENCY, dhr_buf_cstr(&text), "2:1 DL010",
                   "the line has 65537 bytes, more than 65536; fold the value over several "
                   "indented lines");
    dhr_buf_release(&text);
}

Test(ini_read, lines_that_are_nothing)
{
    static const char sentence[] = "neither \"key = value\", a [section], a comment nor an "
                                   "indented continuation; indent it if "
                                   "it belongs to the value above";
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\nand more\n  of it\nkind = x\n",
                   "3:1 DL011", sentence);
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname\n", "2:1 DL011", sentence);
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname x\n", "2:1 DL011", sentence);
    expect_finding(DHR_RECORD_AGENCY, "and more", "1:1 DL011", sentence);
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname: a\n", "2:5 DL011",
                   "write \"key = value\" with '=' instead of ':'");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nsee: a = b\n", "2:4 DL011",
                   "write \"key = value\" with '=' instead of ':'");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\n= a\n", "2:1 DL011",
                   "nothing stands before the '='; write \"key = value\"");
    expect_finding(DHR_RECORD_AGENCY, "[agency\nname = a\n", "1:1 DL011, 2:1 DL014",
                   "a section heading ends with ']' and nothing after it");
    expect_finding(DHR_RECORD_AGENCY, "[agency] # x\n", "1:1 DL011",
                   "a section heading ends with ']' and nothing after it");
}

Test(ini_read, continuations_of_nothing)
{
    expect_finding(DHR_RECORD_AGENCY, "[agency]\n   x\n", "2:4 DL012",
                   "an indented line with no key above it; begin it at the left margin");
    expect_finding(DHR_RECORD_AGENCY, " x\n", "1:2 DL012",
                   "an indented line with no key above it; begin it at the left margin");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\n\n  b\n# c\n  d\n",
                   "4:3 DL012, 6:3 DL012",
                   "an indented line after a blank line continues nothing; write \" .\" for a "
                   "paragraph break, or take the blank line out");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\n \t\n  b\n", "4:3 DL012",
                   "an indented line after a blank line continues nothing; write \" .\" for a "
                   "paragraph break, or take the blank line out");
}

Test(ini_read, hidden_keys_and_sections)
{
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\n  kind = other\n", "3:3 DL013",
                   "an indented \"kind =\" would become text of the value above; begin it at the "
                   "left margin, or write \\kind if it is text");
    expect_finding(DHR_RECORD_RECOMMENDATION, "[recommendation]\ntext = a\n\tdue\t=x\n",
                   "3:2 DL013",
                   "an indented \"due =\" would become text of the value above; begin it at the "
                   "left margin, or write \\due if it is text");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\n  name = a\n", "2:3 DL013",
                   "an indented \"name =\" would become text of the value above; begin it at the "
                   "left margin, or write \\name if it is text");
    static const char heading[] =
        "an indented section heading would become text of the value above; begin it at the left "
        "margin, or write \\[ if it is text";
    expect_finding(DHR_RECORD_RECOMMENDATION, "[recommendation]\ntext = a\n [agency x]\n",
                   "3:2 DL013", heading);
    expect_finding(DHR_RECORD_RECOMMENDATION, "[recommendation]\ntext = a\n [ action\tx 1]\n",
                   "3:2 DL013", heading);
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\n [agency]\n", "3:2 DL013", heading);
}

Test(ini_read, keys_before_sections)
{
    expect_finding(DHR_RECORD_AGENCY, "# x\nname = a\n  b\n[agency]\n", "2:1 DL014",
                   "a key before the first section; put [agency] above it");
    expect_finding(DHR_RECORD_RECOMMENDATION, "name = a\n", "1:1 DL014",
                   "a key before the first section; put [recommendation] above it");
    expect_finding(DHR_RECORD_SETTINGS, "name = a\n", "1:1 DL014",
                   "a key before the first section; put [ledger] above it");
}

Test(ini_read, unknown_sections)
{
    expect_finding(DHR_RECORD_AGENCY, "[agncy]\nname = a\n  b\n", "1:1 DL020",
                   "an agency has no section [agncy]; did you mean [agency]?");
    expect_finding(DHR_RECORD_REVIEW, "\n[agency]\n", "2:1 DL020",
                   "a review has no section [agency]");
    expect_finding(DHR_RECORD_RECOMMENDATION, "[Recommendation]\n", "1:1 DL020",
                   "a recommendation has no section [Recommendation]; did you mean "
                   "[recommendation]?");
    expect_finding(DHR_RECORD_SETTINGS, "[]\n", "1:1 DL020", ".dhrledger.ini has no section []");
}

Test(ini_read, unknown_keys)
{
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nnmae = a\n", "2:1 DL021",
                   "unknown key \"nmae\" in [agency]; did you mean \"name\"?");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nfavourite-colour = a\n", "2:1 DL021",
                   "unknown key \"favourite-colour\" in [agency]; \"dhrledger schema\" lists its "
                   "keys");
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nName = a\n", "2:1 DL021",
                   "unknown key \"Name\" in [agency]; did you mean \"name\"?");
    expect_finding(DHR_RECORD_SETTINGS, "[publish]\nname = a\n", "2:1 DL021",
                   "unknown key \"name\" in [publish]; \"dhrledger schema\" lists its keys");
}

Test(ini_read, sections_twice)
{
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname = a\n[agency]\nname = b\n", "3:1 DL022",
                   "this section already stands at line 1; put its keys there");
    expect_finding(DHR_RECORD_RECOMMENDATION,
                   "[agency a]\n[agency b]\n[action a 1]\n[action a 2]\n[agency a]\n", "5:1 DL022",
                   "this section already stands at line 1; put its keys there");
}

Test(ini_read, actions_twice)
{
    expect_finding(DHR_RECORD_RECOMMENDATION,
                   "[agency a]\n[action a 1]\n[action b 1]\n[action a 01]\n", "4:1 DL022",
                   "this section already stands at line 2; put its keys there");
    read_text(DHR_RECORD_RECOMMENDATION, "[action a 0]\n[action a x]\n[agency]\n[agency]\n");
    cr_assert_str_eq(reading_findings(&r), "1:1 DL026, 2:1 DL026, 3:1 DL026, 4:1 DL026");
}

Test(ini_read, settings_twice)
{
    expect_finding(DHR_RECORD_SETTINGS, "[severity]\nDL004 = off\nDL005 = off\nDL004 = error\n",
                   "4:1 DL023", "\"DL004\" already stands at line 2; keep one of them");
}

Test(ini_read, keys_twice)
{
    static const char text[] = "[agency]\nname = a\nalias = x\nalias = y\nname = b\n  c\n";
    expect_finding(DHR_RECORD_AGENCY, text, "5:1 DL023",
                   "\"name\" already stands at line 2; keep one of them");
    read_text(DHR_RECORD_AGENCY, text);
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "a");
    reading_end(&r);
    expect_finding(DHR_RECORD_AGENCY, "[agency]\nname =\nname = b\n", "3:1 DL023",
                   "\"name\" already stands at line 2; keep one of them");
}

Test(ini_read, headings_without_their_label)
{
    expect_finding(DHR_RECORD_RECOMMENDATION, "[agency]\nlead = a\n", "1:1 DL026",
                   "write the heading as [agency AGENCY-ID]");
    expect_finding(DHR_RECORD_RECOMMENDATION, "[agency a b]\n", "1:1 DL026",
                   "write the heading as [agency AGENCY-ID]");
    expect_finding(DHR_RECORD_RECOMMENDATION, "[recommendation 1]\n", "1:1 DL026",
                   "write the heading as [recommendation] alone");
    static const char *const actions[] = {"[action]",      "[action a]",    "[action a 0]",
                                          "[action a x]",  "[action a 1x]", "[action a 12345]",
                                          "[action a 1 2]"};
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        expect_finding(DHR_RECORD_RECOMMENDATION, actions[i], "1:1 DL026",
                       "write the heading as [action AGENCY-ID NUMBER], numbered from 1");
}

/* A line that was reported takes its continuations with it; the next key is read again. */
Test(ini_read, reading_goes_on_behind_a_fault)
{
    read_text(DHR_RECORD_AGENCY,
              "[agency]\nname: a\n  b\n# c\n  kind = x\n\n  d\nkind = other\nregion\n  e\n  f\n"
              "contact = g\n");
    cr_assert_str_eq(reading_findings(&r), "2:5 DL011, 7:3 DL012, 9:1 DL011");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_KIND), "other");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_CONTACT), "g");
}

/* A struct dhr_ini is used again for the next file, which may be smaller. */
Test(ini_read, parsing_again)
{
    read_text(DHR_RECORD_RECOMMENDATION,
              "[recommendation]\r\ntext = a\n  b\n[agency x]\nlead = c\n");
    static const char text[] = "[agency]\nname = a\n";
    dhr_findings_release(&r.findings);
    dhr_ini_parse(&r.ini, DHR_RECORD_AGENCY, "agencies/a.ini", dhr_str_of(text), &r.findings);
    r.record = dhr_ini_record(&r.ini, &r.arena, &r.findings);
    cr_assert_str_eq(reading_findings(&r), "");
    cr_assert_eq(r.record->section_count, 1);
    cr_assert_not(r.ini.crlf);
    cr_assert(dhr_str_is(r.record->id, "a"));
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "a");
}

/* Text as typed, and what a file can hold. */
Test(ini_read, normal_text)
{
    static const char *const texts[][2] = {{"a", "a"},
                                           {"", ""},
                                           {" \t\n", ""},
                                           {" a  b\tc ", "a b c"},
                                           {"a\nb", "a\nb"},
                                           {"a\r\nb", "a\nb"},
                                           {"a \n \n\n b", "a\nb"},
                                           {"\na\n", "a"},
                                           {"a\xC2\xA0 \xC2\xA0"
                                            "b",
                                            "a\xC2\xA0 \xC2\xA0"
                                            "b"}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct dhr_str normal = dhr_ini_normal(&r.arena, dhr_str_of(texts[i][0]));
        cr_assert(dhr_str_is(normal, texts[i][1]), "<%s> becomes <%.*s>", texts[i][0],
                  DHR_ARG(normal));
    }
}
