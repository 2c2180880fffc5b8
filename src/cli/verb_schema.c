#include <string.h>

#include "cli.h"
#include "dhrledger/schema_text.h"

int cli_verb_schema(struct cli *cli, int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*add)(struct dhr_buf *out);
    } formats[] = {{"text", dhr_schema_add_text},
                   {"json", dhr_schema_add_json},
                   {"mdoc", dhr_schema_add_mdoc}};
    const char *name = "text";
    const struct option_def options[] = {
        {"output-format", 'O', OPTION_VALUE, &name, "FORMAT", "Write text, json or mdoc."},
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_no_arguments(cli, argc, argv) < 0)
        return cli_fail(cli);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(name, formats[i].name) != 0)
            continue;
        struct dhr_buf text = {0};
        formats[i].add(&text);
        int rc = cli_write_text(cli, &text);
        dhr_buf_release(&text);
        return rc < 0 ? cli_fail(cli) : DHR_OK;
    }
    (void)dhr_fail(&cli->err, DHR_USAGE, "-O %s: the formats are text, json and mdoc", name);
    return cli_fail(cli);
}
