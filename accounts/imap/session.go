package imap

import (
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// session is one live connection. It belongs to the goroutine that calls the Client; while a library command is under
// way, the library's reading goroutine drives it instead (see library.go).
type session struct {
	w    *wire
	r    *reader
	host string
	lib  *library
	tags int

	caps      map[string]bool // upper case; nil: not known yet
	capsRaw   []string
	offered   []string // SASL mechanisms
	condstore bool     // ENABLEd, or implied
	qresync   bool
	compress  bool
	offersTLS bool     // STARTTLS, used or not
	atLogin   []string // capabilities before the login
	asked     bool     // those after it had to be asked for
	simple    bool     // the login takes one step
	opened    bool     // what follows the login has been done along with it
	quirks    quirks
	still     time.Duration // see maxStill
	parting   time.Duration // see doneMost

	limit uint32 // messages a command may be about (RFC 9738); 0: any number
	cut   bool   // an answer told of fewer messages than it should: MESSAGELIMIT came

	selected string // path, "" for none
	state    remote.MailboxState
	dirty    bool // something came unasked since SELECT: look again

	unread  *unread    // asked for and not read yet
	visits  []*visit   // and the mailboxes behind it, in the order they were asked about
	astray  bool       // the server has a mailbox open that is not selected as far as verbs know
	early   *listing   // listed in the flight after the login; nil once a verb has begun
	listed  []mail.UID // all of the mailbox that was just selected; nil once a verb has begun
	fetches window     // how quickly what was fetched came

	copies bool      // a COPY or MOVE is under way
	copied []copyUID // its COPYUID
	bye    *status   // the server's farewell

	personal     []namespace
	noIdle       bool     // IDLE was refused
	plain        bool     // items of extensions were refused by FETCH
	notifying    bool     // NOTIFY is on
	noNotify     bool     // NOTIFY was refused
	touched      []string // folders that changed while another one was open, see touch
	noListReturn bool     // LIST with RETURN was refused
	names        *names   // shared by the sessions of one Client
	alerts       *alerts
}

// copyUID is the response code of RFC 4315 §3.
type copyUID struct {
	uidValidity uint32
	src, dst    []remote.UIDRange
}

// alerts collects what the server wants shown; shared by the sessions of one Client.
type alerts struct {
	mu    sync.Mutex
	texts []string
}

const maxAlerts = 50

func (a *alerts) add(text string) {
	if text == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.texts {
		if t == text {
			return
		}
	}
	if len(a.texts) < maxAlerts {
		a.texts = append(a.texts, text)
	}
}

func (a *alerts) list() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.texts...)
}

func (s *session) has(capability string) bool { return s.caps[capability] }

// setCaps takes a capability list; hostile lengths are cut. What holds a parenthesis is none: one server answers NAMESPACE under this name, and
// would lose all that it offered.
func (s *session) setCaps(list string) {
	if strings.Contains(list, "(") && s.caps != nil {
		return
	}
	s.caps = make(map[string]bool)
	s.capsRaw = nil
	for _, c := range strings.Fields(list) {
		if len(c) > 100 || len(s.capsRaw) >= 500 {
			continue
		}
		c = cleanText(c)
		s.caps[strings.ToUpper(c)] = true
		s.capsRaw = append(s.capsRaw, c)
		if n, ok := strings.CutPrefix(strings.ToUpper(c), "MESSAGELIMIT="); ok {
			s.takeLimit(n)
		}
	}
	if s.caps["IMAP4REV2"] {
		for _, c := range strings.Fields(rev2Implies) {
			s.caps[c] = true
		}
	}
}

// rev2Implies is what IMAP4rev2 has folded in (RFC 9051 appendix E), as far as it is used here.
const rev2Implies = "NAMESPACE UNSELECT UIDPLUS ESEARCH ENABLE IDLE SASL-IR LIST-EXTENDED LIST-STATUS MOVE LITERAL- SPECIAL-USE"

// next reads one response. Behind a BYE nothing is waited for (RFC 9051 §7.1.5): what came along with it is read, the answer to a login perhaps,
// and then the connection has ended, whether or not the server closes it.
func (s *session) next() (*response, error) {
	if s.bye != nil && s.w.br.Buffered() == 0 {
		return nil, io.EOF
	}
	return s.r.next()
}

// unasked notes what any response may bring along, whatever was asked.
func (s *session) unasked(p *response) {
	switch p.typ {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		s.statusData(p.status)
	case "CAPABILITY":
		if p.tag == "*" {
			s.setCaps(string(p.data))
		}
	case "EXISTS":
		if p.num != s.state.Exists {
			s.dirty = true
		}
		s.state.Exists = p.num
	case "EXPUNGE":
		s.dirty = true
		if s.state.Exists > 0 {
			s.state.Exists--
		}
	case "VANISHED":
		s.dirty = true
		if rs, err := parseVanished(p); err == nil {
			s.state.Exists -= min(s.state.Exists, count(rs))
		}
	case "FETCH":
		s.dirty = true
	case "STATUS", "LIST":
		s.told(p)
	}
}

func (s *session) statusData(st *status) {
	if st.typ == "BYE" {
		s.bye = st
		s.w.setPatience(farewellWait)
	}
	switch st.code {
	case "ALERT":
		if !s.w.conn.Unproven() { // anybody may have said it
			s.alerts.add(st.text)
		}
	case "CAPABILITY":
		s.setCaps(st.arg)
	case "MESSAGELIMIT":
		n, _, _ := strings.Cut(st.arg, " ")
		s.takeLimit(n)
		s.cut = true
	case "COPYUID":
		if c, ok := parseCopyUID(st.arg); ok && s.copies { // else nobody would ever read it
			s.copied = append(s.copied, c)
		}
	case "UIDVALIDITY":
		// A change while selected (RFC 9051 §2.3.1.1) makes every UID we hold meaningless.
		if v, ok := parseUint32(st.arg); ok && s.selected != "" && v != s.state.UIDValidity {
			s.dirty, s.astray = true, true
			s.selected = ""
		}
	}
}

func parseUint32(s string) (uint32, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	return uint32(n), err == nil
}

func parseCopyUID(arg string) (copyUID, bool) {
	f := strings.Fields(arg)
	if len(f) != 3 {
		return copyUID{}, false
	}
	v, ok := parseUint32(f[0])
	src, err1 := parseSet(f[1])
	dst, err2 := parseSet(f[2])
	return copyUID{v, src, dst}, ok && v != 0 && err1 == nil && err2 == nil
}

// close ends the session without a farewell.
func (s *session) close(why error) {
	s.w.close(why)
	if s.lib != nil {
		s.lib.close()
	}
}
