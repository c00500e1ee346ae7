package imap

import (
	"context"
	"fmt"
	"math"
	"strings"

	"peyk/internal/mail"
)

const (
	maxFolders = 50_000
	// maxStatus is how many folders are asked for their STATUS one by one, on servers without LIST-STATUS. What is not asked about is opened,
	// each in round trips of its own.
	maxStatus = 2000
)

// List implements remote.Mailboxes: one round trip where the server has LIST-EXTENDED and LIST-STATUS, two on others; none more
// for the first verb of a session that was opened for it (remote.Start).
// Folders whose names cannot be used (see checkName) are left out.
func (c *Client) List(ctx context.Context) ([]mail.RemoteFolder, error) {
	s, end, err := c.begin(ctx, "list folders")
	if err != nil {
		return nil, err
	}
	defer end()
	l := c.early
	if c.early = nil; l == nil {
		if l, err = s.list(ctx, c.cfg.Options.RootFolder); err != nil {
			return nil, err
		}
	}
	s.names.keep(func(path string) bool { _, ok := l.byPath[path]; return ok })
	if err := l.askStatus(ctx); err != nil {
		return nil, err
	}
	out := l.within(c.cfg.Options)
	assignRoles(out, l.special, c.cfg.Options.Roles, c.cfg.Options.RootFolder)
	return out, nil
}

// listing collects LIST, LSUB and STATUS responses.
type listing struct {
	s        *session
	extended bool // RETURN was asked for
	cmds     []*command
	folders  []mail.RemoteFolder
	special  []mail.Role // SPECIAL-USE of each folder
	byPath   map[string]int
	hidden   map[string]bool // names on the wire that mean the path of another folder
	dropped  int
}

// newListing prepares the commands that list the folders below root.
func (s *session) newListing(root string) (*listing, error) {
	l := &listing{s: s, byPath: make(map[string]int), extended: s.has("LIST-EXTENDED") && !s.noListReturn}
	patterns := []string{`"*"`}
	if root != "" {
		w, err := quote(encodeName(root) + "*")
		if err != nil {
			return nil, s.invalid("list folders", "the root folder %q: %w", root, err)
		}
		patterns = []string{`"INBOX"`, w}
	}
	for _, p := range patterns {
		text := `LIST "" ` + p
		if l.extended {
			text += " RETURN (" + l.returns() + ")"
		}
		l.cmds = append(l.cmds, &command{step: "list folders", text: text, handle: l.data, maxUnits: 2 * maxFolders})
		if !l.extended {
			l.cmds = append(l.cmds, &command{step: "list folders", text: `LSUB "" ` + p, handle: l.subscribed, maxUnits: 2 * maxFolders})
		}
	}
	return l, nil
}

// list lists the folders below root; their STATUS only where that comes along.
func (s *session) list(ctx context.Context, root string) (*listing, error) {
	l, err := s.newListing(root)
	if err != nil {
		return nil, err
	}
	answers, err := s.runAll(ctx, l.cmds)
	if err != nil {
		return nil, err
	}
	if st := l.refusal(answers); st != nil {
		if l.extended && s.noListReturn {
			return s.list(ctx, root)
		}
		return nil, s.refused("list folders", st)
	}
	return l, nil
}

// refusal gives the answer that makes the listing useless, nil when there is none. A server that advertises RETURN and does not
// understand it is not asked so again.
func (l *listing) refusal(answers []*status) *status {
	for i, st := range answers {
		if st.typ == "OK" || strings.HasPrefix(l.cmds[i].text, "LSUB") {
			continue
		}
		l.s.noListReturn = l.s.noListReturn || l.extended && st.typ == "BAD"
		return st
	}
	return nil
}

func (l *listing) returns() string {
	r := "SUBSCRIBED CHILDREN"
	if l.s.has("SPECIAL-USE") {
		r += " SPECIAL-USE"
	}
	if l.s.has("LIST-STATUS") {
		r += " STATUS (" + l.statusItems() + ")"
	}
	return r
}

func (l *listing) statusItems() string {
	items := "MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
	if l.s.has("CONDSTORE") || l.s.condstore {
		items += " HIGHESTMODSEQ"
	}
	return items
}

func (l *listing) data(p *response) (bool, error) {
	switch p.typ {
	case "LIST", "XLIST":
		return true, l.folder(p)
	case "STATUS":
		l.status(p)
		return true, nil
	case "LSUB":
		return true, nil
	}
	return false, nil
}

// folder reads one LIST response; what cannot be read is left out.
func (l *listing) folder(p *response) error {
	if len(l.folders) >= maxFolders {
		return fmt.Errorf("%w: over %d folders", errTooMuch, maxFolders)
	}
	f, role, wire, err := readList(p)
	if err != nil {
		l.dropped++
		return nil
	}
	if i, ok := l.byPath[f.Path]; ok {
		if known, _ := l.s.names.onWire(f.Path); known != wire && f.Path != "INBOX" {
			// Another mailbox, of which one name means the same ("R&D" and "R&-D"): it cannot be told from the first one here, and
			// nothing that is said of it may be taken for that one. A tab does not take the place of the blank that it looks like.
			if strings.Contains(decodeName(known), "\t") && encodeName(f.Path) == wire {
				l.s.names.learn(f.Path, wire)
				l.folders[i], l.special[i] = f, role
				wire = known
			}
			l.hide(wire)
			return nil
		}
		// The same folder twice (INBOX with a root folder, a repeated answer): keep one, with all that was said.
		l.folders[i].Subscribed = l.folders[i].Subscribed || f.Subscribed
		return nil
	}
	l.s.names.learn(f.Path, wire)
	l.byPath[f.Path] = len(l.folders)
	l.folders = append(l.folders, f)
	l.special = append(l.special, role)
	return nil
}

func (l *listing) hide(wire string) {
	l.dropped++
	if l.hidden == nil {
		l.hidden = map[string]bool{}
	}
	l.hidden[wire] = true
}

// readList reads a LIST response; wire is the name as the server wrote it.
func readList(p *response) (f mail.RemoteFolder, role mail.Role, wire string, err error) {
	f = mail.RemoteFolder{Selectable: true}
	sc := p.scan()
	attrs, err := sc.flags()
	if err != nil {
		return f, "", "", err
	}
	delim, _, err := sc.str()
	if err != nil {
		return f, "", "", err
	}
	if len(delim) == 1 && delim[0] > 0x20 && delim[0] < 0x7f {
		f.Delimiter = string(delim)
	}
	f.Path, wire, err = readName(sc)
	if err != nil {
		return f, "", "", err
	}
	role = mail.RoleNone
	for _, a := range attrs {
		switch strings.ToLower(string(a)) {
		case `\noselect`, `\nonexistent`:
			f.Selectable = false
		case `\subscribed`:
			f.Subscribed = true
		case `\noinferiors`:
			f.NoInferiors = true
		case `\marked`:
			f.Marked = true
		default:
			if r, ok := specialUse[strings.ToLower(string(a))]; ok && role == mail.RoleNone {
				role = r
			}
		}
	}
	return f, role, wire, nil
}

// readName reads a mailbox name to its path; wire is how the server wrote it.
func readName(sc *scanner) (path, wire string, err error) {
	sc.space()
	var raw []byte
	if sc.peek() == '"' || sc.peek() == litMark && !sc.end() {
		v, _, err := sc.str()
		if err != nil {
			return "", "", err
		}
		raw = v
	} else {
		raw = sc.b[sc.pos:] // an atom; unquoted spaces and parentheses occur, and NIL is a name too
		if i := strings.Index(string(raw), " ("); i > 0 && strings.HasSuffix(string(raw), ")") {
			raw = raw[:i] // extended data (RFC 5258)
		}
		raw = []byte(strings.TrimRight(string(raw), " "))
		sc.pos += len(raw)
	}
	if path = decodeName(string(raw)); strings.EqualFold(path, "INBOX") {
		return "INBOX", "INBOX", nil
	}
	if strings.Contains(path, "\t") {
		// As in what is pasted from a table into the field for a name: a blank for people; on the wire it stays what it is. INBOX is another folder.
		if path = strings.TrimRight(strings.ReplaceAll(path, "\t", " "), " "); strings.EqualFold(path, "INBOX") {
			return "", "", fmt.Errorf("%w: INBOX with a tab", errName)
		}
	}
	return path, string(raw), checkName(path)
}

func (l *listing) subscribed(p *response) (bool, error) {
	if p.typ != "LSUB" {
		return l.data(p)
	}
	if f, _, wire, err := readList(p); err == nil && !l.hidden[wire] {
		if i, ok := l.byPath[f.Path]; ok {
			l.folders[i].Subscribed = true
		}
	}
	return true, nil
}

// status reads "STATUS name (MESSAGES 3 …)".
func (l *listing) status(p *response) {
	sc := p.scan()
	open := strings.LastIndexByte(string(sc.b), '(')
	if open < 0 {
		return
	}
	path, wire, err := readName(statusName(p))
	if err != nil || l.hidden[wire] {
		return
	}
	i, ok := l.byPath[path]
	if !ok {
		return
	}
	f := &l.folders[i]
	f.HasStatus = true
	sc.pos = open + 1
	for sc.space(); !sc.end() && sc.peek() != ')'; sc.space() {
		key := strings.ToUpper(string(sc.word()))
		n, err := sc.number()
		if err != nil {
			return
		}
		if n > math.MaxUint32 && key != "HIGHESTMODSEQ" && key != "SIZE" {
			n = 0
		}
		switch key {
		case "MESSAGES":
			f.Messages = uint32(n)
		case "UNSEEN":
			f.Unseen = uint32(n)
		case "UIDNEXT":
			f.UIDNext = mail.UID(n)
		case "UIDVALIDITY":
			f.UIDValidity = uint32(n)
		case "HIGHESTMODSEQ":
			f.HighestMod = modSeq(n)
		case "SIZE":
			f.Size = int64(min(n, math.MaxInt64))
		}
	}
}

// statusName is the part of a STATUS response that names the folder.
func statusName(p *response) *scanner {
	sc := p.scan()
	if open := strings.LastIndexByte(string(sc.b), '('); open >= 0 {
		sc.b = sc.b[:open]
	}
	return sc
}

// askStatus sends STATUS for each folder, pipelined, where LIST did not bring it.
func (l *listing) askStatus(ctx context.Context) error {
	if l.extended && l.s.has("LIST-STATUS") {
		return nil
	}
	var cmds []*command
	for _, f := range l.folders {
		if !f.Selectable || len(cmds) >= maxStatus {
			continue
		}
		name, err := l.s.mailbox(f.Path)
		if err != nil {
			continue
		}
		cmds = append(cmds, &command{step: "status of " + f.Path, text: "STATUS " + name + " (" + l.statusItems() + ")", handle: l.data})
	}
	_, err := l.s.runAll(ctx, cmds) // a refused STATUS only leaves the numbers unknown
	return err
}

// within leaves out what the account's settings hide. INBOX always stays.
func (l *listing) within(o mail.IMAPOptions) []mail.RemoteFolder {
	var out []mail.RemoteFolder
	var special []mail.Role
	for i, f := range l.folders {
		if f.Path != "INBOX" {
			if o.SubscribedOnly && !f.Subscribed && f.Selectable {
				continue
			}
			if !under(f.Path, o.RootFolder, f.Delimiter) {
				continue
			}
		}
		out = append(out, f)
		special = append(special, l.special[i])
	}
	l.special = special
	return out
}

// under reports whether path is root or below it.
func under(path, root, delim string) bool {
	root = strings.TrimRight(root, "/.\\")
	return root == "" || path == root || delim != "" && strings.HasPrefix(path, root+delim)
}
