"""Reads messages (file names on the command line) with Python's email package and prints one JSON object a line: what a
reader that shares no code with Peyk makes of them."""
import email, email.policy, email.utils, hashlib, json, re, sys


def unflow(text):
    """RFC 3676, written from the RFC: paragraphs to one line, quote marks as "> "."""
    out, open_depth = [], None
    for line in text.replace("\r\n", "\n").rstrip("\n").split("\n"):
        marks = re.match(">*", line).group()
        rest = line[len(marks):]
        if rest.startswith(" "):
            rest = rest[1:]
        depth, fixed = len(marks), rest == "-- " or not rest.endswith(" ")
        if open_depth == depth and rest != "-- ":
            out[-1] += rest
        else:
            out.append(("> " * depth + rest) if rest else ("> " * depth).rstrip())
        open_depth = None if fixed else depth
    return "\n".join(out)


def people(msg, name):
    field = msg[name]
    return [[a.display_name, a.addr_spec] for a in field.addresses] if field is not None else []


def read(path):
    with open(path, "rb") as f:
        raw = f.read()
    if raw.isascii():
        msg = email.message_from_bytes(raw, policy=email.policy.default)
    else:  # RFC 6532: the header is UTF-8
        msg = email.message_from_string(raw.decode("utf-8"), policy=email.policy.default.clone(utf8=True))
    out = {
        "subject": str(msg["Subject"] or ""),
        "from": people(msg, "From"), "to": people(msg, "To"), "cc": people(msg, "Cc"), "reply_to": people(msg, "Reply-To"),
        "date": int(msg["Date"].datetime.timestamp()), "id": str(msg["Message-ID"]), "references": str(msg["References"] or "").split(),
        "fields": sorted(k.lower() for k in msg.keys()),
        "defects": [type(d).__name__ for p in msg.walk() for d in p.defects] + [n + ": " + type(d).__name__ for n, v in msg.items() for d in v.defects
                    if type(d).__name__ != "NonASCIILocalPartDefect"],
        "text": None, "html": None, "files": [], "types": [p.get_content_type() for p in msg.walk()],
    }
    body = msg.get_body(("plain",))
    if body is not None:
        text = body.get_content()
        out["text"] = unflow(text) if body["Content-Type"].params.get("format") == "flowed" else text
    page = msg.get_body(("html",))
    if page is not None:
        out["html"] = page.get_content()
    for p in files(msg):
        if p.get_content_type() == "message/rfc822":
            data = p.get_payload(0).as_bytes(policy=email.policy.SMTP.clone(refold_source="none"))
        else:
            data = p.get_payload(decode=True)
        out["files"].append({"name": p.get_filename() or "", "type": p.get_content_type(), "disposition": p.get_content_disposition(),
                             "cid": str(p["Content-ID"] or "").strip("<>"), "sha256": hashlib.sha256(data).hexdigest()})
    return out


def files(part):
    """Every part with a disposition; what is inside an attached message belongs to that message."""
    if part.get_content_disposition():
        yield part
    elif part.is_multipart():
        for p in part.iter_parts():
            yield from files(p)


for path in sys.argv[1:]:
    print(json.dumps(read(path)))
