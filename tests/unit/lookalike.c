/* Letters that pass for Latin ones. The table was compared with ICU's (uspoof_getSkeleton). */
#include "dhrledger/lookalike.h"

#include <string.h>

#include <criterion/criterion.h>

static void expect(const char *text, const char *word, unsigned code, char latin)
{
    struct dhr_lookalike found;
    cr_assert(dhr_lookalike_find(dhr_str_of(text), &found), "%s", text);
    cr_expect(dhr_str_is(found.word, word), "%s: %.*s", text, DHR_ARG(found.word));
    cr_expect_eq(found.code, code, "%s: U+%04X", text, (unsigned)found.code);
    cr_expect_eq(found.latin, latin, "%s: %c", text, found.latin);
    cr_expect(found.word.ptr <= text + found.at &&
                  text + found.at + found.len <= found.word.ptr + found.word.len,
              "%s: the letter is in the word", text);
}

static void expect_none(const char *text)
{
    struct dhr_lookalike found;
    cr_expect_not(dhr_lookalike_find(dhr_str_of(text), &found), "%s", text);
}

Test(lookalike, a_letter_among_latin_ones)
{
    expect("Durh\u0430m Constabulary", "Durh\u0430m", 0x430, 'a');
    expect("Exampleshire \u0420olice", "\u0420olice", 0x420, 'P');
    expect("K\u039CPT", "K\u039CPT", 0x39C, 'M');
    expect("the ‘Caf\u00E9\u03BF’ team", "Caf\u00E9\u03BF", 0x3BF, 'o');
    expect("1\u0430b", "\u0430b", 0x430, 'a');
    expect("Cle\u0301o\u0440atra", "Cle\u0301o\u0440atra", 0x440, 'p');
}

Test(lookalike, a_word_of_nothing_else)
{
    expect("\u041E\u0410\u0421 Trust", "\u041E\u0410\u0421", 0x41E, 'O');
    expect("Trust \u0391\u0392", "\u0391\u0392", 0x391, 'A');
}

Test(lookalike, words_of_their_own_alphabet)
{
    expect_none("Exampleshire Police");
    expect_none("Café Ångström Łódź ﬁne ß İ");
    expect_none("Московская полиция");
    expect_none("\u041E\u0410\u0421");
    expect_none("Ελληνική Αστυνομία");
    expect_none("The Рада Centre"); /* д looks like no Latin letter */
    expect_none("5 µg of α-blocker, β-blocker, ΔH, 10 Ω");
    expect_none("家庭 Centre");
    expect_none("");
    expect_none("\xE2\x80 \xFF\xD0");
}

Test(lookalike, scripts)
{
    cr_assert_str_eq(dhr_lookalike_script(0x3BF), "Greek");
    cr_assert_str_eq(dhr_lookalike_script(0x430), "Cyrillic");
}
