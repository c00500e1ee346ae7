package store

import (
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// NoteKind is what may be wrong with a query.
type NoteKind string

// The kinds of notes.
const (
	NoteValue    NoteKind = "value"    // the value of an operator makes no sense: it is searched as words
	NoteOperator NoteKind = "operator" // an operator that there is not, but one much like it
	NoteFolder   NoteKind = "folder"   // there is no such folder
	NoteAccount  NoteKind = "account"  // there is no such account
	NoteQuote    NoteKind = "quote"    // a phrase without its second quotation mark
	NoteEmpty    NoteKind = "empty"    // no word to search for: everything matches
)

// QueryNote says what may be wrong with a query. Nothing in a query is an error, but who wrote it should know how it was understood.
type QueryNote struct {
	Kind NoteKind
	Term string // as it was written
	Hint string // NoteOperator: what may be meant
}

// ExplainQuery notes what may be wrong with a query for these folders and accounts. The last term is left alone while it is being typed.
func ExplainQuery(q string, typing bool, folders []mail.Folder, accounts []mail.Account) []QueryNote {
	var out []QueryNote
	toks := tokenize(q)
	if parseQuery(q) == nil && strings.TrimSpace(q) != "" && !typing {
		return []QueryNote{{Kind: NoteEmpty}}
	}
	words := &fieldWords{folders: folders, accounts: accounts, now: time.Now()}
	for i, t := range toks {
		if typing && i == len(toks)-1 && !strings.HasSuffix(q, " ") || t.text == "" {
			continue
		}
		term := t.written + ":" + t.text
		switch {
		case t.open:
			out = append(out, QueryNote{Kind: NoteQuote, Term: t.text})
		case fieldNames[t.key]:
			n := &node{kind: nodeField, field: t.key, value: valueNamed(t.text)}
			switch {
			case !n.valid():
				out = append(out, QueryNote{Kind: NoteValue, Term: term})
			case (t.key == "in" || t.key == "folder") && words.folderIDs(t.text) == "":
				out = append(out, QueryNote{Kind: NoteFolder, Term: t.text})
			case t.key == "account" && words.accountIDs(t.text) == "":
				out = append(out, QueryNote{Kind: NoteAccount, Term: t.text})
			}
		case t.key != "" && textColumns[t.key] == "":
			if like := operatorLike(t.key); like != "" {
				out = append(out, QueryNote{Kind: NoteOperator, Term: t.written + ":", Hint: like + ":"})
			}
		case t.key != "" && len(fold.Query(t.text).Words) == 0:
			out = append(out, QueryNote{Kind: NoteValue, Term: term})
		}
	}
	return out
}

// operatorLike finds the operator that was probably meant: one letter more, less or another, or two that changed places.
func operatorLike(key string) string {
	best := ""
	for _, names := range []map[string]bool{fieldNames, textOperators} {
		for name := range names {
			if len(name) > 3 && oneSlip(key, name) && (best == "" || name < best) {
				best = name
			}
		}
	}
	return best
}

var textOperators = func() map[string]bool {
	out := map[string]bool{}
	for name := range textColumns {
		out[name] = true
	}
	return out
}()

// oneSlip reports whether one slip of the fingers makes b of a.
func oneSlip(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a)+len(b) == 1 || len(a) == 1 && len(b) == 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
