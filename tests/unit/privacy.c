#include "dhrledger/privacy.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

/* How much of what is planted may be missed, and the least that has to be planted. */
enum { MISSED_PERCENT = 1, PLANTED_LEAST = 400 };

enum { MARKS_MOST = 8, FILE_MOST = 1 << 20 };

/* A text with what has to be found in it. */
struct sample {
    char text[4096];
    size_t len;
    struct dhr_private marks[MARKS_MOST];
    size_t marks_count;
};

struct tally {
    unsigned texts, planted, missed, false_alarms;
};

static enum dhr_rule rule_of(struct dhr_str kind)
{
    static const struct {
        const char *kind;
        enum dhr_rule rule;
    } kinds[] = {{"date", DHR_RULE_BIRTH_OR_DEATH_DATE},
                 {"nhs", DHR_RULE_NHS_NUMBER},
                 {"ni", DHR_RULE_NI_NUMBER},
                 {"postcode", DHR_RULE_POSTCODE},
                 {"phone", DHR_RULE_PHONE},
                 {"email", DHR_RULE_PERSONAL_EMAIL}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (dhr_str_is(kind, kinds[i].kind))
            return kinds[i].rule;
    }
    cr_assert(false, "no kind %.*s", DHR_ARG(kind));
    return DHR_RULE_UNREADABLE;
}

/* A line of the corpus: "{kind:text}" is a mark, "\n" a line feed. */
static void read_sample(struct sample *s, struct dhr_str line)
{
    *s = (struct sample){.len = 0};
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        if (c == '{') {
            const char *colon = memchr(line.ptr + i, ':', line.len - i);
            cr_assert(colon != NULL && s->marks_count < MARKS_MOST);
            struct dhr_str kind = dhr_str_span(line.ptr + i + 1, colon - line.ptr - i - 1);
            s->marks[s->marks_count++] = (struct dhr_private){.rule = rule_of(kind), .at = s->len};
            i = colon - line.ptr;
        } else if (c == '}') {
            struct dhr_private *mark = &s->marks[s->marks_count - 1];
            mark->len = s->len - mark->at;
        } else if (c == '\\' && i + 1 < line.len && line.ptr[i + 1] == 'n') {
            s->text[s->len++] = '\n';
            i++;
        } else {
            s->text[s->len++] = c;
        }
        cr_assert(s->len + 1 < sizeof(s->text));
    }
}

/* The text in one line, with the piece in brackets. */
static void complain(const char *what, const struct sample *s, const struct dhr_private *piece)
{
    (void)fprintf(stderr, "%s %s: ", what, dhr_privacy_name(piece->rule));
    for (size_t i = 0; i < s->len; i++) {
        if (i == piece->at)
            (void)fputs("[[", stderr);
        if (s->text[i] == '\n')
            (void)fputs("\\n", stderr);
        else
            (void)fputc(s->text[i], stderr);
        if (i + 1 == piece->at + piece->len)
            (void)fputs("]]", stderr);
    }
    (void)fputc('\n', stderr);
}

/* A piece is found where a finding of its kind overlaps it. */
static bool meets(const struct dhr_private *a, const struct dhr_private *b)
{
    return a->rule == b->rule && a->at < b->at + b->len && b->at < a->at + a->len;
}

static void judge(const struct sample *s, enum dhr_text_kind kind, struct tally *tally)
{
    bool seen[MARKS_MOST] = {false};
    struct dhr_privacy_scan scan = {.text = dhr_str_span(s->text, s->len), .kind = kind};
    struct dhr_private found;
    while (dhr_privacy_next(&scan, &found)) {
        bool wanted = false;
        for (size_t i = 0; i < s->marks_count; i++) {
            if (!meets(&found, &s->marks[i]))
                continue;
            wanted = !seen[i];
            seen[i] = true;
        }
        if (wanted)
            continue;
        tally->false_alarms++;
        complain("false alarm:", s, &found);
    }
    for (size_t i = 0; i < s->marks_count; i++) {
        if (seen[i])
            continue;
        tally->missed++;
        complain("missed:", s, &s->marks[i]);
    }
    tally->texts++;
    tally->planted += s->marks_count;
}

/* A text that has the shape of a record's lines. */
static bool is_record(const struct sample *s)
{
    size_t key = strspn(s->text, "abcdefghijklmnopqrstuvwxyz-");
    return s->text[0] == '#' || s->text[0] == ';' ||
           (key && s->text[key] == ' ' && s->text[key + 1] == '=');
}

/* The same text as the value of a key, folded at each space behind so many columns. */
static void judge_folded(const struct sample *s, size_t columns, struct tally *tally)
{
    struct sample folded = {.len = 0};
    size_t from[4096]; /* where each byte of the text went */
    folded.len = (size_t)snprintf(folded.text, sizeof(folded.text), "text =\n  ");
    size_t start = folded.len;
    for (size_t i = 0; i < s->len; i++) {
        from[i] = folded.len;
        /* The writer breaks before no sign that would need a backslash, and neither do we. */
        bool safe = i + 1 < s->len && !strchr("#;.\\[= ", s->text[i + 1]);
        if (s->text[i] == ' ' && i > 0 && s->text[i - 1] != ' ' && folded.len - start >= columns &&
            safe) {
            memcpy(folded.text + folded.len, "\n  ", 3);
            folded.len += 3;
            start = folded.len;
        } else {
            folded.text[folded.len++] = s->text[i];
        }
        cr_assert(folded.len + 4 < sizeof(folded.text));
    }
    for (size_t i = 0; i < s->marks_count; i++) {
        size_t last = from[s->marks[i].at + s->marks[i].len - 1];
        folded.marks[i] = s->marks[i];
        folded.marks[i].at = from[s->marks[i].at];
        folded.marks[i].len = last + 1 - folded.marks[i].at;
    }
    folded.marks_count = s->marks_count;
    judge(&folded, DHR_TEXT_RECORD, tally);
}

static void judge_all_ways(const struct sample *s, struct tally *plain, struct tally *folded)
{
    bool record = is_record(s);
    judge(s, record ? DHR_TEXT_RECORD : DHR_TEXT_PROSE, plain);
    if (record || memchr(s->text, '\n', s->len))
        return;
    unsigned faults = folded->missed + folded->false_alarms;
    for (size_t columns = 1; columns <= 70 && folded->missed + folded->false_alarms == faults;
         columns += 3)
        judge_folded(s, columns, folded);
}

static void print_tally(const char *name, const struct tally *t)
{
    (void)fprintf(stderr, "privacy: %s: %u texts, %u planted, %u missed, %u false alarms\n", name,
                  t->texts, t->planted, t->missed, t->false_alarms);
    cr_expect(t->missed * 100 <= t->planted * MISSED_PERCENT, "%s: %u of %u missed", name,
              t->missed, t->planted);
    cr_expect(t->false_alarms == 0, "%s: %u false alarms", name, t->false_alarms);
}

/* The next line of a corpus that is neither empty nor a remark. */
static bool next_line(struct dhr_str *rest, struct dhr_str *line)
{
    while (dhr_str_line(rest, line)) {
        if (line->len && !dhr_str_starts(*line, "##"))
            return true;
    }
    return false;
}

static struct dhr_arena arena;

static void end(void)
{
    dhr_arena_release(&arena);
}

TestSuite(privacy, .fini = end);

/* A file of the project, in whose folder the tests run. */
static struct dhr_str project_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s: can't be opened", path);
    char *text = dhr_arena_alloc(&arena, FILE_MOST);
    size_t len = fread(text, 1, FILE_MOST, file);
    cr_assert(len < FILE_MOST);
    (void)fclose(file);
    return dhr_str_span(text, len);
}

static void judge_file(const char *name, struct tally *plain, struct tally *folded)
{
    struct dhr_str rest = project_file(name);
    struct dhr_str line;
    struct sample sample;
    while (next_line(&rest, &line)) {
        read_sample(&sample, line);
        judge_all_ways(&sample, plain, folded);
    }
}

Test(privacy, prose)
{
    struct tally plain = {0};
    struct tally folded = {0};
    judge_file("tests/privacy/prose.txt", &plain, &folded);
    judge_file("tests/privacy/later.txt", &plain, &folded);
    judge_file("tests/privacy/sound.txt", &plain, &folded);
    print_tally("prose", &plain);
    print_tally("prose, folded in every way", &folded);
    cr_expect(plain.planted >= 240);
}

Test(privacy, shapes_in_frames)
{
    struct tally plain = {0};
    struct tally folded = {0};
    struct dhr_str frames = project_file("tests/privacy/frames.txt");
    struct dhr_str frame;
    while (next_line(&frames, &frame)) {
        size_t colon = (const char *)memchr(frame.ptr, ':', frame.len) - frame.ptr;
        struct dhr_str shapes = project_file("tests/privacy/shapes.txt");
        struct dhr_str shape;
        while (next_line(&shapes, &shape)) {
            if (shape.len <= colon || memcmp(shape.ptr, frame.ptr, colon + 1) != 0)
                continue;
            struct dhr_buf text = {0};
            for (size_t i = colon + 2; i < frame.len; i++) {
                if (frame.ptr[i] == '%')
                    dhr_buf_addf(&text, "{%.*s:%.*s}", (int)colon, shape.ptr,
                                 (int)(shape.len - colon - 2), shape.ptr + colon + 2);
                else
                    dhr_buf_addc(&text, frame.ptr[i]);
            }
            struct sample sample;
            read_sample(&sample, dhr_buf_str(&text));
            judge_all_ways(&sample, &plain, &folded);
            dhr_buf_release(&text);
        }
    }
    print_tally("shapes in frames", &plain);
    print_tally("shapes in frames, folded in every way", &folded);
    cr_expect(plain.planted >= PLANTED_LEAST);
}

static unsigned pieces_of(const char *path, enum dhr_text_kind kind)
{
    struct dhr_privacy_scan scan = {.text = project_file(path), .kind = kind};
    struct dhr_private found;
    unsigned count = 0;
    while (dhr_privacy_next(&scan, &found)) {
        count++;
        (void)fprintf(stderr, "%s: false alarm at %zu\n", path, found.at);
    }
    return count;
}

/* The page of a real review, the ledger made of it, and its agencies. */
Test(privacy, nothing_in_durham)
{
    static const char *const patterns[] = {"reviews/*/*.ini", "agencies/*.ini"};
    cr_expect(pieces_of("tests/fixtures/durham-review.txt", DHR_TEXT_PROSE) == 0);
    size_t files = 0;
    for (size_t i = 0; i < 2; i++) {
        glob_t found;
        cr_assert(glob(patterns[i], 0, NULL, &found) == 0);
        for (size_t f = 0; f < found.gl_pathc; f++, files++)
            cr_expect(pieces_of(found.gl_pathv[f], DHR_TEXT_RECORD) == 0);
        globfree(&found);
    }
    cr_expect(files == 56);
}

/* The names of a list that are found in a text, as "start+length …". */
static const char *names_in(const char *list, enum dhr_text_kind kind, const char *text)
{
    struct dhr_guard *guard = dhr_guard_new();
    struct dhr_err err = {0};
    struct dhr_buf places = {0};
    cr_assert(dhr_guard_add_names(guard, dhr_str_of(list), "list", &err) == 0, "%s", err.text);
    struct dhr_privacy_scan scan = {.text = dhr_str_of(text), .kind = kind, .guard = guard};
    struct dhr_private found;
    while (dhr_privacy_next(&scan, &found)) {
        if (found.rule == DHR_RULE_DENIED_NAME)
            dhr_buf_addf(&places, "%s%.*s", places.len ? "|" : "", (int)found.len, text + found.at);
    }
    dhr_guard_free(guard);
    const char *copy = dhr_arena_dup(&arena, dhr_buf_cstr(&places), places.len);
    dhr_buf_release(&places);
    return copy;
}

#define NAMES(list, text, wanted) cr_expect_str_eq(names_in(list, DHR_TEXT_PROSE, text), wanted)

Test(privacy, names_without_case_and_accents)
{
    NAMES("Zoltar", "ZOLTAR, zoltar and Zoltar's Zoltar’s", "ZOLTAR|zoltar|Zoltar|Zoltar");
    NAMES("Zoltár", "zoltar Zoltár ZOLTÁR Zolta\xCC\x81r", "zoltar|Zoltár|ZOLTÁR|Zolta\xCC\x81r");
    NAMES("Łúkøm", "LUKOM łúkøm", "LUKOM|łúkøm");
    NAMES("Æbel", "Aebel æbel", "Aebel|æbel");
    NAMES("Élan", "elan ÉLAN élan", "elan|ÉLAN|élan");
    NAMES("Weiß", "WEISS weiß", "WEISS|weiß");
    NAMES("Жанна", "ЖАННА и жанна", "ЖАННА|жанна");
}

Test(privacy, names_are_whole_words)
{
    NAMES("Zol", "Zoltar zolz azol zol1 1zol zöl", "zol|zol|zöl");
    NAMES("Evre", "Lefèvre Lefevre evré", "evré");
    NAMES("tar", "Zöltar zöl-tar", "tar");
    NAMES("Zoltar", "zoltar_b and c_zoltar.ini", "zoltar|zoltar");
    NAMES("Zoltar", "", "");
    NAMES("", "Zoltar", "");
}

Test(privacy, names_of_several_words)
{
    NAMES("Ann-Zol Tarkin", "ann zol tarkin, Ann-Zol-Tarkin, Ann Zol\nTarkin",
          "ann zol tarkin|Ann-Zol-Tarkin|Ann Zol\nTarkin");
    NAMES("Ann Zol", "Ann saw Zol; Ann Zola", "");
    NAMES("A Zol", "A. Zol and A.Zol, a zol", "A. Zol|A.Zol|a zol");
    NAMES("O'Zol", "O’Zol O'ZOL o zol", "O’Zol|O'ZOL|o zol");
    NAMES("Zol\nZol Tarkin", "Zol Tarkin, Zol Tar", "Zol Tarkin|Zol");
    NAMES("12 Zol Lane", "at 12 Zol Lane; at 112 Zol Lane", "12 Zol Lane");
    cr_expect_str_eq(names_in("Ann Zol", DHR_TEXT_RECORD, "note = a\n  Ann\n  Zol\n"),
                     "Ann\n  Zol");
    cr_expect_str_eq(names_in("Ann Zol", DHR_TEXT_RECORD, "name = Ann\nZol = 1\n"), "");
    cr_expect_str_eq(names_in("Ann Zol", DHR_TEXT_PATH, "reviews/ann_zol-2012"), "ann_zol");
}

Test(privacy, lists_of_names)
{
    struct dhr_guard *guard = dhr_guard_new();
    struct dhr_err err = {0};
    NAMES("\xEF\xBB\xBF# names\r\n\r\nZol\r\n  Tarkin  \r\n", "zol tarkin", "zol|tarkin");
    cr_expect(dhr_guard_add_names(guard, dhr_str_of("Zol\n1234\n"), "list", &err) < 0);
    cr_expect_str_eq(
        err.text, "list:2: no name in this line; write one name a line, and '#' before a comment");
    cr_expect(dhr_guard_add_names(guard, dhr_str_of("\xE9lan\n"), "list", &err) < 0);
    cr_expect_str_eq(err.text, "list:1: not UTF-8; save the deny-list as UTF-8");
    cr_expect(err.status == DHR_UNREADABLE);
    cr_expect(dhr_guard_add_names(guard, dhr_str_of("a b c d e f g h i j k l m\n"), "list", &err) <
              0);
    cr_expect_str_eq(err.text, "list:1: too long for a name; write one name a line");
    dhr_guard_free(guard);
}

/* How many pieces of personal data a text has. */
static unsigned pieces(enum dhr_text_kind kind, const struct dhr_guard *guard, const char *text)
{
    struct dhr_privacy_scan scan = {.text = dhr_str_of(text), .kind = kind, .guard = guard};
    struct dhr_private found;
    unsigned count = 0;
    while (dhr_privacy_next(&scan, &found))
        count++;
    return count;
}

Test(privacy, addresses_that_may_stand)
{
    struct dhr_guard *guard = dhr_guard_new();
    const char *desk = "Write to Front.Desk@council.example.org.";
    cr_expect(pieces(DHR_TEXT_PROSE, guard, desk) == 1);
    dhr_guard_add_mailbox(guard, dhr_str_of("front.desk@council.example.org"));
    cr_expect(pieces(DHR_TEXT_PROSE, guard, desk) == 0);
    dhr_guard_free(guard);
    cr_expect(pieces(DHR_TEXT_SETTINGS, NULL, "[people]\nada@example.org = csp\n") == 0);
    cr_expect(pieces(DHR_TEXT_SETTINGS, NULL, "[ledger]\nname = ada@example.org\n") == 1);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "ada@example.org = csp\n") == 1);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "kind = police\ncontact = zol@example.org\n") == 0);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "contact =\n  zol@example.org\n") == 0);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "lead = contact = zol@example.org\n") == 1);
    cr_expect(pieces(DHR_TEXT_PROSE, NULL, "Why\n\nCo-authored-by: Zol <zol@example.org>\n") == 0);
    /* As "git merge --squash" writes it. */
    cr_expect(pieces(DHR_TEXT_PROSE, NULL,
                     "Squashed\n\ncommit 1234\nAuthor: Zol <zol@example.org>\nDate: x\n\ncommit "
                     "5678\nMerge: 1 2\nAuthor: Zol <zol@example.org>\n") == 0);
    cr_expect(pieces(DHR_TEXT_PROSE, NULL, "Author: Zol <zol@example.org>\n") == 1);
    cr_expect(pieces(DHR_TEXT_PROSE, NULL, "Note\nAuthor: Zol <zol@example.org>\n") == 1);
    cr_expect(pieces(DHR_TEXT_PROSE, NULL, "Why\n\nConfirmed by: Zol <zol@example.org>\n") == 1);
}

/* A value ends where its lines end: nothing is glued together across keys or paragraphs. */
Test(privacy, lines_that_do_not_belong_together)
{
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "page = 01632\norder = 960123\n") == 0);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "text =\n  01632\n  .\n  960123\n") == 0);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "note = DH55\n\n  9ZZ\n") == 0);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "# 01632\npage = 960123\n") == 0);
    cr_expect(pieces(DHR_TEXT_PROSE, NULL, "01632\n\n960123") == 0);
    cr_expect(pieces(DHR_TEXT_PROSE, NULL, "01632\n960123") == 1);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "text =\n  01632\n# between\n  960123\n") == 1);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "text =\n  born on\n  \\31 December 1980\n") == 1);
    cr_expect(pieces(DHR_TEXT_RECORD, NULL, "note = she died\r\n  31 December 1980\r\n") == 1);
}

/* How many words of the list make no date of birth or death of the one in their sentence. */
static unsigned silent(const char *before, const char *list, const char *after)
{
    struct dhr_str rest = dhr_str_of(list);
    struct dhr_str word;
    char text[128];
    unsigned count = 0;
    while (dhr_str_split(&rest, ' ', &word)) {
        (void)snprintf(text, sizeof(text), "%s%.*s%s", before, DHR_ARG(word), after);
        if (pieces(DHR_TEXT_PROSE, NULL, text) == 1)
            continue;
        (void)fprintf(stderr, "missed: %s\n", text);
        count++;
    }
    return count;
}

/* Each of them, so that none is out of the order in which they are looked up. */
Test(privacy, every_word_of_births_and_deaths)
{
    const char *date = " on 31 December 1980.";
    cr_expect(silent("The victim, ",
                     "born nee died dies dying dead deceased killed kills murdered slain "
                     "stillborn drowned strangled hanged stabbed shot fatally extinct perished",
                     date) == 0);
    cr_expect(silent("", "dob dod birthday birthdate", ": 31 December 1980") == 0);
    cr_expect(silent("The ",
                     "birth death fatal murder homicide killing suicide demise fatality "
                     "manslaughter",
                     " of 31 December 1980") == 0);
    cr_expect(silent("Her body was ", "found discovered recovered", date) == 0);
    cr_expect(silent("She lost her ", "life", date) == 0);
    cr_expect(silent("Her life was ", "taken", date) == 0);
    cr_expect(silent("She passed ", "away", date) == 0);
    cr_expect(silent("It was ", "found taken recovered", date) == 3);
}

/* No text may read beyond its end or make a scan run on for ever. */
Test(privacy, every_cut_of_a_text, .timeout = 20)
{
    struct dhr_str text = project_file("tests/privacy/prose.txt");
    for (size_t len = 0; len < text.len && len < 9000; len += 7) {
        char *copy = malloc(len ? len : 1);
        memcpy(copy, text.ptr, len);
        struct dhr_privacy_scan scan = {.text = dhr_str_span(copy, len), .kind = DHR_TEXT_RECORD};
        struct dhr_private found;
        size_t last = 0;
        scan.at = len > 400 ? len - 400 : 0;
        while (dhr_privacy_next(&scan, &found)) {
            cr_assert(found.at >= last && found.len > 0 && found.at + found.len <= len);
            last = found.at + found.len;
        }
        free(copy);
    }
}
