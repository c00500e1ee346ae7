package ui

import (
	"context"
	"image"
	"io"
	"os"
	"path/filepath"

	"peyk/internal/htmlview"
	"peyk/internal/mail"
	"peyk/internal/mailpage"
	"peyk/internal/pdfout"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// printout is a message as it is written to paper: in its own colours, whole, with its header in the language of the window.
type printout struct {
	title, author string
	look          mailpage.Look
	heading       mailpage.Heading
	body          string // HTML
	pictures      pictureSource
	paper         pdfout.Paper
	env           *env
	cut           bool // what was written lacks the end: the message is longer than any page
}

// printout gathers what is needed on the UI thread; writing it may take a moment elsewhere.
func (m *messageView) printout() *printout {
	c := m.content
	p := &printout{env: m.env, look: mailpage.Light, paper: pdfout.PaperFor(os.Getenv)}
	p.look.RTL = lang.RTL()
	if p.title = model.Visible(c.Row.Subject); p.title == "" {
		p.title = lang.T("list.no.subject")
	}
	p.author = model.ShownName(firstOf(c.Row.From))
	p.heading.Subject = p.title
	add := func(label string, as []mail.Address) {
		words := ""
		for i, a := range as {
			if i == maxListed {
				words += lang.T("list.comma") + lang.N("reader.more.addresses", len(as)-i)
				break
			}
			if i > 0 {
				words += lang.T("list.comma")
			}
			words += model.VisibleName(a.String())
		}
		if words != "" {
			p.heading.Fields = append(p.heading.Fields, mailpage.Field{Label: lang.T(label), Value: words})
		}
	}
	add("reader.from", c.Row.From)
	add("reader.recipients", c.Row.To)
	add("reader.cc", c.Cc)
	if t := c.Row.Date; !t.IsZero() {
		t = t.In(m.env.now().Location())
		p.heading.Fields = append(p.heading.Fields, mailpage.Field{Label: lang.T("reader.date"), Value: lang.Dots(lang.FullDate(t), lang.Other(t))})
	}
	p.body = mailpage.Text(c.Text, p.look)
	if m.body.Mode() == asDesigned {
		p.body = c.HTML
		p.pictures = m.pictures(c)
	}
	return p
}

func (p *printout) view(ctx context.Context, src string, images func(string) image.Image) (*htmlview.View, error) {
	doc, err := htmlview.Parse(ctx, src, htmlview.Options{Images: images})
	if err != nil {
		return nil, err
	}
	p.cut = p.cut || doc.Cut()
	return doc.Layout(ctx, p.paper.Pixels(), htmlview.LayoutOptions{Whole: true})
}

// told is what is said about a file that was written; that its end is missing comes first.
func (p *printout) told(words string) string {
	if p.cut {
		return lang.T("print.cut") + " " + words
	}
	return words
}

// views are the parts of the message as they follow each other on paper.
func (p *printout) views(ctx context.Context) ([]*htmlview.View, error) {
	head, err := p.view(ctx, mailpage.Header(p.heading, p.look), nil)
	if err != nil {
		return nil, err
	}
	var images func(string) image.Image
	if p.pictures != nil {
		images = p.pictures(ctx)
	}
	body, err := p.view(ctx, p.body, images)
	if err != nil || !p.cut {
		return []*htmlview.View{head, body}, err
	}
	note, err := p.view(ctx, mailpage.Note(lang.Plain(lang.T("print.cut")), p.look), nil)
	return []*htmlview.View{head, body, note}, err
}

// Write writes the PDF. It is for any goroutine, one at a time.
func (p *printout) Write(ctx context.Context, w io.Writer) error {
	views, err := p.views(ctx)
	if err != nil {
		return err
	}
	return pdfout.Write(ctx, w, pdfout.Document{
		Title: p.title, Author: p.author, Language: lang.Current().Code, Created: p.env.now(), Paper: p.paper,
		Views: views,
		Foot: func(n, of int) (*htmlview.View, error) {
			return p.view(ctx, mailpage.Foot(p.title, lang.Plain(lang.T("print.page", n, of)), p.look), nil)
		},
	})
}

// file writes the PDF to a path; what fails half-way leaves no file behind.
func (p *printout) file(ctx context.Context, path string) error {
	r, w := io.Pipe()
	go func() { w.CloseWithError(p.Write(ctx, w)) }() // ends when the pipe is closed by writeFile
	return writeFile(path, r)
}

// savePDF asks where to and saves the message as a PDF.
func (w *MainWindow) savePDF() {
	r := w.pane()
	m := r.printable()
	if m == nil {
		return
	}
	out := m.printout()
	w.env.chooser.Save(r.env.win, lang.T("files.title.save"), safeName(out.title, "message")+".pdf", func(path string) {
		w.env.loop.Go(func(ctx context.Context) func() {
			err := out.file(ctx, path)
			return func() {
				name := model.VisibleName(filepath.Base(path))
				if err != nil {
					r.env.fail(lang.T("fail.save", name), err)
					return
				}
				kit.ShowToast(r.env.win, out.told(lang.T("print.saved", name)), toastTime, kit.Action{Text: lang.T("attach.open"), Do: func() {
					if err := w.env.app.OpenURL(fileURL(path)); err != nil {
						r.env.fail(lang.T("fail.open", name), err)
					}
				}})
			}
		})
	})
}

// printable is the message to be printed: the current one, when it is here.
func (r *readerPane) printable() *messageView {
	if m := r.Current(); m != nil && m.body.ready {
		return m
	}
	return nil
}

// print writes the message as a PDF and hands it to a printer, or to the PDF viewer of the desktop.
func (w *MainWindow) print() {
	r := w.pane()
	m := r.printable()
	if m == nil {
		return
	}
	out := m.printout()
	w.env.loop.Go(func(ctx context.Context) func() {
		path, err := temporaryPDF(ctx, out)
		var printers []string
		if err == nil {
			printers = w.env.printing.Printers(ctx)
		}
		return func() {
			switch {
			case err != nil:
				r.env.fail(lang.T("fail.print"), err)
			case len(printers) == 0:
				w.openPDF(r, out, path)
			default:
				w.askPrinter(r, out, path, printers)
			}
		}
	})
}

// temporaryPDF writes the message beside the files that other programs were given to open: it goes when the window closes.
func temporaryPDF(ctx context.Context, out *printout) (string, error) {
	dir, err := out.env.copies.Make()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, safeName(out.title, "message")+".pdf")
	return path, out.file(ctx, path)
}

// openPDF opens a PDF in the viewer of the desktop and says that printing goes on there.
func (w *MainWindow) openPDF(r *readerPane, out *printout, path string) {
	if err := w.env.app.OpenURL(fileURL(path)); err != nil {
		r.env.fail(lang.T("fail.print"), err)
		return
	}
	kit.ShowToast(r.env.win, out.told(lang.T("print.opened")), toastTime)
}

// askPrinter asks which printer, or the viewer.
func (w *MainWindow) askPrinter(r *readerPane, out *printout, path string, printers []string) *kit.Dialog {
	chosen := 0
	pick := kit.NewSelect(printers, func(i int) { chosen = i })
	pick.Choose(0)
	d := &kit.Dialog{
		Title: lang.T("cmd.print"), Width: 460,
		Content: kit.VBox(14, kit.NewLabel(out.told(lang.T("print.text")), kit.Body).Wrapped(), kit.FormRow(lang.T("print.ask"), 110, pick)),
		Buttons: []kit.DialogButton{
			{Text: lang.T("print.viewer"), Kind: kit.Plain, Do: func() { w.openPDF(r, out, path) }},
			{Text: lang.T("kit.cancel"), Kind: kit.Plain},
			{Text: lang.T("print.do"), Kind: kit.Primary, Do: func() { w.send(r, printers[chosen], path) }},
		},
	}
	d.Show(r.env.win)
	return d
}

// send hands a file to a printer.
func (w *MainWindow) send(r *readerPane, printer, path string) {
	w.env.loop.Go(func(ctx context.Context) func() {
		err := w.env.printing.Send(ctx, printer, path)
		return func() {
			if err != nil {
				r.env.fail(lang.T("fail.print"), err)
				return
			}
			kit.ShowToast(r.env.win, lang.T("print.sent", printer), toastTime)
		}
	})
}
