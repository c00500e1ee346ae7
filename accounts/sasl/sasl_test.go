package sasl

import (
	"slices"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

func TestChoose(t *testing.T) {
	all := []string{"plain", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"}
	for _, c := range []struct {
		name             string
		method           mail.AuthMethod
		offered          []string
		encrypted, allow bool
		want             string // the mechanism, or the kind of the problem
	}{
		{"auto over TLS", "", all, true, false, "PLAIN"},
		{"auto without TLS never shows the password", mail.AuthAuto, all, false, false, "SCRAM-SHA-256"},
		{"not even when allowed, if there is a better way", mail.AuthAuto, all, false, true, "SCRAM-SHA-256"},
		{"nothing but plaintext without TLS", mail.AuthAuto, []string{"PLAIN", "LOGIN"}, false, false, "plaintext"},
		{"the same, allowed", mail.AuthAuto, []string{"PLAIN", "LOGIN"}, false, true, "PLAIN"},
		{"chosen plain without TLS", mail.AuthPlain, all, false, false, "plaintext"},
		{"chosen token without TLS", mail.AuthXOAUTH2, all, false, false, "plaintext"},
		{"chosen and allowed", mail.AuthLogin, all, false, true, "LOGIN"},
		{"chosen and missing", mail.AuthCRAMMD5, []string{"PLAIN"}, true, false, "config"},
		{"auto with tokens only", mail.AuthAuto, []string{"XOAUTH2"}, true, false, "config"},
		{"nothing offered", mail.AuthAuto, nil, true, false, "config"},
		{"token", mail.AuthOAuthBearer, all, true, false, "OAUTHBEARER"},
	} {
		_, got, err := Choose(Login{Method: c.method, Username: "ali", Password: "geheim", Offered: c.offered, Encrypted: c.encrypted, AllowPlaintext: c.allow})
		if err != nil {
			got = string(remote.As(err).Kind)
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("%s: the error shows the password", c.name)
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s (%v)", c.name, got, c.want, err)
		}
	}
}

// A server names its mechanisms itself: what is no name of one reaches nobody's terminal.
func TestWhatIsNoNameIsNotSaid(t *testing.T) {
	for _, method := range []mail.AuthMethod{mail.AuthAuto, mail.AuthCRAMMD5} {
		offered := []string{"\x1b]0;EVIL\a\u202ePLAIN", "\x1b[2J", "", strings.Repeat("A", 21), "gssapi"}
		for range 1000 {
			offered = append(offered, "X-ODD_1")
		}
		_, _, err := Choose(Login{Method: method, Username: "ali", Password: "x", Encrypted: true, Offered: offered})
		if err == nil {
			t.Fatalf("%s: nothing fits, and no error came", method)
		}
		if s := err.Error(); strings.ContainsAny(s, "\x1b\a\u202e") || strings.Contains(s, "AAA") || !strings.Contains(s, "GSSAPI, X-ODD_1") || len(s) > 500 {
			t.Errorf("%s: %q", method, s)
		}
	}
	_, _, err := Choose(Login{Username: "ali", Password: "x", Encrypted: true, Offered: []string{"\x1b[2J"}})
	if err == nil || !strings.Contains(err.Error(), "no way to log in") {
		t.Errorf("without any name: %v", err)
	}
}

func TestInjectionRefused(t *testing.T) {
	for _, method := range []mail.AuthMethod{mail.AuthPlain, mail.AuthLogin, mail.AuthXOAUTH2} {
		_, _, err := Choose(Login{Method: method, Username: "ali\x00root", Password: "x", Encrypted: true, Offered: []string{"PLAIN", "LOGIN", "XOAUTH2"}})
		if e := remote.As(err); e == nil || e.Kind != mail.ProblemAuth {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// TestExchanges holds the examples of the RFCs.
func TestExchanges(t *testing.T) {
	cram := &cram{user: "tim", password: "tanstaaftanstaaf"}
	got, err := cram.Next([]byte("<1896.697170952@postoffice.reston.mci.net>")) // RFC 2195 §2
	if err != nil || string(got) != "tim b913a602c7eda7a495b4e6e7334d3890" {
		t.Errorf("CRAM-MD5 answers %q %v", got, err)
	}
	bearer, _ := newOAuthBearer(Login{Username: "user@example.com", Password: "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==", Host: "server.example.com", Port: 143})
	_, first, _ := bearer.Start() // RFC 7628 §4.1
	if string(first) != "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01" {
		t.Errorf("OAUTHBEARER begins %q", first)
	}
	if got, err := bearer.Next([]byte(`{"status":"invalid_token"}`)); err != nil || string(got) != "\x01" {
		t.Errorf("OAUTHBEARER dismisses with %q %v", got, err)
	}
	if _, err := bearer.Next(nil); err == nil {
		t.Error("OAUTHBEARER goes on for ever")
	}
	l := &login{user: "u", password: "p"}
	var answers []string
	for _, prompt := range []string{"Benutzername", "Kennwort"} {
		a, err := l.Next([]byte(prompt))
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, string(a))
	}
	if !slices.Equal(answers, []string{"u", "p"}) {
		t.Errorf("LOGIN answers %q", answers)
	}
}

// TestSCRAM logs in to a server of the library, and does not believe a server that skips its proof.
func TestSCRAM(t *testing.T) {
	user, err := scram.SHA256.NewClient("ali", "geheim", "")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := user.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt", Iters: 4096})
	if err != nil {
		t.Fatal(err)
	}
	server, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) { return stored, nil })
	if err != nil {
		t.Fatal(err)
	}
	c, name, err := Choose(Login{Method: mail.AuthSCRAMSHA256, Username: "ali", Password: "geheim", Offered: []string{"SCRAM-SHA-256"}})
	if err != nil || name != "SCRAM-SHA-256" {
		t.Fatal(name, err)
	}
	_, msg, err := c.Start()
	conv := server.NewConversation()
	for range 2 {
		if err != nil {
			t.Fatal(err)
		}
		if Finish(c) == nil {
			t.Fatal("a server without a proof was believed")
		}
		var challenge string
		if challenge, err = conv.Step(string(msg)); err != nil {
			t.Fatal(err)
		}
		msg, err = c.Next([]byte(challenge))
	}
	if err != nil || len(msg) != 0 || Finish(c) != nil || !conv.Valid() {
		t.Errorf("the end: %q %v %v", msg, err, Finish(c))
	}

	c, _, _ = Choose(Login{Method: mail.AuthSCRAMSHA256, Username: "ali", Password: "geheim", Offered: []string{"SCRAM-SHA-256"}})
	_, msg, _ = c.Start()
	nonce := string(msg[strings.Index(string(msg), "r=")+2:])
	if _, err := c.Next([]byte("r=" + nonce + "x,s=c2FsdA==,i=2000000000")); err == nil {
		t.Error("two thousand million rounds were done")
	}
}
