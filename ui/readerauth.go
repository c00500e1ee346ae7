package ui

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// authLines are the part of a message's details that says what is known about where it comes from, and from whom that is known.
type authLines struct {
	m    *messageView
	auth model.Authentication
	box  *fyne.Container
	busy bool
}

func newAuthLines(m *messageView) *authLines { return &authLines{m: m, box: kit.VBox(4)} }

// Show fills the lines.
func (a *authLines) Show(auth model.Authentication) {
	a.auth = auth
	a.box.RemoveAll()
	c := a.m.content
	if len(c.Row.From) == 0 || c.Partial {
		return
	}
	domain := model.VisibleName(model.Domain(c.Row.From[0].Addr))
	icon, tint, words := icons.ShieldAlert, theme.Muted, lang.T("auth.none", domain)
	switch auth.Verdict {
	case model.AuthPass:
		icon, tint, words = icons.BadgeCheck, theme.Accent, lang.T("auth.pass", domain)
	case model.AuthFail:
		icon, tint, words = icons.ShieldAlert, theme.Danger, lang.T("auth.fail", domain)
	}
	a.line("auth.origin", kit.HBoxTop(6, kit.NewIcon(icon, tint, theme.IconSmall), kit.Grow(kit.NewLabel(words, kit.Meta.With(pick(tint == theme.Accent, theme.FG, tint))).Wrapped().Selectable())))
	if auth.Server != "" {
		a.line("auth.server", kit.NewLabel(lang.T("auth.by", model.VisibleName(auth.Server), methodWords(auth.Methods)), kit.Meta).Directed(kit.DirLTR).Wrapped().Selectable())
	}
	for _, s := range auth.Checks {
		words := lang.T("auth.check.ok", model.VisibleName(s.Domain))
		if !s.OK {
			words = lang.T("auth.check.bad", model.VisibleName(s.Domain))
		}
		a.line("auth.here", kit.WithTip(kit.NewLabel(words, kit.Meta).Wrapped().Selectable(), s.Reason))
	}
	if auth.Checks != nil && len(auth.Checks) == 0 {
		a.line("auth.here", kit.NewLabel(lang.T("auth.check.nothing"), kit.Meta).Wrapped())
	}
	if kind := signatureKind(c.Attachments); kind != "" {
		a.line("auth.signed", kit.NewLabel(lang.T("auth.signed.unchecked", kind), kit.Meta).Wrapped())
	}
	if auth.Checks == nil && !a.m.pane.inside && signedByServer(c.Headers) {
		a.box.Add(kit.Pad(0, 0, 0, 98, kit.VBox(2, kit.Start(kit.NewLinkText(lang.T(pick(a.busy, "auth.checking", "auth.check")), kit.Meta.With(theme.Accent), a.check)),
			kit.NewLabel(lang.T("auth.check.why"), kit.Meta).Wrapped())))
	}
}

func (a *authLines) line(label string, value fyne.CanvasObject) {
	a.box.Add(kit.HBoxTop(8, kit.Fixed(90, 0, kit.NewLabel(lang.T(label), kit.MetaStrong)), kit.Grow(value)))
}

// maxMethodWords is how many findings of a server are listed.
const maxMethodWords = 8

// methodWords lists findings as their names are: "DMARC pass (example.org), DKIM pass (example.org)".
func methodWords(ms []model.AuthMethod) string {
	var out []string
	for _, m := range ms {
		if len(out) == maxMethodWords {
			break
		}
		w := strings.ToUpper(model.VisibleName(m.Name)) + " " + model.VisibleName(m.Result)
		if m.Domain != "" {
			w += " (" + model.VisibleName(m.Domain) + ")"
		}
		out = append(out, w)
	}
	if len(out) == 0 {
		return lang.T("auth.nothing")
	}
	return strings.Join(out, lang.T("rule.comma"))
}

func signedByServer(hs []mail.HeaderField) bool {
	for _, h := range hs {
		if strings.EqualFold(h.Name, "DKIM-Signature") {
			return true
		}
	}
	return false
}

// signatureKind names the kind of a signature by the sender's own key, which is not checked; "" when there is none.
func signatureKind(as []mail.Attachment) string {
	for _, a := range as {
		switch a.ContentType {
		case "application/pgp-signature":
			return "OpenPGP"
		case "application/pkcs7-signature", "application/x-pkcs7-signature":
			return "S/MIME"
		}
	}
	return ""
}

// check checks the signatures of the sender's server on this computer.
func (a *authLines) check() {
	if a.busy {
		return
	}
	m, gen, id := a.m, a.m.gen, a.m.row.ID
	a.busy = true
	a.Show(a.auth)
	m.pane.relayout()
	m.env.loop.Go(func(ctx context.Context) func() {
		_, err := m.env.engine.CheckSignature(ctx, id)
		return func() {
			a.busy = false
			if gen != m.gen {
				return
			}
			if err != nil {
				a.Show(a.auth)
				m.pane.relayout()
				if !errors.Is(err, context.Canceled) {
					m.env.fail(lang.T("fail.check"), err)
				}
				return
			}
			m.Load(false)
		}
	})
}
