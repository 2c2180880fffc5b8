#include <string.h>

#include "privacy_internal.h"

enum { NHS_DIGITS = 10, LABEL_MOST = 48 };

/* Whether no longer number, code or amount goes on before `at`. */
static bool starts_alone(const scan_t *t, size_t at)
{
    char before = byte_before(t, at);
    switch (before) {
    case '$':
    case '%':
    case '&':
    case '?':
    case '#':
    case '~':
    case '^':
    case '@':
    case '\xA3':
        return false;
    case '-':
    case '/':
    case '.':
    case '+':
        return at < 2 || !is_word(t->text.ptr[at - 2]);
    default:
        return !is_word(before);
    }
}

static bool ends_alone(const scan_t *t, size_t at)
{
    char next = byte_at(t, at);
    if (is_word(next) || next == '%')
        return false;
    return !next || !strchr("-/.", next) || !is_digit(byte_at(t, at + 1));
}

static bool report(struct dhr_private *found, enum dhr_rule rule, size_t start, size_t end)
{
    *found = (struct dhr_private){.rule = rule, .at = start, .len = end - start};
    return true;
}

/* Weights 10 to 2, modulo 11 (NHS Data Dictionary, "NHS number"). */
static bool nhs_check(const char digits[NHS_DIGITS])
{
    unsigned sum = 0;
    bool same = true;
    for (unsigned i = 0; i < NHS_DIGITS - 1; i++) {
        sum += (unsigned)(digits[i] - '0') * (10 - i);
        same = same && digits[i] == digits[0];
    }
    unsigned check = (11 - sum % 11) % 11;
    return !(same && digits[9] == digits[0]) && check < 10 && digits[9] - '0' == (int)check;
}

/* Scottish numbers begin with a date of birth; a 1, 2, 5 or 8 begins no number in use. */
static bool nhs_issued(const char digits[NHS_DIGITS])
{
    unsigned day = (unsigned)(digits[0] - '0') * 10 + (unsigned)(digits[1] - '0');
    unsigned month = (unsigned)(digits[2] - '0') * 10 + (unsigned)(digits[3] - '0');
    bool chi = day >= 1 && day <= 31 && month >= 1 && month <= 12;
    return chi || strchr("34679", digits[0]);
}

/* Whether "NHS" stands shortly before. */
static bool nhs_label(const scan_t *t, size_t at)
{
    size_t start = at > LABEL_MOST ? at - LABEL_MOST : 0;
    for (size_t i = start; i + 3 <= at; i++) {
        const char *p = t->text.ptr + i;
        if (to_lower(p[0]) == 'n' && to_lower(p[1]) == 'h' && to_lower(p[2]) == 's')
            return true;
    }
    return false;
}

bool find_nhs_number(const scan_t *t, size_t at, size_t end, struct dhr_private *found)
{
    static const size_t groups[] = {3, 3, 4};
    char digits[NHS_DIGITS];
    size_t count = 0;
    if (!starts_alone(t, at))
        return false;
    if (end - at == NHS_DIGITS) {
        memcpy(digits, t->text.ptr + at, NHS_DIGITS);
    } else {
        size_t from = at;
        for (size_t i = 0; i < 3; i++) {
            end = scan_digits(t, from);
            if (end - from != groups[i])
                return false;
            memcpy(digits + count, t->text.ptr + from, groups[i]);
            count += groups[i];
            size_t dash = scan_dash(t, end);
            from = dash ? end + dash : scan_gap(t, end);
        }
    }
    if (!ends_alone(t, end) || !nhs_check(digits) || !(nhs_issued(digits) || nhs_label(t, at)))
        return false;
    return report(found, DHR_RULE_NHS_NUMBER, at, end);
}

/* Prefixes: HMRC's National Insurance Manual, NIM39110. */
static bool ni_prefix(char a, char b)
{
    static const char never[] = " bg gb kn nk nt tn zz ";
    const char pair[] = {' ', to_lower(a), to_lower(b), ' ', '\0'};
    return is_letter(a) && is_letter(b) && !strchr("dfiquv", pair[1]) &&
           !strchr("dfiquvo", pair[2]) && !strstr(never, pair);
}

static size_t ni_gap(const scan_t *t, size_t at)
{
    size_t dash = scan_dash(t, at);
    return dash ? at + dash : scan_gap(t, at);
}

bool find_ni_number(const scan_t *t, size_t at, size_t end, struct dhr_private *found)
{
    size_t letters = at;
    if (byte_before(t, at) == '-')
        letters = at - 1;
    else
        letters = scan_gap_back(t, at);
    if (letters < 2 || is_word(byte_before(t, letters - 2)))
        return false;
    char a = t->text.ptr[letters - 2];
    char b = t->text.ptr[letters - 1];
    if (!ni_prefix(a, b) || (letters < at && !(is_capital(a) && is_capital(b))))
        return false;
    size_t count = 0;
    for (size_t from = at; count < 6; from = ni_gap(t, end)) {
        end = scan_digits(t, from);
        if (end == from || (end - from != 6 && end - from != 2 && end - from != 3))
            return false;
        count += end - from;
    }
    size_t suffix = ni_gap(t, end);
    char c = byte_at(t, suffix);
    if (count != 6 || !c || !strchr("ABCDabcd", c) || is_word(byte_at(t, suffix + 1)) ||
        (suffix > end && !is_capital(c)))
        return false;
    return report(found, DHR_RULE_NI_NUMBER, letters - 2, suffix + 1);
}

static bool is_area(const char *letters, size_t len)
{
    static const char areas[] =
        " ab al b ba bb bd bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt "
        "dy e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la "
        "ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se "
        "sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv "
        "yo ze ";
    char word[5] = " ";
    for (size_t i = 0; i < len; i++)
        word[1 + i] = to_lower(letters[i]);
    word[1 + len] = ' ';
    return strstr(areas, word) != NULL;
}

/*
 * The end of a second half, "3AA", that begins at `at` or behind white space; 0 where none does.
 * "1st" to "4th" have its shape.
 */
static size_t inward_end(const scan_t *t, size_t at, bool capital)
{
    size_t digit = scan_gap(t, at);
    char a = byte_at(t, digit + 1);
    char b = byte_at(t, digit + 2);
    if (!is_digit(byte_at(t, digit)) || !is_letter(a) || !is_letter(b) ||
        is_capital(a) != capital || is_capital(b) != capital || is_word(byte_at(t, digit + 3)) ||
        strchr("cikmov", to_lower(a)) || strchr("cikmov", to_lower(b)))
        return 0;
    bool doubtful = !capital && (digit == at || is_ordinal(a, b));
    return doubtful ? 0 : digit + 3;
}

bool find_postcode(const scan_t *t, size_t at, size_t digits_end, struct dhr_private *found)
{
    size_t start = at;
    (void)digits_end;
    while (start > 0 && at - start < 3 && is_letter(t->text.ptr[start - 1]))
        start--;
    if (start == at || at - start > 2 || is_word(byte_before(t, start)) ||
        !is_area(t->text.ptr + start, at - start))
        return false;
    bool capital = is_capital(t->text.ptr[start]);
    char second = byte_at(t, at + 1);
    size_t end = inward_end(t, at + 1, capital);
    if (!end && is_digit(second))
        end = inward_end(t, at + 2, capital);
    if (!end && is_letter(second) &&
        strchr(at - start == 1 ? "abcdefghjkpstuw" : "abehmnprvwxy", to_lower(second)))
        end = inward_end(t, at + 2, capital);
    return end && report(found, DHR_RULE_POSTCODE, start, end);
}

/* Digits in groups, up to where they stop looking like one phone number. */
struct dialled {
    size_t count;
    size_t groups;
    size_t first_len;
    size_t ends[16]; /* where the text of each group ends */
    size_t counts[16];
};

/* What may stand between two groups of a phone number; `at` where they don't go on. */
static size_t phone_gap(const scan_t *t, size_t at)
{
    size_t next = at;
    for (int i = 0; i < 3; i++) {
        char c = byte_at(t, next);
        size_t dash = scan_dash(t, next);
        if (dash)
            next += dash;
        else if (c == '(' || c == ')' || (c == '.' && is_digit(byte_at(t, next + 1))))
            next++;
        else
            next = scan_gap(t, next);
    }
    return is_digit(byte_at(t, next)) ? next : at;
}

static struct dialled dial(const scan_t *t, size_t at)
{
    struct dialled d = {0};
    while (d.groups < 16 && d.count <= 15) {
        size_t end = scan_digits(t, at);
        d.count += end - at;
        if (!d.groups)
            d.first_len = end - at;
        d.ends[d.groups] = end;
        d.counts[d.groups++] = d.count;
        at = phone_gap(t, end);
        if (at == end)
            break;
    }
    return d;
}

/* Where the number ends that has so many digits, or 0. */
static size_t dialled_end(const scan_t *t, const struct dialled *d, size_t digits)
{
    for (size_t i = 0; i < d->groups; i++) {
        size_t end = d->ends[i];
        bool another = byte_at(t, end) == '/' && byte_at(t, end + 1) == '0';
        if (d->counts[i] == digits && (another || ends_alone(t, end)))
            return end;
    }
    return 0;
}

/*
 * From the first digit behind the 0 or +44. Geographic (01, 02), corporate-free
 * mobile and personal (07) numbers; 03, 08 and 09 are public lines. 01 numbers
 * may be a digit short (Ofcom's National Telephone Numbering Plan).
 */
static size_t national_end(const scan_t *t, size_t at, size_t leading, size_t first_least)
{
    char first = byte_at(t, at + leading);
    struct dialled d = dial(t, at);
    if (!first || !strchr("127", first) || d.first_len < first_least)
        return 0;
    size_t end = dialled_end(t, &d, 10 + leading);
    return end || first != '1' ? end : dialled_end(t, &d, 9 + leading);
}

/* With the country's code, which ends at `at`: +44 (0)1632 960 123. */
static size_t behind_44(const scan_t *t, size_t at)
{
    size_t next = phone_gap(t, at);
    if (byte_at(t, next) == '0')
        next = phone_gap(t, next + 1);
    return national_end(t, next, 0, 2);
}

/* Where the phone number ends whose digits begin at `at`, or 0. */
static size_t phone_end(const scan_t *t, size_t at, size_t run, bool plus)
{
    const char *digits = t->text.ptr + at;
    size_t end = 0;
    if (plus && run >= 2 && memcmp(digits, "44", 2) == 0)
        return behind_44(t, at + 2);
    if (run == 12 && memcmp(digits, "447", 3) == 0)
        return behind_44(t, at + 2);
    if (run >= 4 && memcmp(digits, "0044", 4) == 0)
        return behind_44(t, at + 4);
    if (digits[0] == '0')
        return plus ? 0 : national_end(t, at, 1, 3);
    if (!plus)
        return 0;
    struct dialled d = dial(t, at); /* another country's */
    for (size_t count = 15; count >= 9 && !end; count--)
        end = dialled_end(t, &d, count);
    return end;
}

bool find_phone(const scan_t *t, size_t at, size_t digits_end, struct dhr_private *found)
{
    size_t run = digits_end - at;
    bool plus = byte_before(t, at) == '+';
    if (!plus && t->text.ptr[at] != '0' && run != 12)
        return false; /* nearly always: 0…, +… or 447… */
    bool bracket = byte_before(t, at) == '(' && byte_at(t, at + run) == ')';
    size_t start = bracket || plus ? at - 1 : at;
    bool another = byte_before(t, start) == '/' && start > 1 && is_digit(t->text.ptr[start - 2]);
    size_t end = another || starts_alone(t, start) ? phone_end(t, at, run, plus) : 0;
    return end && report(found, DHR_RULE_PHONE, start, end);
}
