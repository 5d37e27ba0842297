"""What bytes in a mail say in which script. Pure functions, no database.

Mail programs name a charset and write another: gb2312 stands for GBK more often than
not, big5 for what Hong Kong or Microsoft made of it, and some name none at all.
"""

import codecs
import re

# What programs write under the name of another charset: each holds all of the first.
WIDER = {
    "big5": ("cp950", "big5hkscs"),
    "cp950": ("big5hkscs",),
    "shift_jis": ("cp932",),
    "euc_kr": ("cp949",),
}
# Always read as the last of them: the same signs, and the dashes that people mean.
GUOBIAO = frozenset(("gb2312", "gbk", "gb18030"))
# Names that Python does not know.
NAMES = {
    "x-gbk": "gbk",
    "gb_2312-80": "gb2312",
    "csgb2312": "gb2312",
    "x-euc-cn": "gb2312",
    "cn-gb": "gb2312",
    "cn-big5": "big5",
    "x-x-big5": "big5",
    "x-sjis": "shift_jis",
}
# Codecs that are no charset of a mail.
NO_CHARSETS = frozenset(
    ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs")
)
LATIN = "iso8859-1"
LATIN_GAP = re.compile(rb"[\x80-\x9f]")
HIGH = re.compile(rb"[\x80-\xff]")
GB2312_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
LONE_BYTES = re.compile("[\udc80-\udcff]+")
LONE_HALVES = re.compile("[\ud800-\udfff]")


def codec_of(name):
    """The name that Python has for a charset, or None for one that nobody knows."""
    name = (name or "").strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(NAMES.get(name, name))
    except (LookupError, ValueError):
        return None
    is_text = getattr(codec, "_is_text_encoding", True)
    return codec.name if is_text and codec.name not in NO_CHARSETS else None


def is_exact(data, name):
    """Whether these bytes are to be read in this very charset, and no other."""
    codec = codec_of(name)
    if not codec or codec in GUOBIAO or (codec == LATIN and LATIN_GAP.search(data)):
        return False
    return _strict(data, codec) is not None


def decode(data, name=None, hints=()):
    """Bytes as text: by the charset they say, by what is written under its name, or
    else by what they look like. No bytes fail.

    :param hints: names of charsets that other parts of the same mail say.
    """
    for codec in _candidates(data, name, hints):
        text = _strict(data, codec)
        if text is not None:
            return text
    # what is mostly right is read so: one broken sign does not cost the rest
    return data.decode(_likeliest(name, hints), "replace")


def _candidates(data, name, hints):
    """Codecs to try, the likeliest first."""
    codec = codec_of(name)
    yield from _widened(codec)
    yield "utf-8"
    for hint in map(codec_of, hints):
        yield from _widened(hint)
    if codec != LATIN and looks_chinese(data):
        yield "gb18030"
    yield "cp1252"
    if codec == LATIN:
        yield LATIN


def _widened(codec):
    """A codec, and those that are written under its name."""
    if codec in GUOBIAO:
        yield "gb18030"
    elif codec and codec != LATIN:  # which takes all bytes, and comes last
        yield codec
        yield from WIDER.get(codec, ())


def looks_chinese(data):
    """Whether most of the bytes beyond ASCII stand in pairs, as common Chinese
    characters do and the accents of European words do not."""
    high = len(HIGH.findall(data))
    return high > 1 and 4 * len(GB2312_PAIR.findall(data)) >= high


def _likeliest(name, hints):
    known = [codec for codec in map(codec_of, (name, *hints)) if codec]
    codec = known[0] if known else "utf-8"
    return "gb18030" if codec in GUOBIAO else codec


def _strict(data, codec):
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError, TypeError):
        return None


def clean(text):
    """Text that a database takes: without NUL and without halves of characters."""
    text = text.replace("\0", "") if text else text
    if not text or text.isascii():
        return text
    text = LONE_BYTES.sub(lambda match: decode(raw_bytes(match[0])), text)
    return LONE_HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def raw_bytes(text):
    """The bytes of a header as they came, of a text that kept them."""
    return text.encode("utf-8", "surrogateescape")


def raw_text(text):
    """Text in the way the email package keeps bytes beyond ASCII: it reads them as
    UTF-8."""
    return text.encode().decode("ascii", "surrogateescape")
