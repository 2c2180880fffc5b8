#include "dhrledger/ident.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/utf8.h"

bool dhr_ident_ok(struct dhr_str id)
{
    if (id.len == 0 || id.len > DHR_ID_MAX_BYTES || id.ptr[0] == '-')
        return false;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!dhr_is_lower(c) && !dhr_is_digit(c) && c != '-')
            return false;
    }
    return true;
}

bool dhr_ident_number_ok(struct dhr_str name)
{
    if (name.len == 0 || name.len > DHR_NUMBER_MAX_BYTES || name.ptr[name.len - 1] == '.' ||
        name.ptr[0] == '.' || name.ptr[0] == '-')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!dhr_is_lower(c) && !dhr_is_upper(c) && !dhr_is_digit(c) && c != '-' && c != '.')
            return false;
    }
    return true;
}

bool dhr_ident_recommendation_ok(struct dhr_str id)
{
    struct dhr_str review = {NULL, 0};
    struct dhr_str number = id;
    return dhr_str_split(&number, '/', &review) && number.ptr && dhr_ident_ok(review) &&
           dhr_ident_number_ok(number);
}

bool dhr_ident_reserved(struct dhr_str name)
{
    static const char *const devices[] = {"review", "con",  "prn",  "aux",  "nul",  "com1",
                                          "com2",   "com3", "com4", "com5", "com6", "com7",
                                          "com8",   "com9", "lpt1", "lpt2", "lpt3", "lpt4",
                                          "lpt5",   "lpt6", "lpt7", "lpt8", "lpt9"};
    struct dhr_str stem = {NULL, 0};
    struct dhr_str rest = name;
    if (!dhr_str_split(&rest, '.', &stem) || !stem.len)
        return false;
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        bool initial = (stem.ptr[0] | ' ') == devices[i][0]; /* in either case */
        if (initial && stem.len == strlen(devices[i]) &&
            strncasecmp(stem.ptr, devices[i], stem.len) == 0)
            return true;
    }
    return false;
}

char *dhr_ident_slug(struct dhr_arena *arena, struct dhr_str name, size_t max_bytes)
{
    struct dhr_buf folded = {0};
    struct dhr_buf slug = {0};
    dhr_utf8_add_folded(&folded, name);
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        /* "Women's" is one word, whichever apostrophe was typed. */
        bool apostrophe = c == '\'' || (i + 2 < folded.len && memcmp(&folded.ptr[i], "’", 3) == 0);
        if (dhr_is_lower(c) || dhr_is_digit(c))
            dhr_buf_addc(&slug, c);
        else if (apostrophe)
            i += c == '\'' ? 0 : 2;
        else if (slug.len && slug.ptr[slug.len - 1] != '-')
            dhr_buf_addc(&slug, '-');
    }
    size_t len = slug.len;
    if (len > max_bytes) {
        len = max_bytes;
        /* Cut at a word's end; a single word longer than that is cut where it must be. */
        if (slug.ptr[len] != '-') {
            while (len && slug.ptr[len - 1] != '-')
                len--;
        }
        if (len == 0)
            len = max_bytes;
    }
    while (len && slug.ptr[len - 1] == '-')
        len--;
    char *result = len ? dhr_arena_dup(arena, slug.ptr, len) : dhr_arena_dup(arena, "x", 1);
    dhr_buf_release(&folded);
    dhr_buf_release(&slug);
    return result;
}

char *dhr_ident_number(struct dhr_arena *arena, struct dhr_str printed)
{
    char name[DHR_NUMBER_MAX_BYTES + 1];
    size_t len = 0;
    for (size_t i = 0; i < printed.len && len < DHR_NUMBER_MAX_BYTES; i++) {
        char c = printed.ptr[i];
        bool letter = dhr_is_lower(c) || dhr_is_upper(c) || dhr_is_digit(c);
        if (letter || ((c == '.' || c == '-') && len))
            name[len++] = c;
    }
    while (len && (name[len - 1] == '.' || name[len - 1] == '-'))
        len--;
    if (!len)
        return NULL;
    return dhr_arena_dup(arena, name, len);
}

bool dhr_ident_of_path(struct dhr_str path, enum dhr_record_kind *kind, struct dhr_str *id)
{
    if (dhr_str_is(path, ".dhrledger.ini")) {
        *kind = DHR_RECORD_SETTINGS;
        *id = (struct dhr_str){NULL, 0};
        return true;
    }
    if (!dhr_str_ends(path, ".ini"))
        return false;
    struct dhr_str stem = dhr_str_span(path.ptr, path.len - 4);
    struct dhr_str folder = {NULL, 0};
    if (!dhr_str_split(&stem, '/', &folder) || !stem.ptr)
        return false;
    const char *slash = stem.len ? memchr(stem.ptr, '/', stem.len) : NULL;
    *id = stem;
    if (dhr_str_is(folder, "agencies") && !slash && stem.len) {
        *kind = DHR_RECORD_AGENCY;
        return true;
    }
    if (!dhr_str_is(folder, "reviews") || !slash || slash == stem.ptr)
        return false;
    struct dhr_str name = dhr_str_span(slash + 1, stem.len - (size_t)(slash + 1 - stem.ptr));
    if (name.len == 0 || memchr(name.ptr, '/', name.len))
        return false;
    *kind = DHR_RECORD_RECOMMENDATION;
    if (dhr_str_is(name, "review")) {
        *kind = DHR_RECORD_REVIEW;
        id->len = (size_t)(slash - stem.ptr);
    }
    return true;
}
