#include <string.h>
#include <strings.h>

#include "privacy_internal.h"

/* Words of a role's address; of the second list, all of a name must be. */
static const char roles[] =
    " info information enquiries enquiry inquiries contact contactus safeguarding safeguard dhr "
    "dhrs dardr dardrs csp csps mash marac maracs idva vawg admin administration administrator "
    "office support helpdesk helpline mailbox email reception complaints complaint communications "
    "comms communitysafety community safety domesticabuse abuse domestic violence foi dpo "
    "governance secretary secretariat clerk commissioning partnership partnerships reviews review "
    "homicide services customerservices customer customers feedback referrals referral noreply "
    "donotreply postmaster webmaster corporate enquire coordinator coordinators publichealth "
    "publicprotection licensing firearms socialcare childrens adults ";
static const char weak_roles[] =
    " team teams group press media board legal mail police trust care public health child children "
    "adult social housing council nhs icb ccg icbs general hello help duty desk hub library policy "
    "performance quality business response out of hours no reply do not the and for us "
    "protection crime prevention strategy research data officer manager director head service "
    "panel county city borough district cases case records single point one stop probation centre "
    "call dv da git ";

static bool is_local(char c)
{
    return is_word(c) || (c && strchr(".%+'-&", c)) || (unsigned char)c >= 0x80;
}

static bool is_host(char c)
{
    return is_digit(c) || is_letter(c) || c == '.' || c == '-' || (unsigned char)c >= 0x80;
}

/* Where the host ends that begins at `at`; 0 where it is none. */
static size_t host_end(const scan_t *t, size_t at)
{
    size_t end = at;
    while (is_host(byte_at(t, end)) && end - at < 256)
        end++;
    while (end > at && !is_digit(t->text.ptr[end - 1]) && !is_letter(t->text.ptr[end - 1]))
        end--;
    const char *dot = end > at ? memrchr(t->text.ptr + at, '.', end - at) : NULL;
    bool top = dot && (size_t)(t->text.ptr + end - dot) >= 3 && is_letter(dot[1]);
    return top && dot > t->text.ptr + at ? end : 0;
}

static bool in_list(const char *list, struct dhr_str word)
{
    char padded[24] = " ";
    if (!word.len || word.len > sizeof(padded) - 3)
        return false;
    for (size_t i = 0; i < word.len; i++)
        padded[1 + i] = to_lower(word.ptr[i]);
    padded[1 + word.len] = ' ';
    return strstr(list, padded) != NULL;
}

/* "dhrteam", "communitysafety": two listed words written as one. */
static bool is_glued(struct dhr_str word)
{
    for (size_t cut = 2; cut + 2 <= word.len; cut++) {
        struct dhr_str head = dhr_str_span(word.ptr, cut);
        struct dhr_str tail = dhr_str_span(word.ptr + cut, word.len - cut);
        bool head_role = in_list(roles, head);
        bool tail_role = in_list(roles, tail);
        if ((head_role && (tail_role || in_list(weak_roles, tail))) ||
            (tail_role && in_list(weak_roles, head)))
            return true;
    }
    return false;
}

/* Whether the part before the '@' names a role. */
static bool is_role(struct dhr_str local)
{
    bool strong = false;
    bool all = true;
    size_t words = 0;
    const char *plus = memchr(local.ptr, '+', local.len);
    local.len = plus ? (size_t)(plus - local.ptr) : local.len;
    for (size_t at = 0; at < local.len; words++) {
        size_t end = at;
        while (end < local.len && (is_letter(local.ptr[end]) || local.ptr[end] & '\x80'))
            end++;
        struct dhr_str word = dhr_str_span(local.ptr + at, end - at);
        bool role = in_list(roles, word) || is_glued(word);
        strong |= role;
        all = all && (role || !word.len || in_list(weak_roles, word));
        for (at = end; at < local.len && !is_letter(local.ptr[at]) && !(local.ptr[at] & '\x80');)
            at++;
    }
    return words > 0 && (strong || all);
}

/* Whether an address begins its line and is followed by what `after` says. */
static bool begins_line(const scan_t *t, size_t start)
{
    return start == 0 || t->text.ptr[start - 1] == '\n';
}

/* "contact = ADDRESS": where a role's mailbox belongs. */
static bool is_contact(const scan_t *t, size_t start)
{
    static const char key[] = "contact";
    size_t equals = scan_gap_back(t, start);
    if (t->kind != DHR_TEXT_RECORD || byte_before(t, equals) != '=')
        return false;
    size_t end = scan_gap_back(t, equals - 1);
    return end >= sizeof(key) - 1 && begins_line(t, end - (sizeof(key) - 1)) &&
           memcmp(t->text.ptr + end - (sizeof(key) - 1), key, sizeof(key) - 1) == 0;
}

/* In the settings, [people] has addresses for keys. */
static bool is_key(const scan_t *t, size_t start, size_t end)
{
    return t->kind == DHR_TEXT_SETTINGS && begins_line(t, start) &&
           byte_at(t, scan_gap(t, end)) == '=';
}

/* The start of the line that a place is on. */
static const char *line_at(const scan_t *t, size_t at)
{
    const char *lf = memrchr(t->text.ptr, '\n', at);
    return lf ? lf + 1 : t->text.ptr;
}

/* "Author: Name <address>" below "commit ID": what "git merge --squash" writes into a message. */
static bool is_squashed_author(const scan_t *t, const char *line)
{
    static const char author[] = "Author: ";
    size_t at = (size_t)(line - t->text.ptr);
    if (!at || !dhr_str_starts(dhr_str_span(line, t->text.len - at), author))
        return false;
    const char *above = line_at(t, at - 1);
    struct dhr_str words = dhr_str_span(above, (size_t)(line - above));
    return dhr_str_starts(words, "commit ") || dhr_str_starts(words, "Merge: ");
}

/* "Co-authored-by: Name <address>": git's own way to say who made a commit. */
static bool in_trailer(const scan_t *t, size_t start)
{
    if (t->kind != DHR_TEXT_PROSE || byte_before(t, start) != '<')
        return false;
    const char *line = line_at(t, start);
    if (is_squashed_author(t, line))
        return true;
    const char *by = memmem(line, (size_t)(t->text.ptr + start - line), "-by: ", 5);
    for (; by && line < by; line++) {
        if (!is_letter(*line) && *line != '-')
            return false;
    }
    return by != NULL;
}

bool find_address(const scan_t *t, size_t at, struct dhr_private *found)
{
    size_t start = at;
    size_t end = host_end(t, at + 1);
    while (start > 0 && at - start < 128 && is_local(t->text.ptr[start - 1]))
        start--;
    while (start < at && strchr(".'-&%", t->text.ptr[start]))
        start++;
    if (start == at || !end)
        return false;
    struct dhr_str address = dhr_str_span(t->text.ptr + start, end - start);
    if (is_role(dhr_str_span(address.ptr, at - start)) || is_key(t, start, end) ||
        is_contact(t, start) || in_trailer(t, start) || dhr_guard_has_mailbox(t->guard, address))
        return false;
    *found = (struct dhr_private){DHR_RULE_PERSONAL_EMAIL, start, end - start};
    return true;
}
