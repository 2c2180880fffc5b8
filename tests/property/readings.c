#include "run.h"

#include <stdlib.h>

static void add_json(struct dhr_buf *out, struct dhr_str text)
{
    dhr_buf_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n' || text.ptr[i] == '\t')
            dhr_buf_adds(out, text.ptr[i] == '\n' ? "\\n" : "\\t");
        else if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            dhr_buf_addf(out, "\\%c", text.ptr[i]);
        else
            dhr_buf_addc(out, text.ptr[i]);
    }
    dhr_buf_addc(out, '"');
}

/* "agency x" of "[ agency  x ]". */
static struct dhr_str heading_of(struct run *r, const struct dhr_ini_section *section)
{
    const struct dhr_ini_line *line = &r->ini.lines[section->line];
    struct dhr_str text = dhr_str_trim(dhr_str_span(r->ini.bytes.ptr + line->start, line->len));
    return dhr_ini_normal(&r->arena, dhr_str_span(text.ptr + 1, text.len - 2));
}

static void add_json_sections(struct dhr_buf *out, struct run *r)
{
    const struct dhr_ini *ini = &r->ini;
    for (size_t i = 0; i < ini->section_count; i++) {
        dhr_buf_adds(out, i ? ", [" : "[");
        add_json(out, heading_of(r, &ini->sections[i]));
        for (size_t e = 0; e < ini->entry_count; e++) {
            struct dhr_str value = dhr_ini_value(ini, &ini->entries[e], &r->arena);
            if (ini->entries[e].section != i || !value.len)
                continue;
            dhr_buf_adds(out, ", [");
            add_json(out, ini->entries[e].name);
            dhr_buf_adds(out, ", ");
            add_json(out, value);
            dhr_buf_addc(out, ']');
        }
        dhr_buf_addc(out, ']');
    }
}

/* The lines that are wrong whatever sections and keys there are; true if there is one. */
static bool add_json_faults(struct dhr_buf *out, struct dhr_findings *findings)
{
    uint32_t last = 0;
    dhr_findings_sort(findings);
    for (size_t i = 0; i < findings->count; i++) {
        const struct dhr_finding *finding = &findings->items[i];
        if (finding->rule > DHR_RULE_KEY_BEFORE_SECTION || finding->line == last)
            continue;
        dhr_buf_addf(out, "%s%u", last ? ", " : "", finding->line);
        last = finding->line;
    }
    return last > 0;
}

void keep_file(struct run *r)
{
    char path[4096];
    struct dhr_buf json = {0};
    (void)snprintf(path, sizeof(path), "%s/%06zu-%s.ini", r->folder, r->file_count++,
                   dhr_record_kind_name(r->ini.kind));
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(r->ini.bytes.ptr, 1, r->ini.bytes.len, file) != r->ini.bytes.len ||
        fclose(file)) {
        perror(path);
        exit(1);
    }
    dhr_buf_adds(&json, "{\"faults\": [");
    bool faulty = add_json_faults(&json, &r->findings);
    dhr_buf_adds(&json, "], \"sections\": [");
    /* Where lines are at fault, what is left of them is no value. */
    if (!faulty)
        add_json_sections(&json, r);
    dhr_buf_adds(&json, "]}\n");
    (void)fputs(dhr_buf_cstr(&json), r->readings);
    dhr_buf_release(&json);
}

void keep_words(const char *folder)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/words", folder);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        exit(1);
    }
    for (enum dhr_section_id id = 0; id < DHR_SECTIONS; id++) {
        const struct dhr_section_def *def = dhr_schema_section(id);
        const char *kind = dhr_record_kind_name(def->record);
        size_t count = 0;
        const struct dhr_key *key = dhr_section_keys(def, &count);
        (void)fprintf(file, "%s section %s\n", kind, def->heading);
        for (; count; key++, count--)
            (void)fprintf(file, "%s key %s\n", kind, key->name);
    }
    if (fclose(file)) {
        perror(path);
        exit(1);
    }
}
