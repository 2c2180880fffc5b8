/* Characters that can't be seen: which are found, and where they do something. */
#include "dhrledger/unseen.h"

#include <string.h>
#include <utf8proc.h>

#include <criterion/criterion.h>

/* "3:U+200B, …" for all of a text, by offset. */
static const char *unseen(const char *text)
{
    static char shown[300];
    struct dhr_buf out = {0};
    struct dhr_unseen found;
    for (size_t at = 0; dhr_unseen_next(dhr_str_of(text), &at, &found);) {
        dhr_buf_addf(&out, "%s%zu:U+%04X", out.len ? ", " : "", found.at, (unsigned)found.code);
        cr_assert_eq(at, found.at + found.len);
    }
    cr_assert(out.len < sizeof(shown));
    memcpy(shown, dhr_buf_cstr(&out), out.len + 1);
    dhr_buf_release(&out);
    return shown;
}

#define NONE(text) cr_expect_str_eq(unseen(text), "", "%s: %s", text, unseen(text))

Test(unseen, plain_text_has_none)
{
    NONE("");
    NONE("Plain ASCII of more than eight bytes.");
    NONE("“Curly” ‘quotes’ – dashes — ellipsis… • bullet → arrow ¹ ² £5 50% ½ ï é ß");
    NONE("no-break\u00A0space, narrow\u202Fone, figure\u2007one, thin\u2009one, "
         "ideographic\u3000one");
    NONE("non-breaking\u2011hyphen, minus\u2212sign, e\u0301 with its accent, ℃ ™ №");
    NONE("\uE000 private \uF0B7 bullet of a PDF, \uFFFD lost");
    NONE("日本語 家庭 한국어 ελληνικά русский العربية עברית हिन्दी ไทย");
}

Test(unseen, each_kind_is_found_where_it_stands)
{
    cr_assert_str_eq(unseen("Po\u200Blice"), "2:U+200B");
    cr_assert_str_eq(unseen("safe\u00ADguarding and safe\u00ADty"), "4:U+00AD, 23:U+00AD");
    cr_assert_str_eq(unseen("\uFEFFa\u2060b\u2028c\u2029"),
                     "0:U+FEFF, 4:U+2060, 8:U+2028, 12:U+2029");
    cr_assert_str_eq(unseen("a\u202Eb\u202Cc\u2066d\u2069"),
                     "1:U+202E, 5:U+202C, 9:U+2066, 13:U+2069");
    cr_assert_str_eq(unseen("12345678\u200B\u200B12345678\u200B"),
                     "8:U+200B, 11:U+200B, 22:U+200B");
    cr_assert_str_eq(unseen("a\U000E0041\U000E007F"), "1:U+E0041, 5:U+E007F");
}

/* What Unicode calls a format character can't be seen, but for those that are signs of a script. */
Test(unseen, every_format_character_between_latin_letters)
{
    for (utf8proc_int32_t code = 0x80; code < 0x110000; code++) {
        if (utf8proc_category(code) != UTF8PROC_CATEGORY_CF)
            continue;
        bool sign = (code >= 0x600 && code <= 0x605) || code == 0x6DD || code == 0x70F ||
                    (code >= 0x890 && code <= 0x891) || code == 0x8E2 || code == 0x110BD ||
                    code == 0x110CD || (code >= 0x13430 && code <= 0x1345F);
        char text[8] = "x";
        utf8proc_ssize_t len = utf8proc_encode_char(code, (utf8proc_uint8_t *)text + 1);
        text[1 + len] = 'y';
        cr_expect_eq(unseen(text)[0] != '\0', !sign, "U+%04X", (unsigned)code);
    }
}

Test(unseen, joiners_of_scripts_and_emoji)
{
    NONE("می\u200Cخواهم क्\u200Dष ශ්\u200Dරී");
    NONE("👩\u200D🚒 👩🏽\u200D⚕\uFE0F 🏳\uFE0F\u200D🌈");
    cr_assert_str_eq(unseen("ma\u200Cil"), "2:U+200C");
    cr_assert_str_eq(unseen("\u200Dmail"), "0:U+200D");
    cr_assert_str_eq(unseen("e\u0301\u200Dx"), "3:U+200D");
    cr_assert_str_eq(unseen("почта\u200Dx"), "10:U+200D");
    cr_assert_str_eq(unseen("می\u200C\u200Cx"), "7:U+200C");
}

Test(unseen, variants)
{
    NONE("✔\uFE0F ☎\uFE0E 1\uFE0F\u20E3 #\uFE0F\u20E3 ‼\uFE0F ℹ\uFE0F ↔\uFE0F ™\uFE0F 葛\U000E0100 "
         "ᠠ\u180B");
    cr_assert_str_eq(unseen("a\uFE0F"), "1:U+FE0F");
    cr_assert_str_eq(unseen("1\uFE0F"), "1:U+FE0F");
    cr_assert_str_eq(unseen("\uFE0F"), "0:U+FE0F");
    cr_assert_str_eq(unseen("a\U000E0100"), "1:U+E0100");
    /* Letters are smuggled in rows of them behind one sign. */
    cr_assert_str_eq(unseen("✔\uFE0F\uFE01"), "6:U+FE01");
}

Test(unseen, direction_marks)
{
    NONE("שלום\u200F! (العربية\u200E) \u061Cعربي");
    cr_assert_str_eq(unseen("Police\u200E"), "6:U+200E");
    cr_assert_str_eq(unseen("Police \u200F\u200F\u200Fx"), "7:U+200F, 10:U+200F, 13:U+200F");
    cr_assert_str_eq(unseen("שלום\u202E"), "8:U+202E", "an override is never meant");
}

Test(unseen, flags)
{
    NONE("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F flies");
    cr_assert_str_eq(unseen("🏴\U000E0067\U000E0062"), "4:U+E0067, 8:U+E0062");
    cr_assert_str_eq(unseen("🏳\U000E0067\U000E007F"), "4:U+E0067, 8:U+E007F");
}

/* Bytes that are no UTF-8 are another finding; nothing beyond the end is looked at. */
Test(unseen, broken_bytes)
{
    static const char *const broken[] = {"\xE2\x80",        "\xE2",         "a\xC2",
                                         "\xF3\xA0\x80",    "\x80\xBF\xFF", "\xED\xA0\x80",
                                         "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        cr_expect_str_eq(unseen(broken[i]), "", "%zu", i);
    cr_assert_str_eq(unseen("\xE2\x80\xE2\x80\x8B"), "2:U+200B");
    cr_assert_str_eq(unseen("\x80\x80\x80\u200B\xFF"), "3:U+200B");
}
