package setup

import (
	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// elsewhere reports whether a stored account is to get its mail from another server, or as somebody else.
func (f *Settings) elsewhere(a mail.Account) bool {
	was := f.account
	return was.ID != 0 && was.Incoming.Host != "" && !was.Incoming.SameMailbox(a.Incoming)
}

// askElsewhere says what that means for the mail that is here, when there is any, and goes on if it is meant.
func (f *Settings) askElsewhere(a mail.Account, then func()) {
	f.opt.Loop.Go(foldersWork(f.opt.Folders, a.ID, func(list []mail.Folder, err error) {
		if err != nil {
			f.tell(lang.T("setup.save.failed", lang.ErrorWords(err)))
			return
		}
		n := 0
		for _, x := range list {
			if !x.Local || a.Protocol == mail.POP3 {
				n += x.Total
			}
		}
		if n == 0 {
			then()
			return
		}
		text := lang.N("setup.elsewhere."+string(a.Protocol), n, mailboxName(f.account.Incoming), mailboxName(a.Incoming))
		kit.Confirm(f.win, lang.T("setup.elsewhere.title"), text, lang.T("setup.elsewhere.ok"), a.Protocol == mail.IMAP, then)
	}))
}

// mailboxName names a mailbox by its user and server.
func mailboxName(s mail.Server) string { return s.Username + " (" + s.Host + ")" }
