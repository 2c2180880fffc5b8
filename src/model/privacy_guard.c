/*
 * What a scan knows beyond its own rules: the mailboxes that may stand in a
 * ledger, and the names that may not. A name is a row of tokens, runs of letters or of
 * digits, folded; in a text, white space, hyphens, apostrophes and full stops may stand between
 * them. Names are found by the hash of their first token.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/mem.h"
#include "dhrledger/utf8.h"
#include "privacy_internal.h"

enum { BUCKETS = 4096, TOKEN_MOST = 64, TOKENS_MOST = 12, GAP_MOST = 200 };

struct name {
    struct dhr_str tokens[TOKENS_MOST]; /* folded */
    size_t count;
    struct name *next; /* in its bucket */
};

struct dhr_guard {
    struct dhr_arena arena;
    struct name *buckets[BUCKETS];
    /* Whether a name begins with these three letters, see beginning(); most words end here. */
    bool begins[32 * 32 * 32];
    size_t names;
    struct dhr_str *mailboxes;
    size_t mailbox_count, mailbox_capacity;
};

/* A run of letters or of digits, folded. */
struct token {
    size_t end;
    char text[TOKEN_MOST];
    size_t len;
};

struct dhr_guard *dhr_guard_new(void)
{
    struct dhr_guard *guard = dhr_realloc(NULL, sizeof(*guard));
    memset(guard, 0, sizeof(*guard));
    return guard;
}

void dhr_guard_free(struct dhr_guard *guard)
{
    if (!guard)
        return;
    dhr_arena_release(&guard->arena);
    free(guard->mailboxes);
    free(guard);
}

void dhr_guard_add_mailbox(struct dhr_guard *guard, struct dhr_str address)
{
    *DHR_PUSH(guard->mailboxes, guard->mailbox_count, guard->mailbox_capacity) = address;
}

bool dhr_guard_has_mailbox(const struct dhr_guard *guard, struct dhr_str address)
{
    for (size_t i = 0; guard && i < guard->mailbox_count; i++) {
        struct dhr_str known = guard->mailboxes[i];
        if (known.len == address.len && strncasecmp(known.ptr, address.ptr, known.len) == 0)
            return true;
    }
    return false;
}

/* The next character folded and appended; its bytes in the text, 0 where it is no letter. */
static size_t take_letter(struct dhr_str text, size_t at, struct token *token)
{
    char folded[DHR_FOLD_MOST];
    size_t len = 0;
    size_t used = 1;
    char c = text.ptr[at];
    if (!(c & '\x80')) {
        if (!is_letter(c))
            return 0;
        folded[len++] = to_lower(c);
    } else {
        used = dhr_utf8_fold_letter(text, at, folded, &len);
    }
    if (used && token->len + len <= TOKEN_MOST) {
        memcpy(token->text + token->len, folded, len);
        token->len += len;
    }
    return used;
}

/* The token at `at`, of length 0 where none begins there. A longer one is cut, and fits no name. */
static void take_token(struct dhr_str text, size_t at, struct token *token)
{
    token->len = 0;
    if (is_digit(text.ptr[at])) {
        for (; at < text.len && is_digit(text.ptr[at]); at++) {
            if (token->len < TOKEN_MOST)
                token->text[token->len++] = text.ptr[at];
        }
    } else {
        size_t used = 0;
        while (at < text.len && (used = take_letter(text, at, token)) > 0)
            at += used;
    }
    token->end = at;
}

static size_t bucket_of(const char *text, size_t len)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619U;
    return (hash ^ (hash >> 15)) % BUCKETS;
}

/* Where the next token of a name may begin: behind what stands between two of them. */
static size_t skip_joint(const scan_t *t, size_t at)
{
    size_t start = at;
    while (at < t->text.len && at - start < GAP_MOST) {
        char c = t->text.ptr[at];
        size_t next = scan_gap(t, at);
        size_t dash = scan_dash(t, at);
        if (next > at)
            at = next;
        else if (dash)
            at += dash;
        else if (c == '\'' || c == '.' || c == '_')
            at++;
        else if (c == '\xE2' && byte_at(t, at + 1) == '\x80' &&
                 (byte_at(t, at + 2) == '\x99' || byte_at(t, at + 2) == '\x98'))
            at += 3; /* ’ and ‘ */
        else
            break;
    }
    return at;
}

/* Where the name ends whose first token ends at `at`; 0 where another text goes on. */
static size_t name_end(const scan_t *t, const struct name *name, size_t at)
{
    struct token token = {.len = 0};
    for (size_t i = 1; i < name->count; i++) {
        size_t next = skip_joint(t, at);
        if (next >= t->text.len)
            return 0;
        take_token(t->text, next, &token);
        if (!token.len || !dhr_str_eq(dhr_str_span(token.text, token.len), name->tokens[i]))
            return 0;
        at = token.end;
    }
    return at;
}

/* The end of the longest name that begins with this token, or 0. */
static size_t longest_name(const scan_t *t, const struct token *first)
{
    size_t longest = 0;
    struct dhr_str text = dhr_str_span(first->text, first->len);
    const struct name *name = t->guard->buckets[bucket_of(first->text, first->len)];
    for (; name; name = name->next) {
        size_t end = dhr_str_eq(name->tokens[0], text) ? name_end(t, name, first->end) : 0;
        longest = end > longest ? end : longest;
    }
    return longest;
}

/* A letter is 1 to 26, of either case; a digit is 27, and everything else 0. */
static unsigned letter_number(char c)
{
    return is_letter(c) ? (unsigned)(c & 31) : is_digit(c) ? 27 : 0;
}

/* The place in `begins` of how a token begins; a token of digits has one for all. */
static size_t beginning(const char *p, size_t len)
{
    unsigned a = letter_number(p[0]);
    unsigned b = len > 1 && is_letter(p[0]) && is_letter(p[1]) ? letter_number(p[1]) : 0;
    unsigned c = len > 2 && b && is_letter(p[2]) ? letter_number(p[2]) : 0;
    return (a * 32 + b) * 32 + c;
}

/* Where the token ends that begins at `at`. Only letters beyond ASCII need a closer look. */
static size_t skip_token(struct dhr_str text, size_t at)
{
    struct token rest = {.len = 0};
    if (is_digit(text.ptr[at])) {
        while (at < text.len && is_digit(text.ptr[at]))
            at++;
        return at;
    }
    while (at < text.len && is_letter(text.ptr[at]))
        at++;
    if (at == text.len || !(text.ptr[at] & '\x80'))
        return at;
    take_token(text, at, &rest);
    return rest.end;
}

/* Where the next token is that a name may begin with, or the end. */
static size_t next_candidate(const struct dhr_guard *guard, struct dhr_str text, size_t at)
{
    while (at < text.len) {
        const char *p = text.ptr + at;
        size_t left = text.len - at;
        bool high = *p & '\x80' || (left > 1 && p[1] & '\x80') || (left > 2 && p[2] & '\x80');
        if (!letter_number(*p) && !(*p & '\x80'))
            at++;
        else if (high || guard->begins[beginning(p, left)])
            return at;
        else
            at = skip_token(text, at);
    }
    return at;
}

bool find_name(scan_t *scan, struct dhr_private *found)
{
    const struct dhr_guard *guard = scan->guard;
    struct dhr_str text = scan->text;
    if (!guard->names)
        return false;
    for (;;) {
        size_t at = next_candidate(guard, text, scan->name_at);
        struct token token = {.len = 0};
        if (at >= text.len)
            return false;
        take_token(text, at, &token);
        scan->name_at = token.end > at ? token.end : at + 1;
        size_t end = token.len ? longest_name(scan, &token) : 0;
        if (!end)
            continue;
        scan->name_at = end;
        *found = (struct dhr_private){DHR_RULE_DENIED_NAME, at, end - at};
        return true;
    }
}

static int add_name(struct dhr_guard *guard, struct dhr_str line, const char *path, size_t number,
                    struct dhr_err *err)
{
    struct name *name = dhr_arena_zalloc(&guard->arena, sizeof(*name));
    struct token token = {.len = 0};
    bool letter = false;
    if (dhr_utf8_valid_len(line) < line.len)
        return dhr_fail(err, DHR_UNREADABLE, "%s:%zu: not UTF-8; save the deny-list as UTF-8", path,
                        number);
    for (size_t at = 0; at < line.len;) {
        take_token(line, at, &token);
        at = token.end + (token.len == 0);
        if (!token.len)
            continue;
        if (name->count == TOKENS_MOST || token.len == TOKEN_MOST)
            return dhr_fail(err, DHR_UNREADABLE,
                            "%s:%zu: too long for a name; write one name a line", path, number);
        letter |= !is_digit(token.text[0]);
        char *copy = dhr_arena_dup(&guard->arena, token.text, token.len);
        name->tokens[name->count++] = dhr_str_span(copy, token.len);
    }
    if (!letter)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s:%zu: no name in this line; write one name a line, and '#' before a "
                        "comment",
                        path, number);
    struct name **bucket = &guard->buckets[bucket_of(name->tokens[0].ptr, name->tokens[0].len)];
    name->next = *bucket;
    *bucket = name;
    guard->names++;
    guard->begins[beginning(name->tokens[0].ptr, name->tokens[0].len)] = true;
    return 0;
}

int dhr_guard_add_names(struct dhr_guard *guard, struct dhr_str list, const char *path,
                        struct dhr_err *err)
{
    struct dhr_str line;
    size_t number = 0;
    list = dhr_utf8_without_mark(list);
    while (dhr_str_line(&list, &line)) {
        number++;
        struct dhr_str text = dhr_str_trim(line);
        if (text.len && text.ptr[0] != '#' && add_name(guard, text, path, number, err) < 0)
            return -1;
    }
    return 0;
}
