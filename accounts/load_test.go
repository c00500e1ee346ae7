package accounts

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// example is the file of the command line's documentation.
const example = `[[account]]
name = "office"
email = "office@shomal.example"
display_name = "حسابداری شمال"
[account.incoming]
protocol = "pop3"            # "imap" | "pop3"
host = "127.0.0.1"
port = 995                   # default by protocol and security
security = "tls"             # "tls" | "starttls" | "none" (none needs allow_plaintext = true)
username = "office"
auth = "auto"                # "auto" | "plain" | "login" | "cram-md5" | "scram-sha-256" | "xoauth2" | "oauthbearer"
password_command = ["cat", "secret.txt"]   # or password_env = "NAME"; without either: the system keyring
ca_file = "ca.pem"           # extra trust root for this server
timeout_seconds = 60
[account.pop3]
leave_on_server = true
remove_after_days = 14       # 0: never
remove_when_deleted = false
headers_only_above_kb = 0    # 0: always whole messages
[account.imap]
offline_days = 0             # 0: keep everything offline; n: bodies of the last n days; -1: bodies on demand
delete_model = "trash"       # "trash" | "mark" | "expunge"
[account.outgoing]
host = "127.0.0.1"
port = 465                   # 25 plain or STARTTLS, 465 TLS, 587 STARTTLS
security = "tls"
username = "office"
password_command = ["cat", "secret.txt"]
save_sent = true
`

// load writes a file beside a ca.pem and loads it by a relative path.
func load(t *testing.T, text string) ([]mail.Account, string, error) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(filepath.Dir(dir))
	for name, content := range map[string]string{"accounts.toml": text, "ca.pem": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Load(filepath.Join(filepath.Base(dir), "accounts.toml"))
	return got, dir, err
}

func TestLoadExample(t *testing.T) {
	got, dir, err := load(t, example)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	a := got[0]
	if a.Name != "office" || a.DisplayName != "حسابداری شمال" || a.Protocol != mail.POP3 || a.POP3.RemoveAfterDays != 14 || !a.POP3.LeaveOnServer ||
		!a.Outgoing.SaveSent || !a.Check.AtStart || a.Check.EveryMinutes != 10 || a.Outgoing.Port != 465 {
		t.Errorf("%+v", a)
	}
	// The example's outgoing server is the same host and names no authority of its own.
	if a.Incoming.CAFile != filepath.Join(dir, "ca.pem") || a.Outgoing.CAFile != a.Incoming.CAFile || a.Incoming.CommandDir != dir || a.Outgoing.CommandDir != dir {
		t.Errorf("paths: %+v", a.Incoming)
	}
	if len(a.Identities) != 1 || a.Identities[0].Addr != "office@shomal.example" || a.Identities[0].Name != "حسابداری شمال" {
		t.Errorf("identities: %+v", a.Identities)
	}
}

func TestLoadDefaults(t *testing.T) {
	for _, c := range []struct {
		in        string
		protocol  mail.Protocol
		port, out int
		sec       mail.Security
		outAuth   mail.AuthMethod
		outUser   string
	}{
		{"protocol=\"imap\"\nhost=\"h\"\n[account.outgoing]\nhost=\"h\"", mail.IMAP, 993, 465, mail.SecurityTLS, mail.AuthAuto, "a@b.c"},
		{"protocol=\"pop3\"\nhost=\"h\"\n[account.outgoing]\nhost=\"h\"\nport=587", mail.POP3, 995, 587, mail.SecurityTLS, mail.AuthAuto, "a@b.c"},
		{"protocol=\"pop3\"\nhost=\"h\"\nsecurity=\"starttls\"\n[account.outgoing]\nhost=\"h\"\nsecurity=\"starttls\"", mail.POP3, 110, 587, mail.SecuritySTARTTLS, mail.AuthAuto, "a@b.c"},
		{"host=\"h\"\nport=143\n[account.outgoing]\nhost=\"h\"\nport=25", mail.IMAP, 143, 25, mail.SecuritySTARTTLS, mail.AuthNone, ""},
		{"host=\"h\"\nport=110\nusername=\"u\"\n[account.outgoing]\nhost=\"h\"\nsecurity=\"none\"\nusername=\"x\"", mail.POP3, 110, 25, mail.SecuritySTARTTLS, mail.AuthAuto, "x"},
		{"host=\"h\"\nsecurity=\"none\"\nallow_plaintext=true", mail.IMAP, 143, 465, mail.SecurityNone, mail.AuthAuto, ""},
	} {
		got, _, err := load(t, "[[account]]\nemail=\"a@b.c\"\n[account.incoming]\n"+c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		a := got[0]
		if a.Protocol != c.protocol || a.Incoming.Port != c.port || a.Outgoing.Port != c.out || a.Incoming.Security != c.sec ||
			a.Outgoing.Auth != c.outAuth || a.Outgoing.Username != c.outUser || a.Incoming.TimeoutSeconds != 60 || !a.POP3.LeaveOnServer || a.Name != "a@b.c" {
			t.Errorf("%q: %+v", c.in, a)
		}
	}
	got, _, err := load(t, "[[account]]\nemail=\"a@b.c\"\npop3 = { leave_on_server = false }\ncheck = {at_start = false, every_minutes = 0}\nincoming = { host = \"h\" }\noutgoing = {host = \"h\", save_sent = false}")
	if err != nil || got[0].POP3.LeaveOnServer || got[0].Check.AtStart || got[0].Check.EveryMinutes != 0 || got[0].Outgoing.SaveSent {
		t.Errorf("what is set to false: %+v %v", got, err)
	}
}

func TestLoadMistakes(t *testing.T) {
	head := "[[account]]\nname=\"x\"\nemail=\"a@b.c\"\n[account.incoming]\nhost=\"h\"\n" // 5 lines
	for text, want := range map[string]string{
		head + "prot = 5":                                              "accounts.toml:6: account.incoming.prot: no such setting",
		head + "port = \"995\"":                                        "accounts.toml:6: account.incoming.port: it must be a whole number, without quotes, not a TOML string",
		head + "password_command = \"cat x\"":                          "accounts.toml:6: account.incoming.password_command: it must be a list of words",
		head + "[account.pop3]\nleave_on_server = \"yes\"":             "accounts.toml:7: account.pop3.leave_on_server: it must be true or false",
		head + "auth = 5":                                              "accounts.toml:6: account.incoming.auth: it must be a text in quotes",
		head + "port = 70000":                                          "accounts.toml:6: account[0].incoming.port: 70000 is not between",
		head + "protocol = \"pop\"":                                    "accounts.toml:6: account[0].incoming.protocol: \"pop\" is neither",
		head + "security = \"ssl\"":                                    "accounts.toml:6: account[0].incoming.security: \"ssl\" is none of",
		head + "security = \"none\"":                                   "accounts.toml:6: account[0].incoming.security: without encryption",
		head + "auth = \"md5\"":                                        "accounts.toml:6: account[0].incoming.auth:",
		head + "timeout_seconds = 5":                                   "accounts.toml:6: account[0].incoming.timeout_seconds: 5 is not between 10 and 600",
		head + "ca_file = \"missing.pem\"":                             "accounts.toml:6: account[0].incoming.ca_file: it cannot be read",
		head + "pinned_sha256 = \"12\"":                                "accounts.toml:6: account[0].incoming.pinned_sha256:",
		head + "proxy = \"ftp://x\"":                                   "accounts.toml:6: account[0].incoming.proxy:",
		head + "[account.outgoing]\n":                                  "accounts.toml:6: account[0].outgoing.host: enter the name",
		head + "[account.imap]\noffline_days = -2":                     "accounts.toml:7: account[0].imap.offline_days: -2",
		head + "[account.pop3]\nremove_after_days = -1":                "accounts.toml:7: account[0].pop3.remove_after_days: -1",
		head + "[account.imap]\ndelete_model = \"x\"":                  "accounts.toml:7: account[0].imap.delete_model:",
		head + "[[account.identities]]\nname=\"n\"\nemail=\"not one\"": "accounts.toml:8: account[0].identities[0].email:",
		head + head:                             "accounts.toml:7: account[1].name: two accounts are called \"x\"",
		"[[account]]\nemail = \"nobody\"":       "accounts.toml:2: account[0].email: \"nobody\" is not an address",
		"[[account]]\nemail = \"a@b.c\"":        "accounts.toml:1: account[0].incoming.host: enter the name of the server",
		"[[account]\n":                          "accounts.toml:1:",
		"[[account]]\npassword = \"geheim\"":    "accounts.toml:2: account.password: no such setting",
		"":                                      "there is no [[account]]",
		"[[account]]\nname=\"x\"\nname=\"y\"\n": "accounts.toml:3:",
	} {
		_, _, err := load(t, text)
		var fe *FileError
		if err == nil || !errors.As(err, &fe) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.toml")); err == nil || !strings.Contains(err.Error(), "none.toml") {
		t.Error(err)
	}
}

func TestValidateNamesEveryField(t *testing.T) {
	a := New("ali@example.com", mail.IMAP)
	a.Incoming.Host, a.Outgoing.Host = "two words", "mail.example.com"
	a.Incoming.Port, a.Outgoing.Username = 0, "a\nb"
	a.DisplayName = "x\r\nBcc: y"
	var fields FieldErrors
	if err := Validate(a); !errors.As(err, &fields) {
		t.Fatal(err)
	}
	for _, f := range []string{"incoming.host", "incoming.port", "outgoing.username", "display_name"} {
		if fields.For(f) == "" {
			t.Errorf("%s is not named in %v", f, fields)
		}
	}
	if fields.For("name") != "" {
		t.Errorf("%v", fields)
	}
	a = New("ali@example.com", mail.POP3)
	a.Incoming.Host = "mail.example.com"
	if err := Validate(Defaults(a)); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(example)
	f.Add("[[account]]\nincoming = {host=\"h\"}")
	f.Add("account = [{email='a@b'}]")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parse([]byte(text), "f.toml", t.TempDir())
		if err == nil {
			for _, a := range got {
				if Validate(a) != nil {
					t.Error("an invalid account was loaded")
				}
			}
		}
		_ = fmt.Sprint(err)
	})
}
