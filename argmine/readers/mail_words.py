"""What mail programs write around the words of others, in English, German, French, Spanish and some more: data."""

import re

_VERB = (
    r"(?:wrote|writes|said|says|schrieb|schriebst|geschrieben|meinte|a écrit|écrit|écrivait|escribió|escribiste|dijo|"
    r"ha scritto|scrisse|escreveu|schreef|skrev|napisał(?:\(a\))?|писала?|пишет|написала?)"
)
#: A date, or a part of one.
_WHEN = (
    r"(?:\d\d?[:.h]\d\d|\d\d?[./-]\d\d?[./-]\d\d|(?:19|20)\d\d|"
    r"\b(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?|(?:mo|di|mi|do|fr|sa|so)(?=[.,])|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|yesterday|today|gestern|heute|hier|ayer)(?!\w))"
)
_INTRODUCTION = r"(?:on|at|am|den|le|el|em|il|op|dnia|yesterday|today|gestern|heute|hier|ayer)\b"
_BEHIND = r"(?:\s.{0,80}\d.{0,80})?\s?:"

#: The last line of an attribution that its program broke: ``> wrote:``.
SAID_ALONE = re.compile(rf"{_VERB}\s?:")
#: "On Monday, Ann Lee wrote:"; may be broken into lines, of which the first has the date.
DATED = re.compile(
    rf"(?:{_INTRODUCTION}(?=.*{_WHEN}).*\b{_VERB}{_BEHIND}|"
    rf"{_INTRODUCTION}(?=.*{_WHEN}).*\b(?:schrieb|schreef|skrev|napisał(?:\(a\))?)\s.{{1,120}}:|"
    rf"in\s(?:article|message|news:|<).*\b{_VERB}\s?:|"
    rf"(?:19|20)\d\d[-/]\d\d?[-/]\d\d?\b.*(?:<[^<>]+>|\b{_VERB})\s?:)",
    re.IGNORECASE | re.DOTALL,
)
DATED_BEGINNING = re.compile(
    rf"(?:{_INTRODUCTION}.*{_WHEN}|in\s(?:article|message|news:|<)|(?:19|20)\d\d[-/]\d\d?[-/])", re.IGNORECASE
)
#: "Ann Lee wrote:"; the words before the verb must be a name.
NAMED = re.compile(rf"(?P<who>.{{1,120}}?),?\s{_VERB}{_BEHIND}", re.IGNORECASE)
NAMED_FIRST = re.compile(r"(?:quoting|zitat von|citando a?)\s.{2,120}:|\* .{2,80}\[.*\d.*\]:?", re.IGNORECASE)
#: Words that are part of a name, though they are small; words that begin a sentence, though they are large.
PARTICLES = {"von", "van", "der", "den", "de", "del", "la", "le", "di", "da", "du", "bin", "al", "el", "zu", "dos"}
NO_NAMES = {
    "a", "all", "also", "and", "another", "as", "because", "but", "he", "here", "i", "if", "it", "like", "one", "once",
    "she", "since", "so", "some", "that", "the", "they", "this", "we", "what", "when", "where", "which", "who", "you",
    "your", "wie", "was", "wer", "wo", "er", "sie", "ich", "du", "und", "comme", "ce", "je", "il", "elle", "como", "lo",
}  # fmt: skip
#: ``>>>>> "AL" == Ann Lee <address> writes:``, as Supercite puts it.
SUPERCITE = re.compile(rf">{{2,8}} ?[\"“].{{1,80}}[\"”] == .*\b{_VERB}\s?:", re.IGNORECASE)
#: What stands before a prefix ``SQL> `` that is no quotation.
PROMPTS = {"SQL", "PS", "CQL", "GDB", "IDL", "IRB", "REPL"}

#: The line above an older message that is quoted whole, without marks.
TAIL = re.compile(
    r"-{2,20}\s?(?:original[- ](?:message|nachricht|mail|e-mail)|originalnachricht|ursprüngliche (?:nachricht|e-mail)|"
    r"message d['’]origine|message (?:original|initial)|mensaje original|messaggio originale|mensagem original|"
    r"oorspronkelijk bericht|forwarded (?:message|by .{1,80})|weitergeleitete nachricht|message transféré|"
    r"mensaje reenviado)\s?-{2,20}",
    re.IGNORECASE,
)
_LABELS = {
    "from": "from|von|de|da|van|från",
    "sent": "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|fecha|inviato|data|verzonden",
    "other": "to|cc|bcc|subject|reply-to|importance|an|betreff|à|objet|para|asunto|aan|onderwerp|oggetto|assunto",
}
#: A header inside a text, such as ``*Sent:* Monday``; the group that matches says which.
LABEL = re.compile(
    r"\*?(?:" + "|".join(rf"(?P<{name}>(?:{words}))" for name, words in _LABELS.items()) + r")\s?:\*?(?:\s|\Z)",
    re.IGNORECASE,
)

RULE = re.compile(r"(?:_{10,}|-{20,}|={20,}|\*{20,}|~{20,}|(?:-=){5,}-?|[-~]{30,})")
#: What the footer of a mailing list speaks of.
LIST_FOOTER = re.compile(
    r"mailing[ -]?lists?\b|mailman|listinfo|unsubscribe|list archives?\b|\bgoogle groups\b|groups\.io|yahoogroups|"
    r"/mailman3?/|subscribed to the",
    re.IGNORECASE,
)
#: What pipermail leaves where a part was, and whether that was more than another form of the text.
NEXT_PART = re.compile(r"-{10,} next part -{10,}")
SCRUBBED = re.compile(r"(?:An? (?P<kind>.{1,40}) (?:attachment|message|part) was scrubbed|Skipped content of type).*")
SCRUBBED_DETAIL = re.compile(r"(?:URL|Url|Name|Type|Size|Desc|From|Subject|Date) ?: .*|<https?://\S+>")

ARMOUR = re.compile(r"-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE|PUBLIC KEY BLOCK)-----")
