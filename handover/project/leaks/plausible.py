"""Whether what has a secret's form is likely one: not an example, a placeholder, a variable or a word.

Role: the second look at a match of `handover.project.leaks.patterns`; pure functions. What is let pass here is let
pass without a word, so each refusal is of a kind that no real secret is.
"""

import base64
import binascii
import json
import math
import re
from typing import Final

_LEAST_BITS: Final = 3.0
"""Shannon entropy in bits a character below which a token is an example (`xxxxxxxx`, `1234512345`); random hexadecimal
digits have some 3.7, random letters and digits 4.5 and more."""

_EXAMPLE: Final = re.compile(
    rb"^p(?:a|@|4)ssw(?:o|0)rd[^A-Za-z]*$|0x[0-9a-f]{4}|example|sample|dummy|placeholder|xxxx|\*\*\*|1234567890|0123456789|abcdefgh|your|insert|change|replace|todo|redacted"
    rb"|\.\.\.|foobar|hunter2|correct.?horse",
    re.IGNORECASE,
)
_NO_VALUE: Final = re.compile(
    rb"(?:pass(?:word|wd|phrase)?|secret|user(?:name)?|mot.de.passe|mdp|none|null|nil|true|false|undefined|required|optional"
    rb"|string|text|hidden|value|input|unset|empty|prompt|admin|test|root|guest|postgres|mysql|foo|bar|baz|qux|spam|eggs|demo"
    rb"|token|key|api|my|the|new|old|a|an|here|s3cret|letmein|pw|pwd|id|is|in|of|type|and|or|for|with|to|db|[^A-Za-z0-9])+[0-9]{0,3}",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    rb"^[\[(<{$%@&]|[\])>}]$|^\w+[.(\[]|\(\)|\w\(|->|::|\\[A-Za-z(*&-]|:\w+:\w+:|^https?:|^/|^\.{1,2}/|%[sd(]|\$\{|\{\{|[A-Za-z_]+\[|^--?[a-z]|\.(?:py|js|php|html?|css|json|ya?ml|txt|md)$",
    re.IGNORECASE,
)
_HOSTS: Final = re.compile(
    # A manual's host: one word, a reserved ending (RFC 2606, 6761), or a made-up name under a real ending.
    rb"(?:^|\.)(?:example(?:\.\w+)?|test|invalid|localhost|local)(?:[:/]|$)"
    rb"|^(?:host(?:name)?|server|domain|proxy\w*|db|database)(?:[:/]|$)"
    rb"|(?:^|\.)(?:host(?:name)?|(?:my|your)?server|(?:my|your)?domain|proxy|database)\.(?:com|org|net|tld)(?:[:/]|$)",
    re.IGNORECASE,
)
_ACCOUNTS: Final = frozenset({b"admin", b"mysql", b"postgres", b"root"})
"""Users that are no password, and yet many accounts' names."""
_ABOUT_USERS: Final = re.compile(rb"(?:create|alter)\s+user|grant\s", re.IGNORECASE)
_CLASSES: Final = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), re.compile(rb"[0-9]"), re.compile(rb"[^A-Za-z0-9]"))


def is_random(match: "re.Match[bytes]") -> bool:
    """Whether a token, or its group `value`, isn't an example."""
    groups = match.groupdict()
    if "claims" in groups:
        return is_service_role(match)
    value = groups.get("value") or match[0]
    return not _EXAMPLE.search(value) and _bits(value) >= _LEAST_BITS


def is_key(match: "re.Match[bytes]") -> bool:
    """Whether what stands at a key's name is one: chance changes between letters and digits, and between small letters
    and capitals, more often than names do.
    """
    value = re.sub(rb"[\s_-]", b"", match.groupdict().get("value") or match[0])
    to_digits = len(re.findall(rb"(?<=[A-Za-z])[0-9]|(?<=[0-9])[A-Za-z]", value))
    changes = to_digits + len(re.findall(rb"(?<=[a-z])[A-Z]|(?<=[A-Z])[a-z]", value))
    return is_random(match) and (to_digits >= _FEW_CHANGES or changes >= len(value) * _MANY_CHANGES)


_FEW_CHANGES: Final = 4
_MANY_CHANGES: Final = 0.45
"""Random letters and digits change in six of ten places, names in camel case in four."""


_RIGHTS: Final = (
    ("role", "service_role"), ("iss", "kubernetes/serviceaccount"), ("per", "me:write"), ("aud", "public-api"),
)  # fmt: skip
"""What the tokens of Supabase, Kubernetes, monday.com and n8n say of themselves."""


def is_service_role(match: "re.Match[bytes]") -> bool:
    """Whether a JSON Web Token is a program's, with rights: those for a site's visitors are public."""
    claims = match["claims"]
    try:
        told = json.loads(base64.urlsafe_b64decode(claims + b"=" * (-len(claims) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(told, dict) and any(told.get(claim) == value for claim, value in _RIGHTS)


def is_password(match: "re.Match[bytes]") -> bool:
    """Whether what is assigned to something called a password may be one."""
    value = match["quoted"] if "quoted" in match.groupdict() and match["quoted"] else match["bare"]
    # PHP's `define('DB_PASSWORD', '…')`: elsewhere a comma parts arguments.
    if match["sign"] == b"," and b"define" not in match.string[max(match.start() - 30, 0) : match.start()]:
        return False
    # "pass" is a word of its own, of tests and of games: what follows it must look like nothing else.
    least_kinds = 3 if match[0][:5].lower() in _SHORT else 2
    value = value.strip(b".:;,")
    # Below a label there may be anything, as in a program's catalogue.
    if b"\n" in match[0] and (_NO_PASSWORD.fullmatch(value) or not (len(value) >= 10 or _MARK.search(value))):
        return False
    if len(value) < 6 or b" " in value or _EXAMPLE.search(value) or _NO_VALUE.fullmatch(value) or _is_code(value):
        return False
    kinds = sum(1 for kind in _CLASSES if kind.search(value))
    has_letter_and_digit = bool(re.search(rb"[A-Za-z]", value) and re.search(rb"[0-9]", value))
    likely = kinds >= 3 or (kinds >= least_kinds and has_letter_and_digit and len(value) >= 8)
    return likely and _bits(value) >= 2.4


def _is_code(value: bytes) -> bool:
    """Whether it's a variable, a call, a path or a command: marks and brackets are those of a password where all four
    kinds of characters remain without them.
    """
    if not _CODE.search(value):
        return False
    rest = re.sub(rb"^[$%@&/#]|[\[\]()]", b"", value)
    marked = len(rest) >= 8 and _MARK.search(rest) and all(kind.search(rest) for kind in _CLASSES)
    return not marked or _CALL.match(value) is not None or _CODE.search(rest) is not None


_NO_PASSWORD: Final = re.compile(rb"[^@\s]+@[\w-]+(?:\.[\w-]+)+|[0-9a-f]{32,}")
"""What stands in the next cell of a list: an address, a digest."""
_MARK: Final = re.compile(rb"[!#?*+~^\xa7$%&@]")
_CALL: Final = re.compile(rb"[$@]?[\w.]+[\[(]")
_SHORT: Final = frozenset({b"pass:", b"pass=", b"pass "})


def is_account(match: "re.Match[bytes]") -> bool:
    """Whether a host, a user and a password aren't those of a manual."""
    host = match["host"].replace(rb"\&", b"")  # a manual's source keeps dots so from beginning its lines
    user = match["user"]
    if _HOSTS.search(host) or _EXAMPLE.search(user) or (_NO_VALUE.fullmatch(user) and user.lower() not in _ACCOUNTS):
        return False
    value: bytes = match["value"]
    return not _NO_VALUE.fullmatch(value) and not _EXAMPLE.search(value) and len(set(value)) > 3


def is_statement(match: "re.Match[bytes]") -> bool:
    """Whether a password follows a statement about a database's user."""
    if not _ABOUT_USERS.search(match.string, max(match.start() - 300, 0), match.start()):
        return False
    value: bytes = match["value"]
    return not _NO_VALUE.fullmatch(value) and not _EXAMPLE.search(value) and not _CODE.search(value)


def _bits(value: bytes) -> float:
    """Shannon entropy in bits a byte."""
    counts = [value.count(bytes([byte])) for byte in set(value)]
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
