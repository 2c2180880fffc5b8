#include "generate.h"

#include <string.h>

struct rng rng_of(uint64_t seed)
{
    return (struct rng){seed * 0x9E3779B97F4A7C15U};
}

/* Sebastiano Vigna's splitmix64. */
static uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

size_t rng_below(struct rng *rng, size_t n)
{
    return (size_t)(rng_next(rng) % n);
}

bool rng_one_in(struct rng *rng, size_t n)
{
    return rng_below(rng, n) == 0;
}

const char *const nasty[] = {
    ";",
    "; and then",
    "#MeToo",
    "#",
    "due = x",
    "due=x",
    "action = x",
    "[action x 1]",
    "due =x",
    "status",
    "=",
    "==",
    "= x",
    "x = y",
    "lead :",
    ":",
    "a:b",
    "[agency",
    "[agency durham-constabulary]",
    "[recommendation]",
    "[x]",
    "]",
    ".",
    "..",
    "...",
    ".5",
    "\\",
    "\\\\",
    "\\n",
    "\\#",
    "\\.",
    "\\[agency x]",
    "\\due = x",
    "\"quoted\"",
    "'",
    "“curly”",
    "‘single’",
    "holders’",
    "–",
    "—",
    "cafe\xCC\x81",
    "\xCC\x81",
    "n\xCC\x83\xCC\x82\xCC\x81",
    "Mr\xC2\xA0Smith",
    "\xC2\xA0",
    "\xC2\xA0#\xC2\xA0",
    "家庭内暴力の検証",
    "全角　空白",
    "\xE3\x80\x80",
    "👩‍👩‍👧‍👦",
    "🇬🇧",
    "❤️",
    "مراجعة",
    "\xE2\x80\x8B",
    "\xE2\x80\xA8",
    "\xE2\x80\x8F",
    "\xEF\xBB\xBF",
    "\xF4\x8F\xBF\xBD",
    "%s",
    "$(x)",
    "`x`",
    "<b>",
    "2026-03-31",
};

size_t nasty_count(void)
{
    return sizeof(nasty) / sizeof(nasty[0]);
}

static void add_word(struct dhr_buf *text, struct rng *rng)
{
    size_t len = 1 + rng_below(rng, rng_one_in(rng, 8) ? 90 : 9);
    if (rng_one_in(rng, 1500))
        len = 10000;
    for (size_t i = 0; i < len; i++)
        dhr_buf_addc(text, (char)('a' + rng_below(rng, 26)));
}

static void add_paragraph(struct dhr_buf *text, struct rng *rng)
{
    size_t words = 1 + rng_below(rng, rng_one_in(rng, 4) ? 50 : 6);
    for (size_t i = 0; i < words; i++) {
        if (i)
            dhr_buf_addc(text, ' ');
        if (rng_one_in(rng, 4))
            dhr_buf_adds(text, nasty[rng_below(rng, nasty_count())]);
        else
            add_word(text, rng);
    }
}

static struct dhr_str keep(struct dhr_arena *arena, struct dhr_buf *text)
{
    struct dhr_str kept =
        dhr_str_span(dhr_arena_dup(arena, dhr_buf_cstr(text), text->len), text->len);
    dhr_buf_release(text);
    return kept;
}

struct dhr_str value_make(struct rng *rng, struct dhr_arena *arena)
{
    struct dhr_buf text = {0};
    size_t paragraphs = rng_one_in(rng, 5) ? 2 + rng_below(rng, 3) : 1;
    for (size_t i = 0; i < paragraphs; i++) {
        if (i)
            dhr_buf_addc(&text, '\n');
        add_paragraph(&text, rng);
    }
    return keep(arena, &text);
}

static struct dhr_str make_id(struct rng *rng, struct dhr_arena *arena, size_t number)
{
    struct dhr_buf text = {0};
    size_t len = 1 + rng_below(rng, rng_one_in(rng, 4) ? 60 : 12);
    for (size_t i = 0; i < len; i++)
        dhr_buf_addc(&text, i && rng_one_in(rng, 5) ? '-' : (char)('a' + rng_below(rng, 26)));
    dhr_buf_addf(&text, "%zu", number);
    return keep(arena, &text);
}

/* One to two values in three keys' places; a list has up to four. */
static void add_section(struct sample *sample, struct rng *rng, struct dhr_arena *arena,
                        enum dhr_section_id id, struct dhr_str agency, unsigned action)
{
    enum { MOST = 4 };
    struct sample_section *section = &sample->sections[sample->count++];
    size_t keys = 0;
    const struct dhr_key *key = dhr_section_keys(dhr_schema_section(id), &keys);
    *section = (struct sample_section){id, agency, action, NULL, 0};
    section->pairs = dhr_arena_alloc(arena, (keys * MOST + 1) * sizeof(*section->pairs));
    for (; keys; key++, keys--) {
        size_t values = rng_one_in(rng, 2) ? 0 : 1;
        if (values && (key->flags & DHR_KEY_LIST))
            values = 1 + rng_below(rng, MOST);
        for (; values; values--)
            section->pairs[section->count++] =
                (struct dhr_ini_pair){key->id, value_make(rng, arena)};
    }
}

static void add_addressees(struct sample *sample, struct rng *rng, struct dhr_arena *arena)
{
    size_t agencies = 1 + rng_below(rng, 3);
    for (size_t i = 0; i < agencies; i++) {
        struct dhr_str id = make_id(rng, arena, i);
        add_section(sample, rng, arena, DHR_SECTION_ADDRESSEE, id, 0);
        size_t actions = rng_one_in(rng, 3) ? 1 + rng_below(rng, 2) : 0;
        for (unsigned n = 1; n <= actions; n++)
            add_section(sample, rng, arena, DHR_SECTION_ACTION, id, n);
    }
}

void sample_make(struct sample *sample, struct rng *rng, struct dhr_arena *arena)
{
    static const enum dhr_section_id first[] = {DHR_SECTION_REVIEW, DHR_SECTION_RECOMMENDATION,
                                                DHR_SECTION_AGENCY, DHR_SECTION_LEDGER};
    static const enum dhr_record_kind kinds[] = {
        DHR_RECORD_RECOMMENDATION, DHR_RECORD_RECOMMENDATION, DHR_RECORD_RECOMMENDATION,
        DHR_RECORD_REVIEW,         DHR_RECORD_AGENCY,         DHR_RECORD_SETTINGS};
    *sample = (struct sample){.kind = kinds[rng_below(rng, sizeof(kinds) / sizeof(kinds[0]))]};
    add_section(sample, rng, arena, first[sample->kind], dhr_str_of(""), 0);
    if (sample->kind == DHR_RECORD_RECOMMENDATION)
        add_addressees(sample, rng, arena);
}

void sample_write(const struct sample *sample, struct dhr_buf *out)
{
    dhr_buf_clear(out);
    for (size_t i = 0; i < sample->count; i++) {
        const struct sample_section *section = &sample->sections[i];
        dhr_ini_add_section(out, section->id, section->agency, section->action, section->pairs,
                            section->count);
    }
}

/* A file as people write it. */
struct mess {
    struct rng *rng;
    struct dhr_buf *out;
    bool comments;
};

static void add_space(struct mess *m, size_t least)
{
    size_t len = least + (rng_one_in(m->rng, 3) ? rng_below(m->rng, 4) : 0);
    for (; len; len--)
        dhr_buf_addc(m->out, rng_one_in(m->rng, 5) ? '\t' : ' ');
}

static void end_line(struct mess *m)
{
    add_space(m, 0);
    dhr_buf_addc(m->out, '\n');
}

static void add_comment(struct mess *m)
{
    static const char *const comments[] = {"#",         ";",
                                           "# due = x", "; [agency x]",
                                           "#\tTab",    "# “curly” 家庭",
                                           ";;",        "# [recommendation]",
                                           "#  ."};
    if (!m->comments || !rng_one_in(m->rng, 6))
        return;
    if (rng_one_in(m->rng, 3))
        add_space(m, 1);
    dhr_buf_adds(m->out, comments[rng_below(m->rng, sizeof(comments) / sizeof(comments[0]))]);
    dhr_buf_addf(m->out, "%zu", rng_below(m->rng, 1000));
    end_line(m);
}

static void add_gap(struct mess *m)
{
    for (size_t blank = rng_below(m->rng, 3); blank; blank--)
        end_line(m);
    add_comment(m);
    if (rng_one_in(m->rng, 4))
        end_line(m);
    add_comment(m);
}

/* A continuation line of some words; the backslash is always allowed. */
static void add_more(struct mess *m, struct dhr_str *paragraph)
{
    struct dhr_str word;
    size_t words = 1 + rng_below(m->rng, 8);
    size_t taken = 0;
    bool escape = memchr("#;.\\[", paragraph->ptr[0], 5) != NULL ||
                  memchr(paragraph->ptr, '=', paragraph->len) != NULL || rng_one_in(m->rng, 8);
    add_space(m, 1);
    if (escape)
        dhr_buf_addc(m->out, '\\');
    while (words-- && dhr_str_split(paragraph, ' ', &word)) {
        if (taken++)
            add_space(m, 1);
        dhr_buf_add_str(m->out, word);
    }
    end_line(m);
    add_comment(m);
}

static void add_messy_entry(struct mess *m, const char *name, struct dhr_str value)
{
    struct dhr_str paragraph;
    struct dhr_str word;
    bool first = true;
    dhr_buf_adds(m->out, name);
    if (rng_one_in(m->rng, 2)) {
        dhr_buf_adds(m->out, value.len ? " = " : " =");
    } else {
        add_space(m, 0);
        dhr_buf_addc(m->out, '=');
        add_space(m, 0);
    }
    while (value.len && dhr_str_split(&value, '\n', &paragraph)) {
        size_t words = rng_one_in(m->rng, 3) ? 0 : rng_below(m->rng, 6);
        for (; first && words && dhr_str_split(&paragraph, ' ', &word); words--) {
            dhr_buf_add_str(m->out, word);
            add_space(m, 1);
        }
        if (first) {
            m->out->len -= rng_one_in(m->rng, 2) && m->out->ptr[m->out->len - 1] == ' ';
            end_line(m);
            add_comment(m);
        }
        while (paragraph.ptr && paragraph.len)
            add_more(m, &paragraph);
        if (value.ptr) {
            add_space(m, 1);
            dhr_buf_addc(m->out, '.');
            end_line(m);
            add_comment(m);
        }
        first = false;
    }
    if (first)
        end_line(m);
}

static void add_messy_key(struct mess *m, const struct sample_section *section,
                          const struct dhr_key *key)
{
    bool any = false;
    for (size_t i = 0; i < section->count; i++) {
        if (section->pairs[i].key != key->id)
            continue;
        add_gap(m);
        if ((key->flags & DHR_KEY_LIST) && rng_one_in(m->rng, 5))
            add_messy_entry(m, key->name, dhr_str_of(""));
        add_messy_entry(m, key->name, section->pairs[i].value);
        any = true;
    }
    if (any || !(key->flags & DHR_KEY_FORM) || rng_one_in(m->rng, 2))
        return;
    add_gap(m);
    add_messy_entry(m, key->name, dhr_str_of(""));
}

static void add_messy_section(struct mess *m, const struct sample_section *section)
{
    const struct dhr_section_def *def = dhr_schema_section(section->id);
    const struct dhr_key *order[DHR_KEYS];
    size_t count = 0;
    const struct dhr_key *keys = dhr_section_keys(def, &count);
    add_gap(m);
    dhr_buf_adds(m->out, "[");
    add_space(m, 0);
    dhr_buf_adds(m->out, def->heading);
    if (def->label != DHR_LABEL_NONE) {
        add_space(m, 1);
        dhr_buf_add_str(m->out, section->agency);
    }
    if (def->label == DHR_LABEL_ACTION) {
        add_space(m, 1);
        dhr_buf_addf(m->out, "%u", section->action);
    }
    add_space(m, 0);
    dhr_buf_addc(m->out, ']');
    end_line(m);
    for (size_t i = 0; i < count; i++) {
        size_t at = rng_below(m->rng, i + 1);
        order[i] = order[at];
        order[at] = &keys[i];
    }
    for (size_t i = 0; i < count; i++)
        add_messy_key(m, section, order[i]);
}

void sample_write_messy(const struct sample *sample, struct rng *rng, bool comments,
                        struct dhr_buf *out)
{
    struct mess m = {rng, out, comments};
    dhr_buf_clear(out);
    for (size_t i = 0; i < sample->count; i++)
        add_messy_section(&m, &sample->sections[i]);
    add_gap(&m);
    if (rng_one_in(rng, 4) && out->len > 1)
        out->ptr[--out->len] = '\0';
}

static void splice(struct dhr_buf *bytes, size_t at, size_t remove, const char *text, size_t len)
{
    struct dhr_buf result = {0};
    dhr_buf_add(&result, bytes->ptr, at);
    dhr_buf_add(&result, text, len);
    dhr_buf_add(&result, bytes->ptr + at + remove, bytes->len - at - remove);
    dhr_buf_release(bytes);
    *bytes = result;
}

/* A line at random, with its LF. */
static struct dhr_str some_line(struct rng *rng, const struct dhr_buf *bytes, size_t *at)
{
    size_t start = rng_below(rng, bytes->len);
    while (start && bytes->ptr[start - 1] != '\n')
        start--;
    const char *lf = memchr(bytes->ptr + start, '\n', bytes->len - start);
    size_t end = lf ? (size_t)(lf - bytes->ptr) + 1 : bytes->len;
    *at = start;
    return dhr_str_span(bytes->ptr + start, end - start);
}

static size_t leading_space(struct dhr_str line)
{
    size_t len = 0;
    while (len < line.len && (line.ptr[len] == ' ' || line.ptr[len] == '\t'))
        len++;
    return len;
}

static void change_line(struct rng *rng, struct dhr_buf *bytes)
{
    size_t at = 0;
    struct dhr_str line = some_line(rng, bytes, &at);
    struct dhr_buf copy = {0};
    dhr_buf_add_str(&copy, line);
    switch (rng_below(rng, 6)) {
    case 0: /* taken away */
        splice(bytes, at, line.len, "", 0);
        break;
    case 1: /* doubled */
        splice(bytes, at, 0, copy.ptr, copy.len);
        break;
    case 2: /* indented */
        splice(bytes, at, 0, "  \t", 1 + rng_below(rng, 3));
        break;
    case 3: /* to the left margin */
        splice(bytes, at, leading_space(line), "", 0);
        break;
    case 4: /* without its end */
        splice(bytes, at + line.len - (line.len > 0), line.len > 0, "", 0);
        break;
    default: /* moved */
        splice(bytes, at, line.len, "", 0);
        if (bytes->len) {
            (void)some_line(rng, bytes, &at);
            splice(bytes, at, 0, copy.ptr, copy.len);
        }
    }
    dhr_buf_release(&copy);
}

/* Lines that are wrong at most places. */
static const char *const odd_lines[] = {"\n",
                                        " \n",
                                        " .\n",
                                        ".\n",
                                        " \\\n",
                                        "[\n",
                                        "[]\n",
                                        "[ ]\n",
                                        "]\n",
                                        "=\n",
                                        "= x\n",
                                        " = x\n",
                                        ": x\n",
                                        "due\n",
                                        "due: x\n",
                                        "due = x\n",
                                        "  due = x\n",
                                        "  due=\n",
                                        "  [agency\n",
                                        " [x]\n",
                                        "\t[agency x]\n",
                                        "[agency]\n",
                                        "[agency a b c]\n",
                                        "[action a 0]\n",
                                        "[x] y\n",
                                        "#\n",
                                        " ;\n",
                                        "  text\n",
                                        "a b = c\n",
                                        "Due = x\n",
                                        "\xEF\xBB\xBF",
                                        "a = b\r\n",
                                        "\r\n",
                                        "  x\r\n",
                                        "\x01\n",
                                        "  \x7F\n",
                                        "\xC2\x85\n",
                                        "\xFF\n",
                                        "  \xED\xA0\x80\n",
                                        "[agency\tx]\n",
                                        " [ agency x ]\n",
                                        "no = key = x\n"};

static void insert_line(struct rng *rng, struct dhr_buf *bytes)
{
    size_t at = 0;
    (void)some_line(rng, bytes, &at);
    const char *line = odd_lines[rng_below(rng, sizeof(odd_lines) / sizeof(odd_lines[0]))];
    splice(bytes, at, 0, line, strlen(line));
}

static void change_byte(struct rng *rng, struct dhr_buf *bytes)
{
    static const char likely[] = "\n\n\n  \t#;.\\[]=:\r\0x";
    size_t at = rng_below(rng, bytes->len);
    char byte =
        rng_one_in(rng, 3) ? (char)rng_below(rng, 256) : likely[rng_below(rng, sizeof(likely) - 1)];
    splice(bytes, at, rng_below(rng, 2), &byte, 1);
}

void mutate(struct rng *rng, struct dhr_buf *bytes)
{
    for (size_t faults = 1 + rng_below(rng, 4); faults && bytes->len; faults--) {
        switch (rng_below(rng, 4)) {
        case 0:
            change_byte(rng, bytes);
            break;
        case 1:
            insert_line(rng, bytes);
            break;
        default:
            change_line(rng, bytes);
        }
    }
}
