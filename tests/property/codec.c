/*
 * Properties of reading, writing, formatting and editing records, tried on many
 * random ones: codec FOLDER [PROPERTY]
 *
 * PROPERTY_SEED and PROPERTY_COUNT choose the records. What was written goes to
 * FOLDER too, with what this reader makes of it, for read_record.py to compare.
 */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/difference.h"
#include "dhrledger/utf8.h"
#include "run.h"

/* Characters that can't be seen are told of, and kept like any other; so they are no fault here. */
const struct dhr_record *read_bytes(struct run *r, struct dhr_ini *ini, enum dhr_record_kind kind,
                                    const struct dhr_buf *bytes)
{
    char *copy = dhr_arena_dup(&r->arena, dhr_buf_cstr(bytes), bytes->len);
    dhr_findings_release(&r->findings);
    dhr_ini_parse(ini, kind, "reviews/x/1.ini", dhr_str_span(copy, bytes->len), &r->findings);
    const struct dhr_record *record = dhr_ini_record(ini, &r->arena, &r->findings);
    size_t kept = 0;
    for (size_t i = 0; i < r->findings.count; i++) {
        if (r->findings.items[i].rule != DHR_RULE_UNSEEN)
            r->findings.items[kept++] = r->findings.items[i];
    }
    r->findings.count = kept;
    return record;
}

static bool no_findings(struct run *r)
{
    if (!r->findings.count)
        return true;
    const struct dhr_finding *first = &r->findings.items[0];
    dhr_buf_addf(&r->why, "line %u: DL%03d %s", first->line, (int)first->rule, first->text);
    return false;
}

bool format_bytes(struct run *r, const struct dhr_ini *ini, struct dhr_buf *out)
{
    struct dhr_err err = {0};
    if (dhr_ini_format(ini, out, &err) == 0)
        return true;
    dhr_buf_addf(&r->why, "format: %s", err.text);
    return false;
}

/* The properties. */

static bool written_records_read_back(struct run *r, struct rng *rng)
{
    struct sample sample;
    sample_make(&sample, rng, &r->arena);
    sample_write(&sample, &r->bytes);
    const struct dhr_record *record = read_bytes(r, &r->ini, sample.kind, &r->bytes);
    bool ok = no_findings(r) && same_record(r, &sample, record);
    if (ok)
        keep_file(r);
    return ok;
}

static bool written_records_are_canonical(struct run *r, struct rng *rng)
{
    struct sample sample;
    struct dhr_buf formatted = {0};
    sample_make(&sample, rng, &r->arena);
    sample_write(&sample, &r->bytes);
    (void)read_bytes(r, &r->ini, sample.kind, &r->bytes);
    bool ok = format_bytes(r, &r->ini, &formatted) &&
              same_bytes(r, "formatted", dhr_buf_str(&r->bytes), dhr_buf_str(&formatted));
    dhr_buf_release(&formatted);
    return ok;
}

/*
 * One nasty piece behind text of every length up to two lines: filled with one
 * word, with short words, and with wide characters.
 */
static bool any_piece_survives_any_fold(struct run *r, struct rng *rng)
{
    enum { LENGTHS = 2 * DHR_FOLD_COLUMNS + 6, FILLERS = 3 };
    static const char *const fillers[FILLERS] = {"x", "xxxxxx ", "家"};
    struct sample sample = {.kind = DHR_RECORD_RECOMMENDATION, .count = 1};
    struct sample_section *section = &sample.sections[0];
    const char *filler = fillers[r->index % FILLERS];
    const char *piece = nasty[r->index / FILLERS % nasty_count()];
    (void)rng;
    *section = (struct sample_section){.id = DHR_SECTION_ADDRESSEE, .agency = dhr_str_of("x")};
    section->pairs = dhr_arena_alloc(&r->arena, LENGTHS * sizeof(*section->pairs));
    for (size_t len = 0; len < LENGTHS; len++) {
        struct dhr_buf text = {0};
        while (dhr_utf8_width(dhr_buf_str(&text)) + strlen(filler) <= len)
            dhr_buf_adds(&text, filler);
        while (dhr_utf8_width(dhr_buf_str(&text)) < len)
            dhr_buf_addc(&text, 'y');
        dhr_buf_addf(&text, " %s tail\n%s", piece, piece);
        struct dhr_str value = dhr_ini_normal(&r->arena, dhr_buf_str(&text));
        section->pairs[section->count++] = (struct dhr_ini_pair){DHR_KEY_ADDRESSEE_NOTE, value};
        dhr_buf_release(&text);
    }
    sample_write(&sample, &r->bytes);
    const struct dhr_record *record = read_bytes(r, &r->ini, sample.kind, &r->bytes);
    bool ok = no_findings(r) && same_record(r, &sample, record);
    if (ok)
        keep_file(r);
    return ok;
}

static bool layout_does_not_matter(struct run *r, struct rng *rng)
{
    struct sample sample;
    struct dhr_buf formatted = {0};
    struct dhr_buf canonical = {0};
    sample_make(&sample, rng, &r->arena);
    sample_write(&sample, &canonical);
    sample_write_messy(&sample, rng, false, &r->bytes);
    const struct dhr_record *record = read_bytes(r, &r->ini, sample.kind, &r->bytes);
    bool ok = no_findings(r) && same_record(r, &sample, record) &&
              format_bytes(r, &r->ini, &formatted) &&
              same_bytes(r, "formatted", dhr_buf_str(&canonical), dhr_buf_str(&formatted));
    if (ok)
        keep_file(r);
    dhr_buf_release(&formatted);
    dhr_buf_release(&canonical);
    return ok;
}

/* LF as CR LF, and a byte order mark. */
static void spoil_lines(struct dhr_buf *bytes)
{
    struct dhr_buf result = {0};
    dhr_buf_adds(&result, "\xEF\xBB\xBF");
    for (size_t i = 0; i < bytes->len; i++) {
        if (bytes->ptr[i] == '\n')
            dhr_buf_addc(&result, '\r');
        dhr_buf_addc(&result, bytes->ptr[i]);
    }
    dhr_buf_release(bytes);
    *bytes = result;
}

/* Format what is in r->ini: all stays, and formatting once more changes nothing. */
static bool formats_well(struct run *r)
{
    struct dhr_ini again = {0};
    struct dhr_buf once = {0};
    struct dhr_buf twice = {0};
    struct dhr_str values = values_of(r, &r->ini);
    struct dhr_str comments = comments_of(r, &r->ini);
    bool ok = format_bytes(r, &r->ini, &once);
    if (ok) {
        (void)read_bytes(r, &again, r->ini.kind, &once);
        ok = same_bytes(r, "values", values, values_of(r, &again)) &&
             same_bytes(r, "comments", comments, comments_of(r, &again)) &&
             format_bytes(r, &again, &twice) &&
             same_bytes(r, "formatted twice", dhr_buf_str(&once), dhr_buf_str(&twice));
    }
    dhr_ini_release(&again);
    dhr_buf_release(&once);
    dhr_buf_release(&twice);
    return ok;
}

static bool format_keeps_everything(struct run *r, struct rng *rng)
{
    struct sample sample;
    sample_make(&sample, rng, &r->arena);
    sample_write_messy(&sample, rng, true, &r->bytes);
    bool spoilt = rng_one_in(rng, 8);
    if (spoilt)
        spoil_lines(&r->bytes);
    const struct dhr_record *record = read_bytes(r, &r->ini, sample.kind, &r->bytes);
    bool ok = (spoilt || no_findings(r)) && same_record(r, &sample, record);
    if (ok)
        keep_file(r);
    return ok && formats_well(r);
}

static void make_damaged(struct run *r, struct rng *rng, enum dhr_record_kind *kind)
{
    struct sample sample;
    sample_make(&sample, rng, &r->arena);
    *kind = sample.kind;
    if (rng_one_in(rng, 2))
        sample_write(&sample, &r->bytes);
    else
        sample_write_messy(&sample, rng, true, &r->bytes);
    if (sample.kind == DHR_RECORD_SETTINGS)
        dhr_buf_adds(&r->bytes, "[severity]\nDL004 = off\n[people]\n*@a.example = csp\n"
                                "b@c.example =\n  durham-constabulary\n[publish]\n");
    mutate(rng, &r->bytes);
}

static bool no_line_vanishes(struct run *r, struct rng *rng)
{
    enum dhr_record_kind kind = DHR_RECORD_REVIEW;
    make_damaged(r, rng, &kind);
    const struct dhr_record *record = read_bytes(r, &r->ini, kind, &r->bytes);
    bool ok = nothing_is_lost(r, record);
    if (ok)
        keep_file(r);
    return ok;
}

static bool format_keeps_or_refuses(struct run *r, struct rng *rng)
{
    enum dhr_record_kind kind = DHR_RECORD_REVIEW;
    make_damaged(r, rng, &kind);
    (void)read_bytes(r, &r->ini, kind, &r->bytes);
    bool bad = false;
    for (size_t i = 0; i < r->ini.line_count; i++)
        bad = bad || r->ini.lines[i].kind == DHR_LINE_BAD;
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    if (!bad)
        return formats_well(r);
    bool refused = dhr_ini_format(&r->ini, &out, &err) < 0 && err.status == DHR_FOUND;
    if (!refused)
        dhr_buf_adds(&r->why, "formatted a file with lines that were not understood");
    dhr_buf_release(&out);
    return refused;
}

/* An edit changes one key's value and nothing else. */

static size_t key_count(const struct dhr_ini_section *section)
{
    size_t count = 0;
    if (section->def)
        (void)dhr_section_keys(section->def, &count);
    return count;
}

/* Any key of any section, set to anything; false where no section has keys. */
bool make_edit(struct run *r, struct rng *rng, struct dhr_edit *edit)
{
    enum { MOST = 4 };
    const struct dhr_ini_section *section = NULL;
    size_t seen = 0;
    size_t keys = 0;
    for (size_t i = 0; i < r->ini.section_count; i++) {
        if (key_count(&r->ini.sections[i]) && rng_one_in(rng, ++seen))
            section = &r->ini.sections[i];
    }
    if (!section)
        return false;
    const struct dhr_key *key = dhr_section_keys(section->def, &keys);
    key += rng_below(rng, keys);
    struct dhr_str *values = dhr_arena_alloc(&r->arena, MOST * sizeof(*values));
    size_t count = rng_below(rng, key->flags & DHR_KEY_LIST ? MOST + 1 : 2);
    for (size_t i = 0; i < count; i++)
        values[i] = value_make(rng, &r->arena);
    *edit =
        (struct dhr_edit){section->def->id, section->agency, section->action, key, values, count};
    return true;
}

static struct dhr_str joined(struct run *r, const struct dhr_edit *edit)
{
    struct dhr_buf text = {0};
    for (size_t i = 0; i < edit->count; i++)
        dhr_buf_addf(&text, "%s%.*s", i ? "\n" : "", DHR_ARG(edit->values[i]));
    struct dhr_str result = dhr_str_of(dhr_arena_dup(&r->arena, dhr_buf_cstr(&text), text.len));
    dhr_buf_release(&text);
    return result;
}

static bool one_difference(struct run *r, const struct dhr_edit *edit,
                           const struct dhr_record *before, const struct dhr_record *after)
{
    struct dhr_differences d = {0};
    dhr_differences_of(&d, before, after, &r->arena);
    bool ok = d.count == 1 && d.items[0].key == edit->key &&
              dhr_str_eq(d.items[0].agency, edit->agency) && d.items[0].action == edit->action &&
              dhr_str_eq(d.items[0].after, joined(r, edit));
    ok = ok || (d.count == 0 && edit->count == 0);
    if (!ok)
        dhr_buf_addf(&r->why, "%zu differences after setting %s to <%.*s>", d.count,
                     edit->key->name, DHR_ARG(joined(r, edit)));
    dhr_differences_release(&d);
    return ok;
}

static bool edits_change_one_key(struct run *r, struct rng *rng)
{
    struct sample sample;
    struct dhr_edit edit;
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    struct dhr_ini again = {0};
    sample_make(&sample, rng, &r->arena);
    sample_write_messy(&sample, rng, true, &r->bytes);
    if (rng_one_in(rng, 8))
        spoil_lines(&r->bytes);
    const struct dhr_record *before = read_bytes(r, &r->ini, sample.kind, &r->bytes);
    size_t found = r->findings.count;
    struct dhr_str comments = comments_of(r, &r->ini);
    (void)make_edit(r, rng, &edit);
    bool ok = dhr_ini_edit(&r->ini, &edit, &out, &err) == 0;
    if (ok) {
        const struct dhr_record *after = read_bytes(r, &again, sample.kind, &out);
        ok = (r->findings.count == found || no_findings(r)) &&
             one_difference(r, &edit, before, after) &&
             same_bytes(r, "comments", comments, comments_of(r, &again));
    } else {
        dhr_buf_adds(&r->why, err.text);
    }
    dhr_ini_release(&again);
    dhr_buf_release(&out);
    return ok;
}

/* Where a file has faults, an edit neither hides nor wakes them. */
static bool edits_leave_faults_alone(struct run *r, struct rng *rng)
{
    enum dhr_record_kind kind = DHR_RECORD_REVIEW;
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    struct dhr_ini again = {0};
    struct dhr_edit edit;
    make_damaged(r, rng, &kind);
    (void)read_bytes(r, &r->ini, kind, &r->bytes);
    if (!make_edit(r, rng, &edit))
        return true;
    struct dhr_str faults = faults_of(r, &r->ini);
    bool ok = dhr_ini_edit(&r->ini, &edit, &out, &err) == 0;
    if (ok) {
        (void)read_bytes(r, &again, kind, &out);
        ok = same_bytes(r, "faulty lines", faults, faults_of(r, &again));
    } else {
        dhr_buf_adds(&r->why, err.text);
    }
    dhr_ini_release(&again);
    dhr_buf_release(&out);
    return ok;
}

static const struct property {
    const char *name;
    bool (*holds)(struct run *r, struct rng *rng);
} properties[] = {
    {"written-records-read-back", written_records_read_back},
    {"written-records-are-canonical", written_records_are_canonical},
    {"any-piece-survives-any-fold", any_piece_survives_any_fold},
    {"layout-does-not-matter", layout_does_not_matter},
    {"format-keeps-everything", format_keeps_everything},
    {"no-line-vanishes", no_line_vanishes},
    {"format-keeps-or-refuses", format_keeps_or_refuses},
    {"layout-is-found-where-it-would-change", layout_is_found_where_it_would_change},
    {"edits-change-one-key", edits_change_one_key},
    {"edits-keep-the-layout", edits_keep_the_layout},
    {"edits-leave-faults-alone", edits_leave_faults_alone},
};

static bool try_property(struct run *r, const struct property *property, uint64_t seed,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rng rng = rng_of(seed + i);
        r->index = i;
        dhr_arena_clear(&r->arena);
        dhr_buf_clear(&r->why);
        if (property->holds(r, &rng))
            continue;
        (void)printf("%.2000s\n---- the file:\n%.4000s\n---- again: PROPERTY_SEED=%llu "
                     "PROPERTY_COUNT=%zu\nnot ok %s\n",
                     dhr_buf_cstr(&r->why), dhr_buf_cstr(&r->bytes), (unsigned long long)seed,
                     i + 1, property->name);
        return false;
    }
    (void)printf("ok %s\n", property->name);
    return true;
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void release(struct run *r)
{
    dhr_ini_release(&r->ini);
    dhr_findings_release(&r->findings);
    dhr_buf_release(&r->bytes);
    dhr_buf_release(&r->why);
    dhr_arena_release(&r->arena);
}

int main(int argc, char **argv)
{
    char path[4096];
    struct run run = {.folder = argc > 1 ? argv[1] : "."};
    struct dhr_err err = {0};
    uint64_t seed = number_from("PROPERTY_SEED", 2012);
    size_t count = (size_t)number_from("PROPERTY_COUNT", 500);
    size_t failed = 0;
    (void)snprintf(path, sizeof(path), "%s/readings", run.folder);
    run.readings = fopen(path, "wb");
    if (!run.readings || dhr_ini_init(&err) < 0) {
        (void)fprintf(stderr, "%s: %s\n", path, run.readings ? err.text : "can't be written");
        return 1;
    }
    keep_words(run.folder);
    for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
        if (argc < 3 || strcmp(argv[2], properties[i].name) == 0)
            failed += !try_property(&run, &properties[i], seed, count);
    }
    release(&run);
    if (fclose(run.readings)) {
        perror(path);
        return 1;
    }
    return failed > 0;
}
