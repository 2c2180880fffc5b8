/* What the words of a recommendation betray: that some are missing, or that they tell of progress.
 */
#include <string.h>
#include <strings.h>

#include "check_internal.h"
#include "dhrledger/standing.h"

enum { LEAST_WORDS = 4, HEADING_WORDS = 7 };

/* Words that tell how far something is, in small letters; a recommendation asks for it instead. */
static const char *const standings[] = {"underway",
                                        "under way",
                                        "has been completed",
                                        "have been completed",
                                        "has been implemented",
                                        "have been implemented",
                                        "already in place"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool begins(struct dhr_str text, const char *phrase)
{
    size_t len = strlen(phrase);
    return text.len >= len && (text.ptr[0] | ' ') == phrase[0] &&
           strncasecmp(text.ptr, phrase, len) == 0 &&
           (text.len == len || !is_letter(text.ptr[len]));
}

/* "by December 2013", "by March 2014": its length, or 0. */
static size_t deadline_len(struct dhr_str text)
{
    struct dhr_str rest = text;
    struct dhr_str word = {NULL, 0};
    unsigned long year = 0;
    if (!begins(text, "by") || !dhr_str_split(&rest, ' ', &word) ||
        !dhr_str_split(&rest, ' ', &word))
        return 0;
    if (dhr_month_of(word) && !dhr_str_split(&rest, ' ', &word))
        return 0;
    word.len = word.len > 4 ? 4 : word.len;
    bool is_year = dhr_str_number(word, &year) && year >= 1990 && year < 2100;
    return is_year ? (size_t)(word.ptr + word.len - text.ptr) : 0;
}

/* Whether a word that begins so may say anything of progress; most don't. */
static bool may_tell(const char *word)
{
    static const char second['u' - 'a' + 1] = {
        ['a' - 'a'] = 'l', ['b' - 'a'] = 'y', ['h' - 'a'] = 'a', ['u' - 'a'] = 'n'};
    size_t first = (unsigned char)(word[0] | ' ') - (size_t)'a';
    return first < sizeof(second) && (word[1] | ' ') == second[first];
}

/* What the text says of progress at this word; empty where it says nothing. */
static struct dhr_str standing_at(struct dhr_str text)
{
    for (size_t i = 0; i < sizeof(standings) / sizeof(standings[0]); i++) {
        if (begins(text, standings[i]))
            return dhr_str_span(text.ptr, strlen(standings[i]));
    }
    return dhr_str_span(text.ptr, deadline_len(text));
}

/* How many words there are, and the first place that tells of progress. */
static size_t read_words(struct dhr_str text, struct dhr_str *said)
{
    const char *end = text.ptr + text.len;
    struct dhr_str paragraph;
    struct dhr_str word;
    size_t words = 0;
    while (dhr_str_split(&text, '\n', &paragraph)) {
        while (dhr_str_split(&paragraph, ' ', &word)) {
            words += word.len > 0;
            if (word.len > 1 && may_tell(word.ptr) && !said->len)
                *said = standing_at(dhr_str_span(word.ptr, (size_t)(end - word.ptr)));
        }
    }
    return words;
}

/* What the words tell is known better once each body has said how far it is, or until when. */
static bool is_answered(const struct dhr_record *recommendation)
{
    size_t bodies = 0;
    for (size_t i = 0; i < recommendation->section_count; i++) {
        const struct dhr_section *section = &recommendation->sections[i];
        if (section->def->id != DHR_SECTION_ADDRESSEE)
            continue;
        bodies++;
        if (dhr_section_word(section, DHR_KEY_ADDRESSEE_STATUS) <= DHR_OPEN &&
            dhr_section_word(section, DHR_KEY_ADDRESSEE_RESPONSE) <= 0 &&
            !dhr_section_next(section, DHR_KEY_ADDRESSEE_DUE, NULL))
            return false;
    }
    return bodies > 0;
}

void check_words(const struct dhr_record *recommendation, struct dhr_findings *findings)
{
    const struct dhr_field *text =
        dhr_section_next(dhr_record_section(recommendation, DHR_SECTION_RECOMMENDATION),
                         DHR_KEY_RECOMMENDATION_TEXT, NULL);
    struct dhr_str said = {NULL, 0};
    size_t words = text ? read_words(text->value, &said) : 0;
    if (text && words < LEAST_WORDS)
        dhr_findings_add(findings, DHR_RULE_FRAGMENT, recommendation->path, text->line, text->col,
                         "the text has %zu word%s; look whether the report says more", words,
                         words == 1 ? "" : "s");
    if (text && words >= LEAST_WORDS && words <= HEADING_WORDS && is_heading(text->value))
        dhr_findings_add(findings, DHR_RULE_FRAGMENT, recommendation->path, text->line, text->col,
                         "the text is a heading that asks for nothing; look whether the report "
                         "says more");
    if (said.len && !is_answered(recommendation))
        dhr_findings_add(findings, DHR_RULE_STATUS_IN_TEXT, recommendation->path, text->line,
                         text->col,
                         "the text says \"%.*s\"; ask the agency, and record its answer in "
                         "status or due",
                         DHR_ARG(said));
}
