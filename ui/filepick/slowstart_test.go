package filepick

import (
	"path/filepath"
	"testing"
)

// A path that is typed before a slow disk has told where to begin is not thrown away: the next Enter would choose another folder.
func TestAPathTypedBeforeTheStartIsKept(t *testing.T) {
	r := newRig(t, "en")
	r.loop.hold = true
	p := r.open(openFolder, "")
	p.letter('/')
	want := filepath.Join(r.dir, "sub")
	p.path.SetText(want)
	p.goTo(want)
	for range 3 { // the start, what the path is, what is in it
		r.loop.release()
	}
	if p.dir != want {
		t.Fatalf("the dialog shows %s", p.dir)
	}
	p.accept()
	r.loop.release()
	if len(r.got) != 1 || r.got[0] != want {
		t.Errorf("chosen was %q", r.got)
	}
}

// Who gives up typing sees the folder to begin at.
func TestLeavingAPathBeforeTheStart(t *testing.T) {
	r := newRig(t, "en")
	r.loop.hold = true
	p := r.open(openFolder, "")
	p.letter('/')
	r.loop.release()
	p.path.OnEscape()
	r.loop.release()
	if p.dir != r.dir || len(p.shown) == 0 || p.path.Visible() {
		t.Errorf("the dialog shows %q with %d entries", p.dir, len(p.shown))
	}
}
