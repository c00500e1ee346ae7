package message

import "testing"

func TestParsesSimple(t *testing.T) {
	m := ParseBytes([]byte("From: A <a@b.c>\r\nSubject: =?utf-8?q?h=C3=A9?=\r\n\r\nhello\r\n"))
	if m.Subject() != "hé" || m.Text() != "hello" {
		t.Errorf("got %q %q", m.Subject(), m.Text())
	}
}
