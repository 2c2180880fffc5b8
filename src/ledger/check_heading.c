/*
 * A text that is a heading and no recommendation, though it has words enough: "Information
 * sharing between agencies." Whether a sentence has a verb can't be told from outside (a
 * "review" may be one or not), so that only what is sure counts: each of its few words is one
 * that headings are made of and that asks for nothing.
 */
#include <string.h>
#include <strings.h>

#include "check_internal.h"

/* In small letters and sorted. Words that may be verbs ("review", "record", "support") are none. */
static const char *const words[] = {"a",
                                    "abuse",
                                    "across",
                                    "adult",
                                    "adults",
                                    "agencies",
                                    "agency",
                                    "an",
                                    "and",
                                    "arrangements",
                                    "assessment",
                                    "assessments",
                                    "at",
                                    "awareness",
                                    "background",
                                    "between",
                                    "board",
                                    "by",
                                    "care",
                                    "carers",
                                    "child",
                                    "children",
                                    "communication",
                                    "communities",
                                    "community",
                                    "conclusion",
                                    "conclusions",
                                    "confidence",
                                    "confidentiality",
                                    "criminal",
                                    "custody",
                                    "domestic",
                                    "early",
                                    "effective",
                                    "families",
                                    "family",
                                    "findings",
                                    "firearms",
                                    "for",
                                    "from",
                                    "general",
                                    "good",
                                    "governance",
                                    "guidance",
                                    "health",
                                    "homicide",
                                    "hospital",
                                    "housing",
                                    "in",
                                    "information",
                                    "intervention",
                                    "introduction",
                                    "justice",
                                    "keeping",
                                    "leadership",
                                    "learning",
                                    "lessons",
                                    "local",
                                    "management",
                                    "mental",
                                    "multi-agency",
                                    "national",
                                    "next",
                                    "of",
                                    "on",
                                    "or",
                                    "other",
                                    "partner",
                                    "partnership",
                                    "partnerships",
                                    "people",
                                    "perpetrator",
                                    "perpetrators",
                                    "police",
                                    "policies",
                                    "policy",
                                    "practice",
                                    "practitioner",
                                    "practitioners",
                                    "prevention",
                                    "procedure",
                                    "procedures",
                                    "professional",
                                    "professionals",
                                    "protection",
                                    "provision",
                                    "public",
                                    "quality",
                                    "recommendation",
                                    "recommendations",
                                    "regional",
                                    "relationships",
                                    "response",
                                    "responses",
                                    "role",
                                    "roles",
                                    "safeguarding",
                                    "safety",
                                    "school",
                                    "schools",
                                    "sector",
                                    "service",
                                    "services",
                                    "sexual",
                                    "sharing",
                                    "single-agency",
                                    "social",
                                    "specialist",
                                    "staff",
                                    "statutory",
                                    "strategic",
                                    "strategy",
                                    "supervision",
                                    "system",
                                    "systems",
                                    "team",
                                    "teams",
                                    "the",
                                    "their",
                                    "themes",
                                    "training",
                                    "victim",
                                    "victims",
                                    "violence",
                                    "voluntary",
                                    "vulnerable",
                                    "with",
                                    "within",
                                    "women",
                                    "working",
                                    "young"};

static bool is_heading_word(struct dhr_str word)
{
    while (word.len && strchr(".,:;()&-/", word.ptr[word.len - 1]))
        word.len--;
    while (word.len && word.ptr[0] == '(')
        word = dhr_str_span(word.ptr + 1, word.len - 1);
    if (!word.len)
        return true; /* a dash or an ampersand */
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i]) == word.len && strncasecmp(words[i], word.ptr, word.len) == 0)
            return true;
    }
    return false;
}

bool is_heading(struct dhr_str text)
{
    struct dhr_str paragraph;
    struct dhr_str word;
    while (dhr_str_split(&text, '\n', &paragraph)) {
        while (dhr_str_split(&paragraph, ' ', &word)) {
            if (!is_heading_word(word))
                return false;
        }
    }
    return true;
}
