package mail

import (
	"reflect"
	"testing"
)

func TestStoredProblem(t *testing.T) {
	p := &Problem{Summary: "a: moving failed", Kind: ProblemServer, Code: CodeNotAllowed, Args: []string{"x", "«ی»"}, Where: "h:1", Said: "no\nway"}
	if got := StoredProblem(p.Store()); !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, want %+v", got, p)
	}
	for text, want := range map[string]string{"": "", "an older text": "an older text", "cut\x1e{\"kind\":": "cut"} {
		if got := StoredProblem(text); !reflect.DeepEqual(got, &Problem{Summary: want}) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
