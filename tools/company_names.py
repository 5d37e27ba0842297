"""When two ways of writing a company mean the same one: keys to compare.

``name_key`` is equal for the spellings of one company, ``name_core`` also for those
who are only much alike. Pure functions: no database, no record.
"""

import re
import unicodedata

from opencc import OpenCC

from . import company_words as words

_SIMPLIFY = OpenCC("t2s").convert
# Han characters and kana, without their punctuation.
_HAN = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc"
    r"\u3400-\u9fff\uf900-\ufaff"
)
_CHINESE = re.compile(rf"[{_HAN}]")
_BLANKS = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_ABBREVIATION = re.compile(r"(?<![^\W_])([^\W_])\.(?=[^\W_](?:\.|\s|$|\W))")
_BRACKETS = re.compile(r"[(\[{<【〔《「『]([^()\[\]{}]*?)[)\]}>】〕》」』]")
# Runs of Chinese, runs of what else letters and digits there are.
_TOKENS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_BRANCH = re.compile(r"^(.*?公司)(.{2,12}?分公司)$")
_BRANCH_OF_KEY = re.compile(r"^(.{2,}?)(分公司|办事处)$")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|,|;|/|、).*$", re.IGNORECASE)

# 锐锋机器人 Ruifeng Robotics: the Chinese half is the name.
_NAME = rf"(?P<chinese>[{_HAN}]{{2,}})"
_ROMAN = r"(?=[^a-z]*[a-z]{3})[a-z0-9\s.,&()'/|-]+"
_BILINGUAL = (
    re.compile(rf"^\W*{_NAME}[\s(/|-]+{_ROMAN}$"),
    re.compile(rf"^{_ROMAN}[\s(/|-]+{_NAME}\W*$"),
)

_FORMS = sorted(words.CHINESE_FORMS, key=len, reverse=True)
_REGIONS = sorted(words.REGIONS, key=len, reverse=True)
_PLACES = frozenset(words.REGIONS) | frozenset(words.WIDE_REGIONS)
_GENERIC = sorted(
    {*words.GENERIC_WORDS, *words.GROUP_WORDS, *words.WIDE_REGIONS},
    key=len,
    reverse=True,
)
_NEVER_ALONE = sorted({*_GENERIC, *words.KINDS, *words.REGIONS}, key=len, reverse=True)
_LATIN_GENERIC = (
    words.LATIN_GENERIC_WORDS | words.LATIN_GROUP_WORDS | words.LATIN_REGIONS
)
_LATIN_NEVER_ALONE = _LATIN_GENERIC | words.LATIN_KINDS
# Of so many words at the end a form or a region may consist: "S. p. A.", "Hong Kong".
_LONGEST = 4


def name_key(name):
    """The same for all spellings of one company's name: full-width or not,
    traditional or simplified, with or without its legal form, brackets, spaces and
    punctuation. Empty when the name has neither letter nor digit.

    A group, a holding and a branch keep a key of their own: 中国电信集团有限公司 is
    not 中国电信股份有限公司.
    """
    return _settled(_key_once, name)


def name_core(name):
    """What is left of a name without region, kind of business, group and branch: two
    names with the same core are worth a look, no more. Empty when nothing is left
    that would tell companies apart."""
    folded = _fold(name)
    inside = [text for text in _BRACKETS.findall(folded) if _is_place(text)]
    for text in inside:
        folded = re.sub(rf"[(\[]{re.escape(text)}[)\]]", " ", folded)
    for pattern in _BILINGUAL:
        if match := pattern.match(folded):
            core = _settled(_core_once, _without_forms(_tokens(match["chinese"])))
            # ABB 有限公司 has no Chinese half, only a Chinese legal form
            if core and core not in words.CHINESE_FORMS:
                return core
    tokens = _without_forms(_place_last(_tokens(folded)))
    return _settled(_core_once, tokens)


def name_latin(name):
    """The core of the other half of a bilingual name, 天工机床 Tiangong Machine Tools:
    somebody may know no more of it. Empty where there is no such half."""
    folded = _fold(name)
    for pattern in _BILINGUAL:
        if match := pattern.match(folded):
            start, end = match.span("chinese")
            rest = f"{folded[:start]} {folded[end:]}"
            return _settled(_core_once, _without_forms(_tokens(rest)))
    return ""


def phone_key(phone):
    """The digits of a number without the prefix of China, leading zeros and the
    extension; empty for what is too short to be somebody's own."""
    text = _EXTENSION.sub("", unicodedata.normalize("NFKC", phone or "").strip())
    # 021-5555 1234-801: the last group is an extension
    text = re.sub(r"^(\+?[\d\s()]+-[\d\s]{7,9})-\d{1,5}$", r"\1", text)
    digits = re.sub(r"\D", "", text).lstrip("0")
    if digits.startswith("86") and len(digits) >= 12:
        digits = digits[2:].lstrip("0")
    return digits if len(digits) >= 7 else ""


def tax_key(number):
    """A tax number in capitals without spaces, signs and the prefix of China."""
    text = unicodedata.normalize("NFKC", number or "").upper()
    text = re.sub(r"[^0-9A-Z]", "", text)
    if len(text) == 20 and text.startswith("CN"):
        text = text[2:]
    return text if len(text) >= 6 else ""


def mail_domain(email):
    """The domain of an address, empty for those of free providers."""
    text = unicodedata.normalize("NFKC", email or "").strip().strip("<>").casefold()
    domain = text.rpartition("@")[2].strip(" .>") if "@" in text else ""
    return "" if domain in words.FREE_MAIL or "." not in domain else domain


# --- Names ---


def _settled(step, name):
    """``step`` until nothing changes, so that a key is its own key."""
    current = name or ""
    for _round in range(20):
        following = step(current)
        if following == current:
            break
        current = following
    return current


def _fold(name):
    """One form of each letter: half-width, small, simplified, without accents."""
    # some capitals have a small form only once they are plain ones
    text = unicodedata.normalize("NFKC", name or "").casefold()
    text = unicodedata.normalize("NFKD", text)
    text = re.sub(r"[\u0300-\u036f\u200b-\u200f\u2060\ufeff\xad'’`´]", "", text)
    text = unicodedata.normalize("NFKC", text)
    if not _CHINESE.search(text):
        return text
    # Chinese knows no blanks
    return _SIMPLIFY(_BLANKS.sub("", text))


def _tokens(folded):
    return [word for word in _TOKENS.findall(_abbreviate(folded)) if word != "and"]


def _abbreviate(text):
    """``S.p.A.`` is one word."""
    return _ABBREVIATION.sub(r"\1", text)


def _key_once(name):
    folded = _fold(name)
    if branch := _BRANCH.match(folded.replace(" ", "")):
        company, place = branch.groups()
        return "".join(_without_forms(_tokens(company)) + _tokens(place))
    return "".join(_without_forms(_place_last(_tokens(folded))))


def _place_last(tokens):
    """Siemens Ltd., China is Siemens (China) Ltd."""
    if len(tokens) > 2 and tokens[-1] in words.LATIN_REGIONS:
        return [*_without_forms(tokens[:-1]), tokens[-1]]
    return tokens


def _without_forms(tokens):
    """The words without the legal form at their end, never without any word."""
    while True:
        shorter = _without_form(tokens)
        if not shorter or shorter == tokens:
            return tokens
        tokens = shorter


def _without_form(tokens):
    for count in range(min(_LONGEST, len(tokens)), 0, -1):
        if "".join(tokens[-count:]) in words.LATIN_FORMS:
            return tokens[:-count]
    last = tokens[-1] if tokens else ""
    if not last.endswith("分公司"):
        for form in _FORMS:
            if last.endswith(form):
                rest = last.removesuffix(form)
                return tokens[:-1] + [rest] if rest else tokens[:-1]
    return tokens


def _is_place(text):
    text = "".join(_tokens(text))
    return text.rstrip("省市") in _PLACES or text in words.LATIN_REGIONS


def _core_once(name):
    tokens = _without_forms(_tokens(name) if isinstance(name, str) else name)
    for strip in (_without_branch, _without_region, _without_generic):
        tokens = strip(tokens)
    if not tokens or not _tells_apart(tokens):
        return ""
    return "".join(tokens)


def _without_branch(tokens):
    if tokens and (branch := _BRANCH_OF_KEY.match(tokens[-1])):
        rest = branch.group(1)
        if "公司" in rest:
            rest = rest[: rest.index("公司") + 2]
        rest = rest.removesuffix("市")
        for region in _REGIONS:
            if rest.endswith(region) and (len(tokens) > 1 or rest != region):
                rest = rest.removesuffix(region)
                break
        return _without_forms([*tokens[:-1], rest] if rest else tokens[:-1])
    return tokens


def _without_region(tokens):
    """Without the place the name begins with, where enough is left."""
    if not tokens:
        return tokens
    first = tokens[0]
    for region in _REGIONS:
        if first.startswith(region):
            rest = first[len(region) :]
            rest = rest[1:] if rest[:1] in ("省", "市") else rest
            shorter = [rest, *tokens[1:]] if rest else tokens[1:]
            return shorter if _tells_apart(shorter) else tokens
    if len(tokens) > 1 and first in words.LATIN_REGIONS and _tells_apart(tokens[1:]):
        return tokens[1:]
    return tokens


def _without_generic(tokens):
    """Without general words at the end, where enough is left."""
    while tokens:
        shorter = _shorter(tokens)
        if shorter is None or not _tells_apart(shorter):
            break
        tokens = shorter
    return tokens


def _shorter(tokens):
    last = tokens[-1]
    for word in _GENERIC:
        if last.endswith(word):
            rest = last.removesuffix(word)
            return [*tokens[:-1], rest] if rest else tokens[:-1]
    for count in (2, 1):
        if "".join(tokens[-count:]) in _LATIN_GENERIC:
            return tokens[:-count]
    return None


def _tells_apart(tokens):
    """Whether something is left that is neither place nor kind of business."""
    rest = "".join(word for word in tokens if word not in _LATIN_NEVER_ALONE)
    if not _CHINESE.search(rest):
        return len(rest) >= 3
    for word in _NEVER_ALONE:
        rest = rest.replace(word, "")
    return len(rest) >= 2
