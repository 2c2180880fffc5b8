#include "dhrledger/lookalike.h"

#include <utf8proc.h>

#include "dhrledger/utf8.h"

static const struct {
    uint16_t code;
    char latin;
} letters[] = {
    /* Greek */
    {0x37F, 'J'},
    {0x391, 'A'},
    {0x392, 'B'},
    {0x395, 'E'},
    {0x396, 'Z'},
    {0x397, 'H'},
    {0x399, 'I'},
    {0x39A, 'K'},
    {0x39C, 'M'},
    {0x39D, 'N'},
    {0x39F, 'O'},
    {0x3A1, 'P'},
    {0x3A4, 'T'},
    {0x3A5, 'Y'},
    {0x3A7, 'X'},
    {0x3B1, 'a'},
    {0x3B3, 'y'},
    {0x3B9, 'i'},
    {0x3BD, 'v'},
    {0x3BF, 'o'},
    {0x3C1, 'p'},
    {0x3C3, 'o'},
    {0x3C5, 'u'},
    {0x3F2, 'c'},
    {0x3D2, 'Y'},
    {0x3DC, 'F'},
    {0x3F1, 'p'},
    {0x3F3, 'j'},
    {0x3F9, 'C'},
    {0x3FA, 'M'},
    /* Cyrillic */
    {0x405, 'S'},
    {0x406, 'I'},
    {0x408, 'J'},
    {0x410, 'A'},
    {0x412, 'B'},
    {0x415, 'E'},
    {0x41A, 'K'},
    {0x41C, 'M'},
    {0x41D, 'H'},
    {0x41E, 'O'},
    {0x420, 'P'},
    {0x421, 'C'},
    {0x422, 'T'},
    {0x423, 'Y'},
    {0x425, 'X'},
    {0x42C, 'b'},
    {0x430, 'a'},
    {0x433, 'r'},
    {0x435, 'e'},
    {0x43E, 'o'},
    {0x440, 'p'},
    {0x441, 'c'},
    {0x443, 'y'},
    {0x445, 'x'},
    {0x455, 's'},
    {0x456, 'i'},
    {0x458, 'j'},
    {0x461, 'w'},
    {0x474, 'V'},
    {0x475, 'v'},
    {0x4AE, 'Y'},
    {0x4AF, 'y'},
    {0x4BB, 'h'},
    {0x4BD, 'e'},
    {0x4C0, 'I'},
    {0x4CF, 'l'},
    {0x501, 'd'},
    {0x50C, 'G'},
    {0x51A, 'Q'},
    {0x51B, 'q'},
    {0x51C, 'W'},
    {0x51D, 'w'},
};

static char looks_like(utf8proc_int32_t code)
{
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i].code == code)
            return letters[i].latin;
    }
    return '\0';
}

const char *dhr_lookalike_script(uint32_t code)
{
    return code < 0x400 ? "Greek" : "Cyrillic";
}

static bool is_letter(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

/* Latin, with its extensions, phonetic letters and ligatures. */
static bool is_latin(utf8proc_int32_t code)
{
    return code < 0x2B0 || (code >= 0x1D00 && code < 0x1F00) || (code >= 0x2C60 && code < 0x2C80) ||
           (code >= 0xA720 && code < 0xA800) || (code >= 0xFB00 && code < 0xFB07);
}

/* What a word is made of. */
struct word {
    size_t start, end;
    size_t latin;
    size_t alike;
    size_t other;
    struct dhr_lookalike first; /* of those that look alike */
};

/* Take the next word from *at on; accents belong to it and are none of its letters. */
static bool next_word(struct dhr_str text, size_t *at, struct word *word)
{
    bool inside = false;
    *word = (struct word){0};
    while (*at < text.len) {
        utf8proc_int32_t code = -1;
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + *at,
                                                 (utf8proc_ssize_t)(text.len - *at), &code);
        size_t len = used > 0 ? (size_t)used : 1;
        bool letter = used > 0 && is_letter(code);
        if (inside && !letter)
            break;
        if (letter) {
            char latin = looks_like(code);
            utf8proc_category_t category = utf8proc_category(code);
            if (!inside)
                word->start = *at;
            if (latin && !word->alike)
                word->first = (struct dhr_lookalike){
                    .at = *at, .len = len, .code = (uint32_t)code, .latin = latin};
            if (latin)
                word->alike++;
            else if (category < UTF8PROC_CATEGORY_MN && is_latin(code))
                word->latin++;
            else if (category < UTF8PROC_CATEGORY_MN)
                word->other++;
            inside = true;
        }
        *at += len;
    }
    word->end = *at;
    return inside;
}

/* Whether any byte begins a character from U+0340 to U+053F, as all of the table do. */
static bool may_have_any(struct dhr_str text)
{
    unsigned char seen = 0;
    for (size_t i = 0; i < text.len; i++)
        seen |= (unsigned char)((unsigned char)text.ptr[i] >= 0xCD &&
                                (unsigned char)text.ptr[i] <= 0xD4);
    return seen;
}

bool dhr_lookalike_find(struct dhr_str text, struct dhr_lookalike *found)
{
    struct word word;
    bool latin = false; /* anywhere in the text */
    if (dhr_utf8_is_ascii(text) || !may_have_any(text))
        return false;
    for (size_t at = 0; next_word(text, &at, &word);)
        latin = latin || word.latin > 0;
    for (size_t at = 0; next_word(text, &at, &word);) {
        bool passes = word.latin > 0 || (latin && word.other == 0 && word.alike > 1);
        if (!word.alike || !passes)
            continue;
        *found = word.first;
        found->word = dhr_str_span(text.ptr + word.start, word.end - word.start);
        return true;
    }
    return false;
}
