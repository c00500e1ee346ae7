package imap

import (
	"context"
	"net"
	"strings"
)

// opening is the flight of commands after the login: ENABLE, ID, NAMESPACE, the listing when that is what comes first, and
// COMPRESS, whatever of them the server offers. None of them is worth failing for.
type opening struct {
	s       *session
	cmds    []*command
	list    *listing // nil: not asked for
	listAt  int      // where its commands begin
	deflate int      // where COMPRESS is; -1: nowhere
}

func (s *session) newOpening(cfg Config) *opening {
	o := &opening{s: s, deflate: -1}
	if c := s.enableCommand(); c != nil {
		o.cmds = append(o.cmds, c)
	}
	if s.has("ID") || s.quirks.wantsID {
		o.cmds = append(o.cmds, &command{step: "id", text: `ID ("name" "Peyk")`, handle: onlyTypes("ID")})
	}
	if s.has("NAMESPACE") {
		o.cmds = append(o.cmds, &command{step: "namespace", text: "NAMESPACE", handle: s.takeNamespace})
	}
	if cfg.Start.List {
		if l, err := s.newListing(cfg.Options.RootFolder); err == nil { // else List tells
			o.list, o.listAt = l, len(o.cmds)
			o.cmds = append(o.cmds, l.cmds...)
		}
	}
	if s.deflates(cfg) {
		o.deflate = len(o.cmds) // last: nothing may be sent before its answer (RFC 4978 §3)
		o.cmds = append(o.cmds, deflateCommand())
	}
	return o
}

func deflateCommand() *command { return &command{step: "compress", text: "COMPRESS DEFLATE"} }

// deflates reports whether the session is to be compressed.
func (s *session) deflates(cfg Config) bool {
	return s.has("COMPRESS=DEFLATE") && !cfg.NoCompress && (cfg.ForceCompress || !s.sameMachine())
}

// deflate compresses a session whose opening did not know that the server can.
func (s *session) deflate(ctx context.Context, cfg Config) error {
	if !s.deflates(cfg) {
		return nil
	}
	answers, err := s.runAll(ctx, []*command{deflateCommand()})
	if err != nil {
		return err
	}
	return s.deflated(answers[0])
}

// deflated takes the answer to COMPRESS.
func (s *session) deflated(st *status) error {
	if st.typ != "OK" {
		return nil
	}
	if err := s.w.compress(); err != nil {
		return s.failed("compress", err)
	}
	s.compress = true
	return nil
}

// settle takes the answers. A listing that was refused is forgotten: List asks again, and tells.
func (o *opening) settle(answers []*status) error {
	if l := o.list; l != nil && l.refusal(answers[o.listAt:o.listAt+len(l.cmds)]) == nil {
		o.s.early = l
	}
	if o.deflate < 0 {
		return nil
	}
	return o.s.deflated(answers[o.deflate])
}

// enableCommand turns on QRESYNC, which includes CONDSTORE (RFC 7162 §3.2.3), and UIDONLY (RFC 9586) where the server limits how many
// messages a command is about: Yahoo shows only the newest ten thousand of a folder to whoever does not turn it on.
func (s *session) enableCommand() *command {
	if !s.has("ENABLE") {
		return nil
	}
	var want []string
	switch {
	case s.has("QRESYNC") && !s.quirks.noQResync:
		want = append(want, "QRESYNC")
	case s.has("CONDSTORE"):
		want = append(want, "CONDSTORE")
	}
	if s.has("UIDONLY") && s.limit > 0 {
		want = append(want, "UIDONLY")
	}
	if len(want) == 0 {
		return nil
	}
	return &command{step: "enable", text: "ENABLE " + strings.Join(want, " "), handle: func(p *response) (bool, error) {
		if p.typ != "ENABLED" {
			return false, nil
		}
		for _, f := range strings.Fields(strings.ToUpper(string(p.data))) {
			switch f {
			case "QRESYNC":
				s.qresync, s.condstore = true, true
			case "CONDSTORE":
				s.condstore = true
			}
		}
		return true, nil
	}}
}

// onlyTypes steps over responses that are of no interest.
func onlyTypes(types ...string) func(*response) (bool, error) {
	return func(p *response) (bool, error) {
		for _, t := range types {
			if p.typ == t {
				return true, nil
			}
		}
		return false, nil
	}
}

// sameMachine reports whether the server is on this computer, where compression only costs time.
func (s *session) sameMachine() bool {
	a, ok := s.w.conn.RemoteAddr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

// maxNamespaces is how many are remembered; only the first is used.
const maxNamespaces = 100

// namespace is one personal namespace (RFC 2342).
type namespace struct{ prefix, delim string }

func (s *session) takeNamespace(p *response) (bool, error) {
	if p.typ != "NAMESPACE" {
		return false, nil
	}
	sc := p.scan()
	sc.space()
	if !sc.take('(') {
		return true, nil // NIL: no personal namespace
	}
	for sc.space(); len(s.personal) < maxNamespaces && sc.take('('); sc.space() {
		prefix, _, err := sc.str()
		if err != nil {
			return true, nil // strange, and not needed
		}
		delim, _, err := sc.str()
		if err != nil {
			return true, nil
		}
		if n := (namespace{decodeName(string(prefix)), string(delim)}); len(n.delim) == 1 && (n.prefix == "" || checkName(n.prefix) == nil) {
			s.personal = append(s.personal, n)
		}
		for sc.space(); !sc.end() && sc.peek() != ')'; sc.space() {
			if sc.skip() != nil {
				return true, nil
			}
		}
		sc.take(')')
	}
	return true, nil
}
