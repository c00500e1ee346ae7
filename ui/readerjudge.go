package ui

import (
	"net/url"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// judge asks whether the sender is who it seems to be.
func (r *readerPane) judge(c mail.Content, auth model.AuthVerdict) []model.Finding {
	if len(c.Row.From) == 0 {
		return nil
	}
	list := false
	for _, h := range c.Headers {
		list = list || strings.EqualFold(h.Name, "List-Id") || strings.EqualFold(h.Name, "List-Post")
	}
	return model.Suspicions(model.SenderInfo{
		From: c.Row.From[0], ReplyTo: c.ReplyTo, List: list, Auth: auth, Mine: r.env.mine(),
	})
}

// servers are the names by which the account's own provider may sign its findings.
func (r *readerPane) servers(id mail.AccountID) []string {
	a, ok := r.env.tree.Account(id)
	if !ok {
		return nil
	}
	return []string{a.Incoming.Host, model.Domain(a.Email)}
}

func severe(s model.Suspicion) bool {
	return s == model.SuspectAuth || s == model.SuspectLookalike || s == model.SuspectOtherAddr
}

func suspicionWords(f model.Finding) string { return lang.T("suspect."+string(f.Why), f.What) }

// remoteImg finds pictures that an HTML mail would fetch from elsewhere.
var remoteImg = regexp.MustCompile(`(?i)<img\b[^>]*\bsrc\s*=\s*["']?\s*(?:https?:)?//|\bbackground\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?\s*(?:https?:)?//`)

func remoteImages(html string) int { return len(remoteImg.FindAllStringIndex(html, 1000)) }

// openLink opens a web address in the browser and a mail address in a new message; nothing else is ever opened.
func (r *readerPane) openLink(raw string) {
	if _, ok := model.SafeURL(raw); !ok {
		return
	}
	u, err := url.Parse(raw)
	if err != nil {
		return
	}
	if strings.EqualFold(u.Scheme, "mailto") {
		r.OnMailto(raw)
		return
	}
	if err := r.env.app.OpenURL(u); err != nil {
		r.env.fail(lang.T("fail.link"), err)
	}
}

// overLink shows in the status bar where a link really goes.
func (r *readerPane) overLink(raw string) {
	if raw == "" {
		r.env.hint("")
		return
	}
	shown, ok := model.SafeURL(raw)
	r.env.hint(pick(ok, shown, lang.T("reader.link.unsafe")))
}

func (r *readerPane) linkMenu(raw string, pos fyne.Position) {
	copyText := func(s string) func() { return func() { r.env.app.Clipboard().SetContent(s) } }
	var items []*kit.MenuItem
	if shown, ok := model.SafeURL(raw); raw != "" && ok {
		items = append(items,
			kit.Item(lang.T("kit.open.link"), icons.ExternalLink, func() { r.openLink(raw) }),
			kit.Item(lang.T("kit.copy.link"), icons.Copy, copyText(strings.TrimPrefix(raw, "mailto:"))),
			kit.MenuLine())
		r.env.hint(shown)
	}
	sel := r.body.SelectedText()
	whole := kit.Item(lang.T("reader.copy.all"), icons.Copy, copyText(r.content.Text))
	part := kit.Item(lang.T("kit.copy"), icons.Copy, copyText(sel)).With("Ctrl+C")
	part.Disabled = sel == ""
	items = append(items, part, whole)
	if r.content.HTML != "" && rich.MatchString(r.content.HTML) {
		items = append(items, kit.MenuLine(), kit.Item(lang.T(pick(r.textOnly, "reader.as.html", "reader.as.text")), icons.FileText, r.toggleHTML))
	}
	kit.ShowMenu(r.env.win.Canvas(), pos, items...)
}
