package mailbox

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"peyk/internal/message"
)

// Thunderbird keeps its profiles in one folder, each with the settings in prefs.js, and the mail of each account in a folder that those
// settings name: Mail/… for POP3 and what is local, ImapMail/… for IMAP.

// ThunderbirdFolders are the places of this computer where Thunderbird keeps its profiles, those that are there.
func ThunderbirdFolders() []string {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	return thunderbirdFolders(home, runtime.GOOS, os.Getenv("APPDATA"))
}

func thunderbirdFolders(home, system, appData string) (out []string) {
	places := []string{".thunderbird", "snap/thunderbird/common/.thunderbird", ".var/app/org.mozilla.Thunderbird/.thunderbird", ".icedove"}
	switch system {
	case "windows":
		home, places = appData, []string{"Thunderbird"}
	case "darwin":
		places = []string{"Library/Thunderbird"}
	}
	if home == "" {
		return nil
	}
	for _, p := range places {
		dir := filepath.Join(home, filepath.FromSlash(p))
		if st, err := os.Stat(filepath.Join(dir, "profiles.ini")); err == nil && st.Mode().IsRegular() {
			out = append(out, dir)
		}
	}
	return out
}

// prefsFile has the settings of a profile.
const prefsFile = "prefs.js"

// tbAccount is where a profile keeps the mail of one account.
type tbAccount struct {
	dir  string
	name string
	imap bool // its folders are named in modified UTF-7
}

// tbServer is what the settings say of it.
type tbServer struct{ rel, dir, name, host, kind string }

// maxPrefs bounds what is read of the settings; they have tens of thousands of bytes.
const maxPrefs = 8 << 20

// thunderbirdAccounts reads the accounts of a profile; none where the settings cannot be read: then the folders are called by their paths.
func thunderbirdAccounts(ctx context.Context, profile string) (out []tbAccount) {
	taken := map[string]bool{}
	for _, s := range thunderbirdServers(ctx, profile) {
		a, ok := s.account(profile)
		for n, name := 2, a.name; ok && taken[a.name]; n++ {
			a.name = name + " " + strconv.Itoa(n)
		}
		if ok {
			taken[a.name] = true
			out = append(out, a)
		}
	}
	return out
}

// thunderbirdServers are those of the settings, in the order in which they are set.
func thunderbirdServers(ctx context.Context, profile string) (out []*tbServer) {
	f, err := openFile(ctx, filepath.Join(profile, prefsFile))
	if err != nil {
		return nil
	}
	defer f.Close()
	servers := map[string]*tbServer{}
	sc := bufio.NewScanner(io.LimitReader(f, maxPrefs))
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		key, value, ok := userPref(sc.Text())
		id, field, _ := strings.Cut(strings.TrimPrefix(key, "mail.server."), ".")
		if !ok || !strings.HasPrefix(key, "mail.server.") {
			continue
		}
		s := servers[id]
		if s == nil {
			s = &tbServer{}
			servers[id], out = s, append(out, s)
		}
		switch field {
		case "directory-rel":
			s.rel = value
		case "directory":
			s.dir = value
		case "name":
			s.name = value
		case "hostname":
			s.host = value
		case "type":
			s.kind = value
		}
	}
	return out // of a file that cannot be read on, what there was
}

func (s *tbServer) account(profile string) (tbAccount, bool) {
	a := tbAccount{name: s.name, imap: s.kind == "imap"}
	if rel, ok := strings.CutPrefix(s.rel, "[ProfD]"); ok {
		a.dir = filepath.Join(profile, filepath.FromSlash(rel))
	} else {
		a.dir = filepath.Clean(s.dir)
	}
	if a.name == "" {
		a.name = s.host
	}
	a.name = strings.Trim(strings.ReplaceAll(shown(a.name), "/", "_"), " .")
	return a, filepath.IsAbs(a.dir) && a.name != ""
}

// userPref reads a line of the settings that sets a text: user_pref("key", "value");
func userPref(line string) (key, value string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "user_pref(")
	if !ok {
		return "", "", false
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(strings.TrimSpace(rest[len(quoted):]), ",")
	if !ok {
		return "", "", false
	}
	text, err := strconv.QuotedPrefix(strings.TrimSpace(rest))
	if err != nil { // a number, or true
		return "", "", false
	}
	if key, err = strconv.Unquote(quoted); err == nil {
		value, err = strconv.Unquote(text)
	}
	return key, value, err == nil
}

// byAccount calls the folders of what was found under root, where the links of the folder lead, by the accounts that it belongs to, as Thunderbird shows them,
// instead of by their paths; where there are several profiles, by these, too.
func (v *discovery) byAccount(root string, profiles []string, found []source) {
	for _, profile := range profiles {
		prefix := ""
		if len(profiles) > 1 {
			prefix = shown(filepath.Base(profile)) + "/"
		}
		for _, a := range thunderbirdAccounts(v.ctx, profile) {
			rel, err := filepath.Rel(root, a.dir)
			if err != nil {
				continue
			}
			above := v.folderName(rel) + "/"
			for i := range found {
				below, ok := strings.CutPrefix(found[i].folder, above)
				if !ok || !strings.HasPrefix(found[i].path, a.dir+string(filepath.Separator)) {
					continue
				}
				if a.imap {
					below = decodedLevels(below)
				}
				found[i].folder = prefix + a.name + "/" + below
			}
		}
	}
}

// decodedLevels reads modified UTF-7 in each level of a name.
func decodedLevels(name string) string {
	levels := strings.Split(name, "/")
	for i, l := range levels {
		levels[i] = shown(strings.ReplaceAll(message.FolderName(l), "/", "_"))
	}
	return strings.Join(levels, "/")
}
