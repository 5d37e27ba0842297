"""Repairs mails that say one charset and write another, so that whoever reads them gets
the right characters (``charsets.py``). Pure functions, no database.

A mail is repaired in place, as the email package holds it: headers as they came, and
texts. Files stay as they were sent, byte by byte.
"""

import base64
import binascii
import re

from .charsets import GUOBIAO, clean, codec_of, decode, is_exact, raw_bytes, raw_text

WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
WORDS = re.compile(rf"{WORD.pattern}(?:\s*{WORD.pattern})*")
EXTENDED = re.compile(r"(\*(?:0\*)?\s*=\s*\"?)([\w.-]+)(?=')")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)
META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.-]+)", re.IGNORECASE)

# --- Headers ---


def hints_in(values):
    """The charsets that headers name."""
    found = []
    for value in values:
        found += CHARSET.findall(value) + [word[0] for word in WORD.findall(value)]
    return tuple(dict.fromkeys(name.lower() for name in found))


def mend_header(value, hints=()):
    """A header as it came, with what is written in another charset than it says put
    into UTF-8."""
    if not value.isascii():
        value = raw_text(clean(decode(raw_bytes(value), None, hints)))
    value = EXTENDED.sub(_extended, value)
    return WORDS.sub(lambda match: _mend_words(match[0], hints), value)


def _extended(match):
    start, name = match.groups()
    return start + ("gb18030" if codec_of(name) in GUOBIAO else name)


def _mend_words(text, hints):
    """Neighbouring encoded words, which may be cut in the middle of a character."""
    words, groups = WORD.findall(text), []
    for charset, kind, content in words:
        data = _word_bytes(kind, content)
        if data is None:
            return text
        if groups and groups[-1][0].lower() == charset.lower():
            groups[-1][1].append(data)
        else:
            groups.append((charset, [data]))
    if all(is_exact(data, charset) for charset, parts in groups for data in parts):
        return text
    # blanks between encoded words do not count, and none are lost
    return encoded_word(
        "".join(decode(b"".join(parts), charset, hints) for charset, parts in groups)
    )


def _word_bytes(kind, content):
    try:
        if kind in "qQ":
            return binascii.a2b_qp(content.encode(), header=True)
        return base64.b64decode(content + "=" * (-len(content) % 4))
    except ValueError:
        return None


def encoded_word(text):
    """Any text as a header may hold it."""
    if text.isascii():
        return clean(text)
    return f"=?utf-8?b?{base64.b64encode(clean(text).encode()).decode()}?="


def header_text(value, hints=()):
    """What a header says, as people read it."""
    value = WORDS.sub(
        lambda match: _word_text(match[0], hints), mend_header(value, hints)
    )
    return clean(value)


def _word_text(text, hints):
    parts = []
    for charset, kind, content in WORD.findall(text):
        data = _word_bytes(kind, content)
        if data is None:
            return text
        parts.append(decode(data, charset, hints))
    return "".join(parts)


# --- Bodies ---


def mend(message, hints=()):
    """Repairs a mail in place: headers and texts that are written in another charset
    than they say, or in one that nobody knows."""
    for part in message.walk():
        _mend_headers(part, hints)
        if part.get_content_maintype() == "text" and not part.is_multipart():
            _mend_text(part, hints)


def _mend_headers(part, hints):
    before = list(part.raw_items())
    after = [
        (name, mend_header(value, hints) if isinstance(value, str) else value)
        for name, value in before
    ]
    if after != before:
        for name in set(part.keys()):
            del part[name]
        for name, value in after:
            part.set_raw(name, value)


def _mend_text(part, hints):
    data = payload(part)
    if data is None:
        return
    name, filename = declared(part), part.get_filename()
    if is_exact(data, name or "ascii"):
        return
    disposition = str(part.get("content-disposition", "")).strip()
    if filename or disposition.startswith("attachment"):
        if name or not is_exact(data, "utf-8"):
            _keep_bytes(part, filename)
        return
    meta = [found.decode() for found in META_CHARSET.findall(data[:4096])]
    text = clean(decode(data, name, (*meta, *hints)))
    kind = part.get_content_subtype()
    _replace(part, "Content-Type", f'text/{kind}; charset="utf-8"')
    _replace(part, "Content-Transfer-Encoding", "base64")
    part.set_payload(base64.encodebytes(text.encode()).decode())


def _keep_bytes(part, filename):
    """A file stays as it was sent, byte by byte."""
    _replace(part, "Content-Type", "application/octet-stream")
    name = raw_text(encoded_word(filename or "attachment"))
    _replace(part, "Content-Disposition", f'attachment; filename="{name}"')


def _replace(part, name, value):
    del part[name]
    part.set_raw(name, value)


def payload(part):
    try:
        return part.get_payload(decode=True)
    except (ValueError, LookupError, AttributeError, TypeError):
        return None


def declared(part):
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, AttributeError, TypeError):
        return None
