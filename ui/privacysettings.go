package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// remoteChoice is the setting of remote images: whether they wait to be asked for, and for which senders they do not.
func remoteChoice(e *env, p model.Prefs, set func(func(p *model.Prefs))) fyne.CanvasObject {
	choice := kit.NewSelect([]string{lang.T("settings.remote.ask"), lang.T("settings.remote.always")}, func(i int) {
		set(func(p *model.Prefs) { p.RemoteImages = i == 1 })
	})
	choice.Choose(pick(p.RemoteImages, 1, 0))
	list := kit.NewLinkText(lang.T("settings.senders"), kit.AccentText, func() { showSenders(e) })
	return kit.VBox(6, choice, kit.Start(list))
}

// senderList is the dialog of the senders whose remote images are loaded.
type senderList struct {
	env    *env
	box    *fyne.Container
	dialog *kit.Dialog
}

func showSenders(e *env) *senderList {
	s := &senderList{env: e, box: kit.VBox(2)}
	s.dialog = &kit.Dialog{Title: lang.T("senders.title"), Width: 460, Height: 380, Content: kit.NewScroll(s.box), Buttons: []kit.DialogButton{
		{Text: lang.T("senders.forget"), Kind: kit.Plain, Stay: true, Do: s.forget},
		{Text: lang.T("kit.close"), Kind: kit.Primary},
	}}
	s.dialog.Show(e.win)
	s.read()
	return s
}

func (s *senderList) read() {
	s.env.loop.Go(func(ctx context.Context) func() {
		rules, err := s.env.store.SenderRules(ctx)
		return func() {
			if err != nil {
				s.env.fail(lang.T("fail.settings"), err)
				return
			}
			s.fill(rules)
		}
	})
}

func (s *senderList) fill(rules []mail.SenderRule) {
	s.box.RemoveAll()
	if len(rules) == 0 {
		s.box.Add(kit.NewLabel(lang.T("senders.none"), kit.Muted).Wrapped())
	}
	for _, r := range rules {
		name := model.VisibleName(r.Addr)
		words := kit.VBox(1, kit.NewLabel(name, kit.Body).Directed(kit.DirLTR).Ellipsized(), kit.NewLabel(lang.T(pick(r.Verified, "senders.proven", "senders.any")), kit.Meta))
		remove := kit.NewIconButton(icons.Trash2, lang.T("senders.remove", name), func() { s.remove(r.Addr) }).Tinted(theme.Muted)
		s.box.Add(kit.PadXY(0, 4, kit.HBox(8, kit.Grow(words), remove)))
	}
	s.box.Refresh()
	s.dialog.Relayout()
}

func (s *senderList) remove(addr string) {
	s.env.loop.Serial(func(ctx context.Context) func() {
		err := s.env.engine.ForbidSender(ctx, addr)
		return func() {
			if err != nil {
				s.env.fail(lang.T("fail.settings"), err)
			}
			s.read()
		}
	})
}

func (s *senderList) forget() {
	s.env.loop.Serial(func(ctx context.Context) func() {
		err := s.env.engine.ForgetRemoteImages(ctx)
		return func() {
			if err != nil {
				s.env.fail(lang.T("fail.settings"), err)
				return
			}
			kit.ShowToast(s.env.win, lang.T("senders.forgotten"), toastTime)
		}
	})
}
