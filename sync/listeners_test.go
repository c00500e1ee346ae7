package mailsync

import (
	"slices"
	"testing"

	"peyk/internal/mail"
)

// TestListenersOrder: what the user marked comes before what is looked at, and why nobody listens to a folder is known.
func TestListenersOrder(t *testing.T) {
	w := &worker{e: &Engine{opt: Options{Push: true}}, acct: mail.Account{Protocol: mail.IMAP}, listening: newListeners()}
	w.e.online.Store(true)
	l := w.listening
	l.look("Looked")
	l.look("Second")
	l.mark([]string{"First", "Second", "Third"})
	if paths, _, _ := l.state(); !slices.Equal(paths, []string{"First", "Second", "Third", "Looked"}) {
		t.Errorf("the order is %v", paths)
	}
	stands := func(path string) mail.Listening { return w.listens(mail.Folder{Path: path}) }
	if s := stands("First"); s.Now || s.Why != mail.ListenNotConnected {
		t.Errorf("before the first connection: %+v", s)
	}
	w.idles.Store(hasIdle)
	done := l.hears(0, "First")
	l.refuse(1) // the server has enough of our connections
	for path, want := range map[string]mail.ListenWhy{"First": "", "Second": mail.ListenConnections, "Third": mail.ListenConnections} {
		if s := stands(path); s.Why != want || s.Now != (want == "") {
			t.Errorf("%s: %+v", path, s)
		}
	}
	if p := w.polled(); !slices.Equal(p, []string{"Second", "Third"}) {
		t.Errorf("looked into are %v", p)
	}
	done()
	if p := w.polled(); len(p) != 3 {
		t.Errorf("looked into are %v", p)
	}
	w.hearsAll.Store(true)
	if s := stands("Third"); s.Now || s.Why != mail.ListenNotConnected || len(w.polled()) != 3 {
		t.Errorf("with NOTIFY, and no connection, %+v, %v", s, w.polled())
	}
	w.attends.Store(true)
	if s := stands("Third"); !s.Now || len(w.polled()) != 0 {
		t.Errorf("with NOTIFY %+v", s)
	}
	w.e.online.Store(false)
	if s := stands("Third"); s.Why != mail.ListenNotConnected {
		t.Errorf("offline %+v", s)
	}
}
