package accounts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"peyk/internal/mail"
)

// maxFile bounds an accounts file.
const maxFile = 4 << 20

// FileError is a mistake in an accounts file.
type FileError struct {
	Path string
	Line int    // from 1; 0 when it is not about one line
	Key  string // as written, like "account[0].incoming.port"
	Text string
}

func (e *FileError) Error() string {
	s := e.Path
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, e.Line)
	}
	if e.Key != "" {
		s += ": " + e.Key
	}
	return s + ": " + e.Text
}

// fileAccount is an [[account]] of the file: mail.Account with the protocol inside [account.incoming].
type fileAccount struct {
	mail.Account
	Incoming struct {
		Protocol mail.Protocol `toml:"protocol"`
		mail.Server
	} `toml:"incoming"`
}

// Load reads an accounts file (TOML, UTF-8): one or more [[account]] tables. Relative paths in it are taken from the
// file's own folder. Unknown keys and values that make no sense are errors, a *FileError with the line and the key.
func Load(path string) ([]mail.Account, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("accounts file %s: %w", path, err)
	}
	st, err := os.Stat(abs)
	if err != nil {
		return nil, fmt.Errorf("accounts file: %w", err)
	}
	if st.Size() > maxFile {
		return nil, &FileError{Path: path, Text: "the file is far too large for an accounts file"}
	}
	data, err := os.ReadFile(abs)
	if err != nil {
		return nil, fmt.Errorf("accounts file: %w", err)
	}
	return parse(data, path, filepath.Dir(abs))
}

// parse is Load for bytes; name is for messages, dir for relative paths.
func parse(data []byte, name, dir string) ([]mail.Account, error) {
	var file struct {
		Account []fileAccount `toml:"account"`
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // Windows editors write it
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&file); err != nil {
		return nil, decodeError(name, err)
	}
	lines := keyLines(data)
	if len(file.Account) == 0 {
		return nil, &FileError{Path: name, Text: "there is no [[account]] in it"}
	}
	var out []mail.Account
	seen := map[string]bool{}
	for i, f := range file.Account {
		at := fmt.Sprintf("account[%d]", i)
		unset := func(key string) bool { _, ok := lines[at+"."+key]; return !ok }
		a := f.Account
		a.Protocol, a.Incoming = f.Incoming.Protocol, f.Incoming.Server
		if unset("pop3.leave_on_server") {
			a.POP3.LeaveOnServer = true
		}
		if unset("outgoing.save_sent") {
			a.Outgoing.SaveSent = true
		}
		if unset("check.at_start") {
			a.Check.AtStart = true
		}
		if unset("check.every_minutes") {
			a.Check.EveryMinutes = DefaultEveryMinutes
		}
		resolve(&a.Incoming, dir)
		resolve(&a.Outgoing.Server, dir)
		if o := &a.Outgoing; o.CAFile == "" && o.PinnedSHA256 == "" && strings.EqualFold(o.Host, a.Incoming.Host) {
			o.CAFile = a.Incoming.CAFile // the same machine answers: who vouches for it receiving does so sending
		}
		a = Defaults(a)
		if err := Validate(a); err != nil {
			var fields FieldErrors
			errors.As(err, &fields)
			return nil, fieldError(name, at, fields[0], lines)
		}
		if !unset("outgoing") && a.Outgoing.Host == "" {
			return nil, fieldError(name, at, FieldError{"outgoing.host", "enter the name of the server"}, lines)
		}
		if seen[a.Name] {
			return nil, fieldError(name, at, FieldError{"name", fmt.Sprintf("two accounts are called %q", a.Name)}, lines)
		}
		seen[a.Name] = true
		out = append(out, a)
	}
	return out, nil
}

// fieldError gives a field error its line: of the key, or of the table that the key should stand in.
func fieldError(name, account string, f FieldError, lines map[string]int) error {
	key := account + "." + f.Field
	e := &FileError{Path: name, Key: key, Text: f.Text}
	for key != "" && e.Line == 0 {
		e.Line = lines[key]
		if key == account {
			break
		}
		key = key[:strings.LastIndexByte(key, '.')]
	}
	return e
}

// decodeError turns the TOML package's errors into ours.
func decodeError(name string, err error) error {
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	switch {
	case errors.As(err, &strict) && len(strict.Errors) > 0:
		line, _ := strict.Errors[0].Position()
		return &FileError{Path: name, Line: line, Key: strings.Join(strict.Errors[0].Key(), "."), Text: "no such setting"}
	case errors.As(err, &decode):
		line, _ := decode.Position()
		return &FileError{Path: name, Line: line, Key: strings.Join(decode.Key(), "."), Text: typeText(strings.TrimPrefix(decode.Error(), "toml: "))}
	}
	return &FileError{Path: name, Text: strings.TrimPrefix(err.Error(), "toml: ")}
}

var wrongType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^cannot decode TOML (\w+(?: \w+)*) into .* of type (\S+)$`)
})

// typeText says which kind of value a setting wants in the words of TOML, not of Go.
func typeText(s string) string {
	m := wrongType().FindStringSubmatch(s)
	if m == nil {
		return s
	}
	want := "another kind of value"
	switch {
	case m[2] == "int":
		want = "a whole number, without quotes"
	case m[2] == "bool":
		want = "true or false, without quotes"
	case m[2] == "[]string":
		want = `a list of words, like ["cat", "secret.txt"]`
	case m[2] == "string" || strings.HasPrefix(m[2], "mail."):
		want = "a text in quotes"
	}
	return fmt.Sprintf("it must be %s, not a TOML %s", want, m[1])
}

// keyLines maps each key of a valid document, with array tables numbered, to its line.
func keyLines(data []byte) map[string]int {
	lines := map[string]int{}
	count := map[string]int{}
	prefix := ""
	p := unstable.Parser{KeepComments: false}
	p.Reset(data)
	for p.NextExpression() {
		node := p.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			prefix = ""
			it := node.Key()
			line := 0
			for it.Next() {
				k := it.Node()
				line = p.Shape(k.Raw).Start.Line
				prefix = join(prefix, string(k.Data))
				if it.IsLast() && node.Kind == unstable.ArrayTable {
					count[prefix]++
				}
				if n := count[prefix]; n > 0 {
					prefix = fmt.Sprintf("%s[%d]", prefix, n-1)
				}
			}
			lines[prefix] = line
		case unstable.KeyValue:
			addKey(lines, &p, prefix, node)
		}
	}
	return lines
}

// addKey notes a key and, for an inline table, the keys within.
func addKey(lines map[string]int, p *unstable.Parser, prefix string, node *unstable.Node) {
	key, line := prefix, 0
	for it := node.Key(); it.Next(); {
		key = join(key, string(it.Node().Data))
		line = p.Shape(it.Node().Raw).Start.Line
	}
	lines[key] = line
	if v := node.Value(); v.Kind == unstable.InlineTable {
		for it := v.Children(); it.Next(); {
			addKey(lines, p, key, it.Node())
		}
	}
}

func join(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}
