package mailbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"peyk/internal/mail"
)

// maildirFlags are the letters of a Maildir file name (cr.yp.to/proto/maildir.html) and what they mean here.
var maildirFlags = []struct {
	letter byte
	flag   mail.Flag
}{{'D', mail.FlagDraft}, {'F', mail.FlagFlagged}, {'P', mail.FlagForwarded}, {'R', mail.FlagAnswered}, {'S', mail.FlagSeen}, {'T', mail.FlagDeleted}}

// isMaildir tells whether dir has the folders of a Maildir; Thunderbird's have no "new".
func isMaildir(dir string) bool {
	for _, s := range []string{"cur", "tmp"} {
		if st, err := os.Stat(filepath.Join(dir, s)); err != nil || !st.IsDir() {
			return false
		}
	}
	return true
}

// flagsOfName reads the flags of a file name; files under new/ have none.
func flagsOfName(name string) mail.Flags {
	info := maildirLetters(name)
	var out mail.Flags
	for _, f := range maildirFlags {
		if strings.IndexByte(info, f.letter) >= 0 {
			out = append(out, f.flag)
		}
	}
	return out
}

// maildirLetters is what stands after ":2," in a file's name; ";" and "!" serve for ":" on file systems that know none.
func maildirLetters(name string) string {
	i := strings.LastIndex(name, "2,")
	if i <= 0 || strings.IndexByte(":;!", name[i-1]) < 0 {
		return ""
	}
	return name[i+2:]
}

// keywordNames are the keywords of a Maildir that the letters a to z in file names stand for.
type keywordNames [26]mail.Flag

// maildirTagsFile says what the letters of tags stand for: "0 $label1", a line a letter.
const maildirTagsFile = "dovecot-keywords"

// maildirTags reads that file, which need not be there.
func maildirTags(ctx context.Context, dir string) (names keywordNames, err error) {
	f, err := openFile(ctx, filepath.Join(dir, maildirTagsFile))
	if errors.Is(err, os.ErrNotExist) {
		return names, nil
	}
	if err != nil {
		return names, err
	}
	defer f.Close()
	sc := bufio.NewScanner(io.LimitReader(f, 1<<20))
	for sc.Scan() {
		num, name, _ := strings.Cut(sc.Text(), " ")
		if n, err := strconv.Atoi(num); err == nil && n >= 0 && n < len(names) {
			names[n] = mail.Flag(strings.TrimSpace(name))
		}
	}
	return names, sc.Err()
}

// of gives the keywords of a file.
func (k *keywordNames) of(name string) (out mail.Flags) {
	for _, c := range maildirLetters(name) {
		if c >= 'a' && c <= 'z' {
			out = out.With(k[c-'a'])
		}
	}
	return out
}

// maildirFiles lists the messages of a Maildir, those of new/ too, in the order of delivery as far as names tell.
func maildirFiles(dir string) ([]string, error) {
	var out []string
	for _, s := range []string{"cur", "new"} {
		list, err := os.ReadDir(filepath.Join(dir, s))
		if s == "new" && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("maildir: %w", err)
		}
		for _, e := range list {
			if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
				out = append(out, filepath.Join(dir, s, e.Name()))
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return filepath.Base(out[i]) < filepath.Base(out[j]) })
	return out, nil
}

// MaildirWriter writes messages into a Maildir, for one goroutine at a time. Their tags have letters too, for which Dovecot has a file beside.
type MaildirWriter struct {
	dir   string
	tags  keywordNames
	there map[string]bool // names of files, without flags
}

// NewMaildirWriter makes a Maildir; one that exists is gone on with.
func NewMaildirWriter(ctx context.Context, dir string) (*MaildirWriter, error) {
	for _, s := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(dir, s), 0o700); err != nil {
			return nil, fmt.Errorf("maildir: %w", err)
		}
	}
	tags, err := maildirTags(ctx, dir)
	if err != nil {
		return nil, err
	}
	files, err := maildirFiles(dir)
	there := map[string]bool{}
	for _, f := range files {
		there[maildirUnique(f)] = true
	}
	return &MaildirWriter{dir, tags, there}, err
}

// info is the suffix for flags; the letters stand in ASCII order. There are letters for the first 26 tags.
func (w *MaildirWriter) info(flags mail.Flags) (string, error) {
	s := ":2,"
	if os.PathSeparator == '\\' {
		s = ";2,"
	}
	for _, f := range maildirFlags {
		if flags.Has(f.flag) {
			s += string(f.letter)
		}
	}
	fresh := false
	for _, f := range flags {
		if f == "" || strings.HasPrefix(string(f), "\\") || f == mail.FlagForwarded || slices.Contains(w.tags[:], f) {
			continue
		}
		if i := slices.Index(w.tags[:], ""); i >= 0 {
			w.tags[i], fresh = f, true
		}
	}
	for i, f := range w.tags {
		if f != "" && flags.Has(f) {
			s += string(rune('a' + i))
		}
	}
	if !fresh {
		return s, nil
	}
	return s, w.keepTags()
}

// keepTags writes the file that says what the letters of tags stand for, before one is used.
func (w *MaildirWriter) keepTags() error {
	var b strings.Builder
	for i, f := range w.tags {
		if f != "" {
			fmt.Fprintf(&b, "%d %s\n", i, f)
		}
	}
	path := filepath.Join(w.dir, maildirTagsFile)
	if err := os.WriteFile(path+".tmp", []byte(b.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

// Write delivers one message: written and synced under tmp, then renamed into cur (with flags), so that a reader
// never sees half a message. unique is a part of the file's name, t becomes the file's time. It returns the path and the number of
// bytes. A message that is there under that name and time is an error (fs.ErrExist).
func (w *MaildirWriter) Write(unique string, flags mail.Flags, t time.Time, r io.Reader) (path string, n int64, err error) {
	if t.IsZero() {
		t = time.Now()
	}
	// No host name: the file may travel.
	name := fmt.Sprintf("%d.%s.peyk", t.Unix(), unique)
	if w.there[name] {
		return "", 0, fmt.Errorf("maildir: %s in %s: %w", name, w.dir, os.ErrExist)
	}
	info, err := w.info(flags)
	if err != nil {
		return "", 0, fmt.Errorf("maildir: keeping the tags of %s: %w", w.dir, err)
	}
	tmp := filepath.Join(w.dir, "tmp", name)
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // one that is there was left by a crash
	if err != nil {
		return "", 0, fmt.Errorf("maildir: %w", err)
	}
	n, err = io.Copy(f, r)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Chtimes(tmp, t, t)
	}
	path = filepath.Join(w.dir, "cur", name+info)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp)
		return "", n, fmt.Errorf("maildir: writing %s: %w", tmp, err)
	}
	w.there[name] = true
	return path, n, nil
}
