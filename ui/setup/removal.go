package setup

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// local is all there is to say about a place for mail on this computer: it has no servers, nor anybody who writes with it.
func (f *Settings) local() fyne.CanvasObject {
	return kit.VBox(22, section("place.local", hint("setup.local.about")), f.removal("setup.remove.hint.local"))
}

// removal offers to remove the account.
func (f *Settings) removal(about string) fyne.CanvasObject {
	words := "setup.remove"
	if f.account.Local() {
		words = "setup.remove.local"
	}
	remove := kit.NewButton(kit.Danger, lang.T(words), icons.Trash2, f.remove)
	return section("setup.general.remove", hint(about), kit.Start(remove))
}

// remove asks before it removes the account, with what is nowhere else and would be lost.
func (f *Settings) remove() {
	f.opt.Loop.Go(onlyHereWork(f.opt.Folders, f.account.ID, func(o mail.OnlyHere, err error) {
		if err != nil {
			f.tell(lang.T("setup.remove.failed", lang.ErrorWords(err)))
			return
		}
		name := f.name()
		kit.Confirm(f.win, lang.T("setup.remove.title", name), removalWords(f.account, name, o), lang.T("setup.remove.ok"), true, func() {
			f.opt.Loop.Go(removeWork(f.opt.Engine, f.account.ID, func(err error) {
				if err != nil {
					f.tell(lang.T("setup.remove.failed", lang.ErrorWords(err)))
					return
				}
				f.close()
				if f.opt.Removed != nil {
					f.opt.Removed()
				}
			}))
		})
	}))
}

// removalWords say what becomes of the mail of an account that is removed, and how much of it is nowhere else.
func removalWords(a mail.Account, name string, o mail.OnlyHere) string {
	id := "setup.remove.text." + string(a.Protocol)
	if a.Local() {
		id = "setup.remove.text.local"
	}
	var lost []string
	for _, x := range []struct {
		id string
		n  int
	}{{"setup.remove.lost.waiting", o.Waiting}, {"setup.remove.lost.drafts", o.Drafts}, {"setup.remove.lost.messages", o.Messages}, {"setup.remove.lost.changes", o.Changes}} {
		if x.n > 0 {
			lost = append(lost, "• "+lang.N(x.id, x.n))
		}
	}
	text := lang.T(id, name)
	if len(lost) > 0 {
		text += "\n\n" + lang.T("setup.remove.lost") + "\n" + strings.Join(lost, "\n")
	}
	return text
}

func onlyHereWork(f Folders, id mail.AccountID, then func(mail.OnlyHere, error)) work {
	return func(ctx context.Context) func() {
		o, err := f.OnlyHere(ctx, id)
		return func() { then(o, err) }
	}
}
