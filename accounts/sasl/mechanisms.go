package sasl

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"
)

// login answers the two prompts of LOGIN. Servers word them as they like, so the order counts unless the words are clear.
type login struct {
	user, password string
	asked          int
}

func newLogin(l Login) (Client, error) { return &login{user: l.Username, password: l.Password}, nil }

// Start sends no initial response: not every server takes one with LOGIN.
func (c *login) Start() (string, []byte, error) { return "LOGIN", nil, nil }

func (c *login) Next(challenge []byte) ([]byte, error) {
	c.asked++
	prompt := strings.ToLower(string(challenge))
	switch {
	case c.asked > 2:
		return nil, errors.New("the server asks again and again")
	case strings.HasPrefix(prompt, "pass"), c.asked == 2:
		return []byte(c.password), nil
	}
	return []byte(c.user), nil
}

// cram is CRAM-MD5.
type cram struct {
	user, password string
	done           bool
}

func newCRAM(l Login) (Client, error) { return &cram{user: l.Username, password: l.Password}, nil }

func (c *cram) Start() (string, []byte, error) { return "CRAM-MD5", nil, nil }

func (c *cram) Next(challenge []byte) ([]byte, error) {
	if c.done {
		return nil, errors.New("the server asks again and again")
	}
	c.done = true
	mac := hmac.New(md5.New, []byte(c.password))
	mac.Write(challenge)
	return []byte(c.user + " " + hex.EncodeToString(mac.Sum(nil))), nil
}

// maxIterations bounds the work a server can demand for SCRAM: about a second.
const maxIterations = 2_000_000

// scramClient is SCRAM-SHA-256 without channel binding.
type scramClient struct{ conv *scram.ClientConversation }

func newSCRAM(l Login) (Client, error) {
	c, err := scram.SHA256.NewClient(l.Username, l.Password, "")
	if err != nil {
		// SASLprep forbids some characters that servers, in practice, have in their passwords.
		if c, err = scram.SHA256.NewClientUnprepped(l.Username, l.Password, ""); err != nil {
			return nil, errors.New("the user name or the password cannot be used with SCRAM")
		}
	}
	return &scramClient{c.WithMinIterations(4096).NewConversation()}, nil
}

func (c *scramClient) Start() (string, []byte, error) {
	first, err := c.conv.Step("")
	return "SCRAM-SHA-256", []byte(first), err
}

func (c *scramClient) Next(challenge []byte) ([]byte, error) {
	for _, attr := range strings.Split(string(challenge), ",") {
		if n, ok := strings.CutPrefix(attr, "i="); ok {
			if i, err := strconv.Atoi(n); err != nil || i > maxIterations {
				return nil, fmt.Errorf("the server demands %.20q rounds of SCRAM", n)
			}
		}
	}
	if c.conv.Done() {
		return nil, errors.New("the server asks again and again")
	}
	resp, err := c.conv.Step(string(challenge))
	if err != nil {
		return nil, err
	}
	return []byte(resp), nil
}

func (c *scramClient) verified() error {
	if !c.conv.Valid() {
		return errors.New("the server did not prove that it knows the password, so it is not the right one")
	}
	return nil
}

// token is XOAUTH2 or OAUTHBEARER: one message; when it is refused the server explains in a challenge that wants an
// empty answer before the refusal proper.
type token struct {
	name    string
	first   string
	dismiss []byte
	asked   bool
}

func newXOAUTH2(l Login) (Client, error) {
	return &token{name: "XOAUTH2", first: "user=" + l.Username + "\x01auth=Bearer " + l.Password + "\x01\x01", dismiss: []byte{}}, nil
}

func newOAuthBearer(l Login) (Client, error) {
	// The name in the GS2 header escapes "," and "=" (RFC 5801 §4).
	name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(l.Username)
	first := "n,a=" + name + ","
	if l.Host != "" {
		first += "\x01host=" + l.Host
	}
	if l.Port != 0 {
		first += "\x01port=" + strconv.Itoa(l.Port)
	}
	return &token{name: "OAUTHBEARER", first: first + "\x01auth=Bearer " + l.Password + "\x01\x01", dismiss: []byte{1}}, nil
}

func (c *token) Start() (string, []byte, error) { return c.name, []byte(c.first), nil }

func (c *token) Next([]byte) ([]byte, error) {
	if c.asked {
		return nil, errors.New("the server asks again and again")
	}
	c.asked = true
	return c.dismiss, nil
}
