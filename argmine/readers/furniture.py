"""Lines of web pages that nobody in the discussion wrote: data for the readers of pages.

Every phrase is a regular expression that must match a whole line, in any case, without the white space, bullets and
punctuation around it.
"""

import re

_BUTTON = (
    r"(reply|quote|report|share|edit|delete|flag|permalink|parent|next|prev|root|context|link|embed|save|hide|like|"
    r"unlike|recommend|up|down|award|give award|translate|view|copy link)"
)
#: Buttons, notices, share and follow boxes, log-in and comment forms: left out wherever they stand.
FURNITURE = [
    # advertising
    r"advertisements?( continues?.*)?", r"ads?( by \w+)?", r"sponsored( content| links?| by.*)?",
    r"promoted( content)?",
    r"report this ad", r"story continues below.*",
    r"occasionally,? some of your visitors may see an advertisement here.*",
    # sharing and liking
    r"share( this)?( (post|article|story|page|on|via|with).{0,30})?",
    r"(click|tap) to (share|tweet|print|email|e-mail|like|follow).*",
    r"(like|love|rate|print|email|e-mail|save|bookmark|tweet|pin)( (this|it))?( (post|article|page))?",
    r"like this", r"like loading", r"loading", r"be the first to like this.*",
    r"\d+ (likes?|shares?|views?|votes?|points?|upvotes?|claps?)",
    r"(\d+ )?bloggers? (like|likes) this.*",
    r"(facebook|twitter|linkedin|pinterest|reddit|tumblr|telegram|whatsapp|email|e-mail|print|"
    r"pocket|mastodon|bluesky|threads|stumbleupon|digg|delicious|google|google\+|copy link|more)"
    r"( \(opens in new window\))?",
    r".*\(opens in new window\)", r"(up|down) ?vote", r"vote (up|down)", r"rate this",
    # following and subscribing
    r"subscribe( (now|today|to (this|our|the|my|comments|new posts|the blog|the newsletter|"
    r"[\w ]+ (feed|rss|list))).*)?",
    r"sign up( (now|today|for (our|the|free|updates).*))?", r"(un)?follow( (this|us|me|blog|on|via)( .{0,30})?)?",
    r"get (every new post|new posts|updates).*(inbox|e-?mail).*",
    r"join (our|\d[\d,]* other) (newsletter|mailing list|followers|subscribers).*",
    r"notify me (of|about|when|via).*", r"(receive|get) (notifications?|updates) (of|by|via).*",
    r"(rss|atom)( feed)?( for .*)?", r"trackback( (url|uri).*|s)?", r"pingbacks?",
    r"(comments )?feed for this (post|entry)",
    r"permalink", r"permanent link", r"bookmark the permalink", r"this entry was posted.*",
    r"you can (follow any (responses|replies|comments)|leave a (response|comment|reply)|skip to the end).*",
    r"both comments and pings are currently closed",
    # logging in
    r"(log|sign) ?(in|out|up)( (/|or|to|with|using) .*)?", r"log ?out / change", r"register( now| here)?", r"login",
    r"you (must|need to|have to) (be|have) (logged|signed|registered|an account).*",
    r"(please )?(log|sign) ?in (to|or).*",
    r"(create|register for) an? (free )?account.*", r"not a member.*", r"forgot (your )?password.*",
    r"you are commenting using your .*", r"fill in your details below.*", r"connecting to( %s| [\w.]+)?",
    r"(wordpress\.com|twitter|facebook|google\+?|gravatar|tumblr) (logo|picture|photo|avatar)", r"gravatar",
    # comment forms and buttons
    r"(leave|post|add|write|submit|make) (a|your|an?other) (reply|comment|response)( (to|on|for|below|here) .*| "
    r"cancel reply| below| here)?",
    r"(post|submit|publish|add) (comment|reply|response)", r"(click here to )?cancel( reply)?",
    r"reply( to (this|comment|post|\S+))?",
    rf"{_BUTTON}([|/·•,()\[\] \t-]+({_BUTTON}|\d+))*",
    r"report( (this|abuse|comment|post|spam|as spam|as inappropriate).{0,20})?", r"flag( (this|as) .{0,25})?",
    r"(your )?(e-?mail|name|website|url|comment|mail)( address)? ?[*(]? ?"
    r"(required|optional|will not be published).{0,40}",
    r"(name|e-?mail|website|(your )?comment)( ?\*)?",
    r"(your )?(e-?mail|mail)( address)? (will|is) (not|never) (be )?(published|made public|shared|required).*",
    r"(address )?never made public.*", r"required fields are marked.*",
    r"you (may|can) use (these|the following|basic)? ?(html|markdown|bbcode).*",
    r"save my name,? e-?mail.*", r"this site uses akismet.*", r"learn how your comment data is processed.*",
    r"comments? (are|is|have been|has been) (now )?(closed|disabled|off|moderated).*",
    r"your comment (is|will be) .*(moderat|approv).*",
    r"(show|view|load|read|see|hide|expand|collapse)( all| more| \d+| previous| older| newer| the| other)* "
    r"(comments?|repl(y|ies)|responses?)( \(\d+\))?",
    r"(newest|oldest|best|top|most (recent|liked|popular)|sort by|sorted by|order by)( (first|newest|oldest|"
    r"best|top|comments))*",
    r"(older|newer|previous|next) comments", r"awaiting moderation", r"write a (comment|reply|response)",
    r"type your (comment|reply).*", r"this post is a (community )?wiki\. .*",
    r"read more", r"continue reading.*", r"back to (top|.*homepage)",
    r"skip to (main |the )?(content|navigation|comments)",
    r"(go|jump) to (top|comments|content)", r"home", r"menu", r"search( for)?", r"search this (site|blog)",
    r"toggle navigation",
    r"expand|collapse|close|minimize", r"avatar", r"(user )?(profile )?(picture|image|photo)",
    r"view .{1,40}'s (profile|website)",
    # page foot
    r"(blog|website|site) at wordpress\.com", r"(proudly )?powered by .{0,40}",
    r"(\w+ )?theme(:| by| designed).{0,60}", r"(a )?wordpress\.com blog",
    r"(copyright ?)?(©|\(c\)|copyright (?=\d)).{0,100}", r"all rights reserved.*", r"privacy( policy)?( ?\W .*)?",
    r"terms( of (use|service))?( ?\W .*)?",
    r"terms (and|&) conditions.{0,20}",
    r"(we use|this (site|website) uses) cookies.*", r"privacy (&|and) cookies.*",
    r"cookie (policy|settings|preferences)",
    r"to find out more, including how to control cookies.*",
]  # fmt: skip

#: Lines that begin the form under the comments: everything behind them is left out.
COMMENT_FORM = [
    r"(leave|post|add|write|submit|make) (a|your|an?other) (reply|comment|response)( (to|on|for|below|here|"
    r"using|via) .{0,80}| below| here| cancel reply)?",
    r"(leave|post|add|write) (comment|reply)", r"cancel reply", r"fill in your details below.*",
    r"join the (discussion|conversation)",
    r"your e-?mail (address )?will not be published.*",
    r"comments? (are|is|have been|has been) (now )?(closed|disabled|off).*",
    r"(you (must|need to|have to) be|please) (logged|log|sign|signed) ?in to (post|leave|add|reply|comment).*",
    r"(log|sign) ?in to (comment|reply|post|join|leave).*",
]  # fmt: skip

#: Headings of the boxes that stand beside or under an article, or under the comments.
PAGE_FOOT = [
    r"related( (posts?|articles?|stories|content|links|topics))?", r"recent (posts?|comments|entries|articles)",
    r"(blog )?archives?",
    r"categories", r"meta", r"blogroll", r"(post|article|comment|posts|comments) navigation", r"tags?( cloud)?",
    r"(popular|top|latest|trending) (posts?|articles|stories|news)",
    r"you (may|might) (also|be) (like|enjoy|interested).*", r"more (from|stories|in|posts).*",
    r"(read|see) (next|also|more)", r"about (the|this) (author|blog|site)",
    r"most (read|popular|viewed|commented).*", r"recommended( for you| reading)?",
    r"(←|«|<|<<)? ?(previous|older|prev) (post|entry|entries|posts|article|comments).*",
    r"(next|newer) (post|entry|entries|posts|article|comments).*", r"share( this)?", r"like this", r"filed under.*",
    r"posted in .*", r"tagged( with)?.*",
]  # fmt: skip

#: What stands in place of a comment that was taken away.
DELETED = [
    r"(this |the )?(comment|post|reply|message|answer|content) (has been|was|is) (deleted|removed|withdrawn|"
    r"hidden)( (by|because|for|due|as) .{0,80})?",
    r"(deleted|removed)( by .{0,40})?", r"(comment|post|message) (deleted|removed)( by .{0,40})?",
]  # fmt: skip

_AROUND = " \t\u00a0\u200b*•·|:.…!?–—-→←»«›‹▼▲▾↓↑()[]#>"


def _matcher(phrases: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases), re.IGNORECASE)


_FURNITURE, _COMMENT_FORM, _PAGE_FOOT, _DELETED = map(_matcher, (FURNITURE, COMMENT_FORM, PAGE_FOOT, DELETED))
_LONGEST = 200


def _matches(pattern: re.Pattern[str], line: str) -> bool:
    if len(line) > 2 * _LONGEST:
        return False
    bare = " ".join(line.strip(_AROUND).split())
    return len(bare) <= _LONGEST and pattern.fullmatch(bare) is not None


def is_furniture(line: str) -> bool:
    """Return whether a line is page furniture that may stand anywhere on a page."""
    return _matches(_FURNITURE, line)


def begins_comment_form(line: str) -> bool:
    """Return whether a line is the beginning of a form for new comments."""
    return _matches(_COMMENT_FORM, line)


def begins_page_foot(line: str) -> bool:
    """Return whether a line is the heading of a box beside or under the article."""
    return _matches(_PAGE_FOOT, line)


def is_deletion(text: str) -> bool:
    """Return whether a text says that the comment was taken away."""
    return _matches(_DELETED, text)
