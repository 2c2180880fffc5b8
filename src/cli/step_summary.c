#include "step_summary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/file.h"

/* GitHub drops a summary of more than 1,024 KiB as a whole; the last lines need some room. */
enum { MOST_BYTES = 1024 * 1024, LAST_BYTES = 256 };

/* The table in Markdown, to be freed. */
static char *as_markdown(struct cli *cli, const struct dhr_table *table, size_t *len)
{
    const struct dhr_style style = {0};
    char *text = NULL;
    FILE *file = open_memstream(&text, len);
    int rc = file ? dhr_table_write(table, DHR_FORMAT_MARKDOWN, &style, file, &cli->err) : -1;
    if (file && fclose(file) != 0)
        rc = -1;
    if (rc < 0)
        dhr_out_of_memory();
    return text;
}

/* As many whole lines as there is room for, and how many there are more. */
static void add_rows(struct dhr_buf *out, struct dhr_str table, size_t room)
{
    struct dhr_str line;
    size_t left = 0;
    while (dhr_str_line(&table, &line)) {
        if (left == 0 && out->len + line.len + 1 + LAST_BYTES <= room)
            dhr_buf_addf(out, "%.*s\n", DHR_ARG(line));
        else
            left++;
    }
    if (left)
        dhr_buf_addf(out, "\n%zu more finding%s: run `dhrledger check`.\n", left,
                     left == 1 ? "" : "s");
}

static int write_file(struct cli *cli, const char *path, const struct dhr_buf *heading,
                      const struct dhr_table *table)
{
    struct stat st = {0};
    struct dhr_buf text = {0};
    size_t len = 0;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || fstat(fd, &st) != 0)
        return dhr_fail_errno(&cli->err, DHR_SYSTEM, "%s: the summary can't be written", path);
    size_t before = (size_t)st.st_size;
    char *markdown = as_markdown(cli, table, &len);
    dhr_buf_addf(&text, "%.*s\n", DHR_ARG(dhr_buf_str(heading)));
    if (dhr_table_rows(table))
        add_rows(&text, dhr_str_span(markdown, len), before < MOST_BYTES ? MOST_BYTES - before : 0);
    int rc = dhr_file_write(fd, dhr_buf_str(&text));
    if (close(fd) != 0)
        rc = -1;
    if (rc < 0)
        (void)dhr_fail_errno(&cli->err, DHR_SYSTEM, "%s: the summary can't be written", path);
    dhr_buf_release(&text);
    free(markdown);
    return rc;
}

int step_summary_add(struct cli *cli, const struct dhr_buf *heading, struct dhr_table *table)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    int rc = path && *path ? write_file(cli, path, heading, table) : 0;
    dhr_table_free(table);
    return rc;
}
