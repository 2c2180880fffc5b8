/* What an import of pages says. */
#include <string.h>

#include "guard.h"
#include "import_page.h"

static void print_lines(struct cli *cli, const char *name, const struct dhr_page_line *lines,
                        size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        cli_note_plain(cli, "%s:%u: %s: %s: %.*s", name, lines[i].line, what, lines[i].why,
                       DHR_ARG(lines[i].text));
}

static void print_changes(struct cli *cli, const struct page_file *file)
{
    for (size_t i = 0; i < file->result.change_count; i++) {
        const struct dhr_import_line *change = &file->result.changes[i];
        if (change->line)
            cli_note_plain(cli, "%s:%u: %s", file->name, change->line, change->text);
        else
            cli_note_plain(cli, "%s: %s", file->name, change->text);
    }
}

static void print_new(const struct page_run *run, const struct page_file *file, const char *prefix,
                      const char *suffix)
{
    const struct dhr_import_result *result = &file->result;
    (void)printf("%sreviews/%.*s: %zu recommendation%s%s\n", prefix, DHR_ARG(result->review),
                 result->recommendations, import_plural(result->recommendations), suffix);
    for (size_t i = 0; i < result->file_count; i++) {
        const char *path = run->import.files[result->first_file + i].path;
        if (strncmp(path, "agencies/", strlen("agencies/")) == 0)
            (void)printf("%snew %s\n", prefix, path);
    }
}

/* Whether an earlier page of the same run makes the review. */
static bool is_new(const struct page_run *run, struct dhr_str review)
{
    return !dhr_ledger_review(&run->cli->ledger, review);
}

/* Who asks for a commit should know that the page's records were never committed. */
static void print_uncommitted(const struct page_run *run, const struct page_file *file,
                              const char *prefix)
{
    const char *folder =
        dhr_arena_printf(&run->cli->arena, "reviews/%.*s", DHR_ARG(file->result.review));
    const char *path = dhr_arena_printf(&run->cli->arena, "%s/review.ini", folder);
    if (run->options->commit && !import_has_committed(run, path) &&
        !is_new(run, file->result.review))
        cli_note("%s%s: isn't committed yet; run \"git add %s\" and \"git commit -m WHY %s\"",
                 prefix, folder, folder, folder);
}

static void print_file(struct page_run *run, const struct page_file *file, bool written)
{
    const struct dhr_import_result *result = &file->result;
    bool same = file->planned && result->outcome == DHR_IMPORT_SAME;
    const char *prefix =
        run->count > 1 ? dhr_arena_printf(&run->cli->arena, "%s: ", file->name) : "";
    if (!same) { /* it was said when the page was new */
        print_lines(run->cli, file->name, file->page.leftover, file->page.leftover_count,
                    "not recorded");
        print_lines(run->cli, file->name, file->page.unseen, file->page.unseen_count, "left out");
    }
    print_lines(run->cli, file->name, file->page.unplaced, file->page.unplaced_count,
                "can't be placed");
    if (!same)
        print_lines(run->cli, file->name, file->page.remarks, file->page.remark_count,
                    "addressed to");
    print_changes(run->cli, file);
    if (file->planned && result->outcome == DHR_IMPORT_NEW)
        print_new(run, file, prefix, written ? "" : " (nothing written)");
    if (same)
        (void)printf("%sreviews/%.*s: the same page, nothing to do\n", prefix,
                     DHR_ARG(result->review));
    if (same)
        print_uncommitted(run, file, prefix);
    for (size_t i = 0; i < result->note_count; i++)
        cli_note_plain(run->cli, "%s%s", prefix, result->notes[i]);
    if (run->count > 1 && file->err.status)
        cli_note_plain(run->cli, "%s", file->err.text);
}

void import_print(struct page_run *run, bool written)
{
    for (size_t i = 0; i < run->count; i++)
        print_file(run, &run->files[i], written);
    for (size_t i = 0; i < run->import.note_count; i++)
        cli_note_plain(run->cli, "%s", run->import.notes[i]);
}

void import_print_hint(const struct page_run *run)
{
    const struct dhr_import *import = &run->import;
    if (import->review_count == 1)
        cli_note("Look it over, then record it:\n  git add reviews agencies\n  git commit -m "
                 "\"%s: import\"",
                 import->reviews[0]);
    else
        cli_note("Look them over, then record them:\n  git add reviews agencies\n  git commit -m "
                 "\"%zu reviews: import\"",
                 import->review_count);
}
