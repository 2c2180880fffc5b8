/*
 * Whether a date is somebody's birth or death: the words of its sentence decide.
 * Reviews are full of other dates, of meetings, plans and acts, and are about a
 * death all the time; so a date belongs to the nearest word that has dates.
 */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/schema.h"
#include "privacy_internal.h"

enum { WORDS_MOST = 48, TAIL_MOST = 160 };

/* What a word makes of a date near it. */
enum role {
    ROLE_NONE,
    ROLE_LABEL, /* dob */
    ROLE_VERB,  /* born, died, killed */
    ROLE_NOUN,  /* birth, death, murder */
    ROLE_OTHER  /* met, published, convicted: the date is that one's */
};

/* What stands on one side of a date. */
struct sentence {
    struct scan_word words[WORDS_MOST];
    size_t count;
    bool speaks; /* one of them is of births or deaths; no other makes a date one */
};

/* Words of births and deaths, in the order of strcmp. */
static const struct life_word {
    const char *word;
    enum role role;
    const char *beside; /* one of these has to stand before it, or NULL */
    size_t most;        /* at so many words' distance */
} life_words[] = {{"away", ROLE_VERB, " passed ", 1},
                  {"birth", ROLE_NOUN, NULL, 0},
                  {"birthdate", ROLE_LABEL, NULL, 0},
                  {"birthday", ROLE_LABEL, NULL, 0},
                  {"born", ROLE_VERB, NULL, 0},
                  {"dead", ROLE_VERB, NULL, 0},
                  {"death", ROLE_NOUN, NULL, 0},
                  {"deceased", ROLE_VERB, NULL, 0},
                  {"demise", ROLE_NOUN, NULL, 0},
                  {"died", ROLE_VERB, NULL, 0},
                  {"dies", ROLE_VERB, NULL, 0},
                  {"discovered", ROLE_VERB, " body ", 3},
                  {"dob", ROLE_LABEL, NULL, 0},
                  {"dod", ROLE_LABEL, NULL, 0},
                  {"drowned", ROLE_VERB, NULL, 0},
                  {"dying", ROLE_VERB, NULL, 0},
                  {"extinct", ROLE_VERB, NULL, 0},
                  {"fatal", ROLE_NOUN, NULL, 0},
                  {"fatality", ROLE_NOUN, NULL, 0},
                  {"fatally", ROLE_VERB, NULL, 0},
                  {"found", ROLE_VERB, " body ", 3},
                  {"hanged", ROLE_VERB, NULL, 0},
                  {"homicide", ROLE_NOUN, NULL, 0},
                  {"killed", ROLE_VERB, NULL, 0},
                  {"killing", ROLE_NOUN, NULL, 0},
                  {"kills", ROLE_VERB, NULL, 0},
                  {"life", ROLE_VERB, " took taken lost ended claimed taking losing ", 3},
                  {"manslaughter", ROLE_NOUN, NULL, 0},
                  {"murder", ROLE_NOUN, NULL, 0},
                  {"murdered", ROLE_VERB, NULL, 0},
                  {"nee", ROLE_VERB, NULL, 0},
                  {"perished", ROLE_VERB, NULL, 0},
                  {"recovered", ROLE_VERB, " body ", 3},
                  {"shot", ROLE_VERB, NULL, 0},
                  {"slain", ROLE_VERB, NULL, 0},
                  {"stabbed", ROLE_VERB, NULL, 0},
                  {"stillborn", ROLE_VERB, NULL, 0},
                  {"strangled", ROLE_VERB, NULL, 0},
                  {"suicide", ROLE_NOUN, NULL, 0},
                  {"taken", ROLE_VERB, " life ", 3}};

static int by_word(const void *word, const void *known)
{
    return strcmp(word, ((const struct life_word *)known)->word);
}

static const struct life_word *find_life_word(const char *word)
{
    const size_t size = sizeof(life_words[0]);
    return bsearch(word, life_words, sizeof(life_words) / size, size, by_word);
}

static bool listed(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; len && (p = strstr(p, word)) != NULL; p += len) {
        if (p[-1] == ' ' && p[len] == ' ')
            return true;
    }
    return false;
}

/* Whether the word begins with one of the stems. */
static bool stemmed(const char *stems, const char *word)
{
    char stem[WORD_MOST];
    for (size_t len = strlen(word); len >= 3; len--) {
        memcpy(stem, word, len);
        stem[len] = '\0';
        if (listed(stems, stem))
            return true;
    }
    return false;
}

static bool is_other(const char *word)
{
    static const char words[] =
        " met decided opened held act acts law seen set cps due sat plan plans team unit lead "
        "leads led sent gave "
        "wrote force court jury tag may january february march april june july august september "
        "october november december jan feb mar apr jun jul aug sep sept oct nov dec ";
    static const char stems[] =
        " meet review report publi train implement commission notif agree approv complet launch "
        "introduc issu sign convict sentenc arrest trial inquest inquir enquir policy policies "
        "planned planning letter audit panel board submi present consider heard hearing discuss "
        "updat target deadlin action recommend learn workshop conferenc event minute accept clos "
        "verif respon email guidance start begin began appoint refer assess protocol procedur "
        "strateg service investigat coroner ruled verdict guilty pleaded charg appeal releas "
        "prison moved married separat divorc contact visit registr record legislat statut section "
        "regulat overview chair author draft version revis amend anniversar memorial campaign "
        "partnership scheme programme project pathway pilot checklist audited extract retriev "
        "adopt circulat dissemin brief scheduled timetable chronolog timeline ";
    return listed(words, word) || stemmed(stems, word);
}

/* Whether one of the words stands right before words[i], at most `most` words away. */
static bool near_before(const struct sentence *s, size_t i, size_t most, const char *list)
{
    for (size_t back = 1; back <= most && back <= i; back++) {
        if (listed(list, s->words[i - back].text))
            return true;
    }
    return false;
}

/* "Convicted of murder on": the date is the court's. */
static bool in_court(const struct sentence *s, size_t i)
{
    static const char stems[] = " convict guilty inquest arrest charg sentenc trial plead accus ";
    for (size_t back = 1; back <= 4 && back <= i; back++) {
        if (stemmed(stems, s->words[i - back].text))
            return true;
    }
    return false;
}

static enum role role_of(const struct sentence *s, size_t i)
{
    const struct life_word *known = find_life_word(s->words[i].text);
    if (!known || (known->beside && !near_before(s, i, known->most, known->beside)))
        return is_other(s->words[i].text) ? ROLE_OTHER : ROLE_NONE;
    if (known->role != ROLE_NOUN)
        return known->role;
    if (listed(" birth death ", known->word) && near_before(s, i, 1, " of ") &&
        near_before(s, i, 2, " date "))
        return ROLE_LABEL;
    return in_court(s, i) ? ROLE_OTHER : ROLE_NOUN;
}

/* "(b. 31.12.1980)": right before the date, and behind a bracket or comma. */
static bool is_short_label(const scan_t *t, const struct scan_word *word)
{
    char before = byte_before(t, scan_gap_back(t, word->start));
    return listed(" b d ", word->text) && byte_at(t, word->end) == '.' && before &&
           strchr("(,", before);
}

/* Whether the words before the date make it one of birth or death. */
static bool follows(const scan_t *t, const struct sentence *s, const struct scan_date *date)
{
    static const char weekdays[] = " monday tuesday wednesday thursday friday saturday sunday ";
    char last = byte_before(t, scan_gap_back(t, date->start));
    size_t most = date->loose ? 2 : date->year ? 8 : 3;
    bool says = last == ':' || (s->count && listed(" as is was ", s->words[s->count - 1].text));
    bool comma = last == ',' && s->count && !listed(weekdays, s->words[s->count - 1].text);
    bool other = false;
    for (size_t between = 0; between < s->count && between <= (says ? 12 : most); between++) {
        const struct scan_word *word = &s->words[s->count - 1 - between];
        enum role role = role_of(s, s->count - 1 - between);
        if (role == ROLE_LABEL && says)
            return true;
        if (role == ROLE_LABEL || role == ROLE_VERB)
            return !other && between <= most;
        if (role == ROLE_NOUN)
            return !other && between <= (comma ? 4 : most);
        if (between == 0 && listed(" by since until till from between before ", word->text))
            return false;
        other |= role == ROLE_OTHER;
        comma |= word->comma;
    }
    return false;
}

/* Whether the words after it do: "On 31 December 1980 she was found dead". */
static bool precedes(const struct sentence *before, const struct sentence *after,
                     const struct scan_date *date)
{
    static const char turns[] = " after since following before prior until because if whether "
                                "regarding concerning into ";
    size_t most = date->loose ? 0 : date->year ? 9 : 3;
    for (size_t i = 0; i < before->count && i < 5; i++) {
        if (role_of(before, before->count - 1 - i) == ROLE_OTHER)
            return false;
    }
    if (before->count &&
        listed(" by since until till from between to ", before->words[before->count - 1].text))
        return false;
    for (size_t i = 0; i < after->count && i <= most; i++) {
        enum role role = role_of(after, i);
        if (i == 0 && listed(" to until up ", after->words[i].text))
            return false;
        if (role == ROLE_OTHER || listed(turns, after->words[i].text))
            return false;
        if (role == ROLE_VERB || (role != ROLE_NONE && i <= 4))
            return true;
    }
    return false;
}

/* "KEY = 2026-03-31" where the key has dates: the ledger's own. `end` is that of the year. */
static bool is_own(const scan_t *t, size_t at, size_t end)
{
    if (end - at != 4 || t->kind == DHR_TEXT_PROSE || byte_at(t, end) != '-' ||
        scan_digits(t, end + 1) != end + 3 || byte_at(t, end + 3) != '-' ||
        scan_digits(t, end + 4) != end + 6)
        return false;
    size_t equals = scan_gap_back(t, at);
    if (byte_before(t, equals) != '=')
        return false;
    enum { NAME_MOST = 64 }; /* no key is longer */
    size_t name_end = scan_gap_back(t, equals - 1);
    size_t name = name_end;
    while (name > 0 && name_end - name < NAME_MOST && t->text.ptr[name - 1] != '\n')
        name--;
    return dhr_schema_has_dates(dhr_str_span(t->text.ptr + name, name_end - name));
}

/* The words from `at` to `end`, or to the end of the sentence; the last ones where many. */
static void collect(const scan_t *t, size_t at, size_t end, struct sentence *s)
{
    struct scan_word word;
    s->count = 0;
    s->speaks = false;
    while (scan_next_word(t, at, end, &word)) {
        at = word.end;
        bool possessive = strcmp(word.text, "s") == 0 && byte_before(t, word.start) != ' ';
        if (possessive)
            continue;
        if (s->count == WORDS_MOST)
            memmove(s->words, s->words + 1, --s->count * sizeof(s->words[0]));
        s->words[s->count++] = word;
        s->speaks |= find_life_word(word.text) != NULL;
    }
}

/* Six or eight digits are a date only right behind its label. */
static bool labelled(const struct sentence *s)
{
    if (!s->count)
        return false;
    enum role role = role_of(s, s->count - 1);
    return role == ROLE_LABEL || role == ROLE_VERB;
}

/* Whether its sentence makes the date one of birth or death. */
static bool is_life(const scan_t *t, const struct scan_date *date)
{
    struct sentence before;
    struct sentence after;
    collect(t, scan_sentence(t, date->start), date->start, &before);
    if (scan_digits(t, date->start) == date->end)
        return labelled(&before);
    if ((before.count && is_short_label(t, &before.words[before.count - 1])) ||
        (before.speaks && follows(t, &before, date)))
        return true;
    size_t limit = date->end + TAIL_MOST;
    collect(t, date->end, limit < t->text.len ? limit : t->text.len, &after);
    return after.speaks && precedes(&before, &after, date);
}

bool find_life_date(const scan_t *t, size_t at, size_t end, struct dhr_private *found)
{
    struct scan_date date;
    if (is_own(t, at, end) || !scan_date(t, at, end, &date) || !is_life(t, &date))
        return false;
    *found = (struct dhr_private){DHR_RULE_BIRTH_OR_DEATH_DATE, date.start, date.end - date.start};
    return true;
}
