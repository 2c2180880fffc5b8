#include "dhrledger/kinds.h"

#include <string.h>
#include <strings.h>

#include "dhrledger/utf8.h"

/* More particular words stand before more general ones: "Council Housing Services" is a council. */
static const struct dhr_kind_word table[] = {
    {"police", "police"},
    {"constabulary", "police"},
    {"probation", "probation"},
    {"clinical commissioning group", "nhs-commissioner"},
    {"ccg", "nhs-commissioner"},
    {"primary care trust", "nhs-commissioner"},
    {"pct", "nhs-commissioner"},
    {"integrated care board", "nhs-commissioner"},
    {"icb", "nhs-commissioner"},
    {"nhs england", "nhs-commissioner"},
    {"foundation trust", "nhs-provider"},
    {"nhs trust", "nhs-provider"},
    {"hospital", "nhs-provider"},
    {"hospitals", "nhs-provider"},
    {"ambulance service", "nhs-provider"},
    {"council", "council"},
    {"borough", "council"},
    {"home office", "government"},
    {"ministry", "government"},
    {"department of", "government"},
    {"department for", "government"},
    {"partnership", "partnership"},
    {"safeguarding board", "partnership"},
    {"forum", "partnership"},
    {"housing", "housing"},
    {"homes", "housing"},
    {"school", "education"},
    {"college", "education"},
    {"university", "education"},
    {"women's aid", "voluntary"},
    {"refuge", "voluntary"},
    {"victim support", "voluntary"},
};

const struct dhr_kind_word *dhr_kind_words(size_t *count)
{
    *count = sizeof(table) / sizeof(table[0]);
    return table;
}

static bool ends_word(char c)
{
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
}

/* Whether the folded name holds the words, not as parts of longer ones. */
static bool holds(const char *name, const char *words)
{
    size_t len = strlen(words);
    for (const char *at = strstr(name, words); at; at = strstr(at + 1, words)) {
        if ((at == name || ends_word(at[-1])) && ends_word(at[len]))
            return true;
    }
    return false;
}

/* Curly apostrophes become straight ones, so that the table needs one way of typing them. */
static void one_apostrophe(struct dhr_buf *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->len; i++) {
        bool curly = i + 2 < text->len && memcmp(text->ptr + i, "’", 3) == 0;
        text->ptr[kept++] = curly ? '\'' : text->ptr[i];
        i += curly ? 2 : 0;
    }
    text->len = kept;
    if (text->ptr)
        text->ptr[kept] = '\0';
}

const char *dhr_kind_of_name(struct dhr_str name)
{
    struct dhr_buf folded = {0};
    const char *kind = "unknown";
    dhr_utf8_add_folded(&folded, name);
    one_apostrophe(&folded);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (holds(dhr_buf_cstr(&folded), table[i].words)) {
            kind = table[i].kind;
            break;
        }
    }
    dhr_buf_release(&folded);
    return kind;
}

const char *const *dhr_placeholder_names(size_t *count)
{
    static const char *const names[] = {"All Agencies", "Multiple Agencies", "Housing Providers",
                                        "National Government"};
    *count = sizeof(names) / sizeof(names[0]);
    return names;
}

bool dhr_is_placeholder_name(struct dhr_str name)
{
    size_t count = 0;
    const char *const *names = dhr_placeholder_names(&count);
    for (size_t i = 0; i < count; i++) {
        if (name.len == strlen(names[i]) && strncasecmp(name.ptr, names[i], name.len) == 0)
            return true;
    }
    return false;
}
