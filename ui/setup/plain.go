package setup

import (
	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// unprotected is the first server that a password would be sent to unencrypted without anybody having said that it may.
func unprotected(a mail.Account) (side mail.ServerSide, host string, yes bool) {
	open := func(s mail.Server) bool {
		return s.Security == mail.SecurityNone && s.Auth != mail.AuthNone && !s.AllowPlaintext
	}
	switch {
	case open(a.Incoming):
		return mail.SideIncoming, a.Incoming.Host, true
	case a.Outgoing.Host != "" && open(a.Outgoing.Server):
		return mail.SideOutgoing, a.Outgoing.Host, true
	}
	return "", "", false
}

func hostOf(a mail.Account, side mail.ServerSide) string {
	if side == mail.SideOutgoing {
		return a.Outgoing.Host
	}
	return a.Incoming.Host
}

// askPlain asks whether the password may be sent unencrypted; then goes on once it may.
func (f *Settings) askPlain(side mail.ServerSide, host string, then func()) {
	kit.Confirm(f.win, lang.T("setup.plain.title"), lang.T("setup.plain.text", host), lang.T("setup.plain.ok"), true, func() {
		f.plain[side].Set(true)
		then()
	})
}
