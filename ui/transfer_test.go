package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/internal/transfer"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// transferBench is a window with what imports and exports behind it.
func transferBench(t *testing.T) *bench {
	b := newBench(t)
	b.w.deps.Transfer = transfer.Profile{Store: b.store, Engine: b.engine}
	return b
}

// runs carries out a request and gives the words of the report, as copied.
func (b *bench) runs(words transferWords, run transferRun) string {
	b.Helper()
	b.app.Clipboard().SetContent("")
	j := &transferJob{env: b.w.env, words: words, run: run, changed: b.w.after(words)}
	var rep mailbox.Report
	var err error
	over := false
	j.run = func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
		rep, err = run(ctx, resume, p)
		b.w.env.loop.Post(func() { over = true })
		return rep, err
	}
	j.start(false)
	b.until("the end", func() bool { return over })
	b.drain()
	head, details := j.reportWords(rep, err, errors.Is(err, context.Canceled))
	return strings.Join(append(head, details...), "\n")
}

func TestExportAndImportInTheWindow(t *testing.T) {
	b := transferBench(t)
	dir := t.TempDir()
	var ask mail.ExportRequest
	d := newExportDialog(b.w.env, func(r mail.ExportRequest) { ask = r })
	if !d.dialog.Button(1).Disabled() {
		t.Error("an export without a place can be started")
	}
	d.setDir(dir)
	b.shot("export")
	if d.dialog.Button(1).Disabled() || !d.all.On() {
		t.Error("all folders and a place are chosen, and yet it cannot be started")
	}
	test.Tap(d.all)
	if !d.dialog.Button(1).Disabled() || len(d.chosen()) != 0 {
		t.Error("an export of nothing can be started")
	}
	for i, f := range d.folders {
		if f.Account == b.imap && f.Path == "INBOX" {
			test.Tap(d.checks[i])
		}
	}
	test.Tap(d.dialog.Button(1))
	if len(ask.Folders) != 1 || ask.Dir != dir || ask.Format != mail.MailboxMBox || ask.Resume {
		t.Fatalf("asked for %+v", ask)
	}
	export := func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
		ask.Resume = resume
		return b.w.deps.Transfer.Export(ctx, ask, p)
	}
	out := b.runs(exportWords, export)
	if !strings.Contains(out, "7 messages were exported") || !strings.Contains(out, "SHA-256") {
		t.Errorf("the report says\n%s", out)
	}
	b.shot("export-report")
	if again := b.runs(exportWords, export); !strings.Contains(again, "broke off") || !strings.Contains(again, "Nothing was written") {
		t.Errorf("over files that are there the report says\n%s", again)
	}

	var take mail.ImportRequest
	i := newImportDialog(b.w.env, func(r mail.ImportRequest) { take = r })
	if !i.dialog.Button(1).Disabled() {
		t.Error("an import of nothing can be started")
	}
	i.add([]string{dir})
	i.add([]string{dir})
	b.shot("import")
	test.Tap(i.dialog.Button(1))
	if len(take.Paths) != 1 || take.Account != b.w.env.tree.Accounts()[0].ID || take.Folder != "" {
		t.Fatalf("asked for %+v", take)
	}
	take.Paths = append(take.Paths, filepath.Join(dir, "maryam@example.org"))
	in := b.runs(importWords, func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
		return b.w.deps.Transfer.Import(ctx, take, p)
	})
	if !strings.Contains(in, "14 messages were imported") {
		t.Errorf("the report says\n%s", in)
	}
	f, err := b.store.FolderByPath(t.Context(), take.Account, transfer.ImportedFolder+"/INBOX")
	b.ok(err)
	if f.Total != 7 {
		t.Errorf("the folder holds %d", f.Total)
	}
}

// TestImportBeforeThereIsAnAccount: who has no account yet can read the mail of files, from the first window on.
func TestImportBeforeThereIsAnAccount(t *testing.T) {
	b := bareBench(t)
	b.transfer = transfer.Profile{Store: b.store, Engine: b.engine}
	b.open()
	b.until("the wizard", func() bool { return b.w.wizard })
	b.shot("wizard-import")
	var found *kit.Button
	walkAll(b.w.Window().Content(), func(o fyne.CanvasObject) {
		if x, ok := o.(*kit.Button); ok && x.Text() == lang.T("transfer.import") {
			found = x
		}
	})
	if found == nil {
		t.Fatal("the wizard does not offer an import")
	}
	for _, code := range []string{"fa", "en"} {
		lang.Set(code)
		b.drain()
		b.shot("wizard-import-" + code)
	}
	var ask mail.ImportRequest
	d := newImportDialog(b.w.env, func(r mail.ImportRequest) { ask = r })
	path := filepath.Join(t.TempDir(), "letters.mbox")
	b.ok(os.WriteFile(path, []byte("From x Tue Mar  3 14:05:06 2026\nFrom: a@example.org\nSubject: An old letter\n\ntext\n"), 0o600))
	d.add([]string{path})
	b.shot("import-without-account")
	test.Tap(d.dialog.Button(1))
	if ask.Account != 0 || len(ask.Paths) != 1 {
		t.Fatalf("asked for %+v", ask)
	}
	in := b.runs(importWords, func(ctx context.Context, _ bool, p func(mailbox.Progress)) (mailbox.Report, error) {
		return b.w.deps.Transfer.Import(ctx, ask, p)
	})
	if !strings.Contains(in, "1 message was imported") {
		t.Errorf("the report says\n%s", in)
	}
	b.until("the mail in place of the wizard", func() bool { return !b.w.wizard })
	var names []string
	for _, r := range b.w.env.tree.Rows() {
		if r.Heading && r.Account != 0 && accountHeading(r) != lang.T("place.local") {
			t.Errorf("the place of the mail is called %q", accountHeading(r))
		}
		names = append(names, r.Name)
	}
	if got := strings.Join(names, "/"); !strings.Contains(got, transfer.ImportedFolder+"/letters") {
		t.Errorf("the folders are %s", got)
	}
	b.until("what was imported", func() bool {
		f, ok := b.w.env.tree.Folder(b.w.list.place.Folder)
		return ok && f.Name() == "letters" && b.w.list.pager.Loaded() && b.w.list.pager.Total() == 1
	})
	b.drain()
	b.shot("imported-without-account")
	b.keptWithoutServers()
}

// TestTheNextImportShowsWhatItBrought, and not what was here before, be that more.
func TestTheNextImportShowsWhatItBrought(t *testing.T) {
	b := bareBench(t)
	b.transfer = transfer.Profile{Store: b.store, Engine: b.engine}
	b.open()
	b.until("the wizard", func() bool { return b.w.wizard })
	for i, name := range []string{"letters", "notes", "postcards"} {
		words := ""
		for n := range 3 - i {
			words += fmt.Sprintf("From x Tue Mar  3 14:05:06 2026\nFrom: a@example.org\nSubject: %s %d\n\ntext\n\n", name, n)
		}
		path := filepath.Join(t.TempDir(), name+".mbox")
		b.ok(os.WriteFile(path, []byte(words), 0o600))
		if i > 0 {
			b.w.Go(model.Inboxes)
			b.drain()
		}
		b.runs(importWords, func(ctx context.Context, _ bool, p func(mailbox.Progress)) (mailbox.Report, error) {
			return b.w.deps.Transfer.Import(ctx, mail.ImportRequest{Paths: []string{path}}, p)
		})
		b.until("what was imported from "+name, func() bool { return !b.w.wizard && b.w.list.place.Kind == model.PlaceFolder })
		if f, _ := b.w.env.tree.Folder(b.w.list.place.Folder); f.Name() != name {
			t.Errorf("after the import of %s the list shows %q", name, f.Name())
		}
	}
}

// keptWithoutServers: mail on this computer is called so wherever an account is named, has nothing of an account's servers, and nothing is sent with it.
func (b *bench) keptWithoutServers() {
	b.Helper()
	local := b.w.env.tree.Accounts()[0]
	if !local.Local() || accountWords(local) != lang.T("place.local") {
		b.Errorf("the account is %+v, called %q", local, accountWords(local))
	}
	if d := newImportDialog(b.w.env, nil); d.dialog != nil {
		if got := d.accounts[0]; accountWords(got) != lang.T("place.local") {
			b.Errorf("the import goes to %q", accountWords(got))
		}
		d.dialog.Close()
	}
	if b.w.byID["getmail"].when(b.w) {
		b.Error("mail can be fetched without a server")
	}
	words := ""
	walkAll(b.w.emptyList(model.Inboxes, listView{filter: model.FilterAll}), func(o fyne.CanvasObject) {
		if l, ok := o.(*kit.Label); ok {
			words += l.Text() + "\n"
		}
	})
	if !strings.Contains(words, lang.T("empty.imported", lang.T("place.local"))) {
		b.Errorf("the inbox of nobody says %q", words)
	}
	d := mail.Draft{Account: local.ID, Subject: "x", Text: "x", To: []mail.Address{{Addr: "a@example.org"}}}
	_, err := b.engine.Send(b.Context(), d, today)
	if got := lang.ErrorWords(err); !strings.Contains(got, lang.T("problem.why.no_outgoing")) {
		b.Errorf("sending says %q", got)
	}
	items, err := b.store.OutboxItems(b.Context())
	if err != nil || len(items) != 0 {
		b.Errorf("the outbox holds %+v, %v", items, err)
	}
}

// TestThunderbirdIsOffered: its profiles lie in a hidden folder; who has some need not look for it.
func TestThunderbirdIsOffered(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("APPDATA", home)
	b := transferBench(t)
	d := newImportDialog(b.w.env, nil)
	b.drain()
	if n := len(d.choose.Objects); n != 2 {
		t.Errorf("%d ways to choose without Thunderbird", n)
	}
	d.dialog.Close()
	profiles := filepath.Join(home, map[string]string{"windows": "Thunderbird", "darwin": "Library/Thunderbird"}[runtime.GOOS])
	if profiles == home {
		profiles = filepath.Join(home, ".thunderbird")
	}
	b.ok(os.MkdirAll(profiles, 0o700))
	b.ok(os.WriteFile(filepath.Join(profiles, "profiles.ini"), []byte("[Profile0]\n"), 0o600))
	for _, code := range []string{"fa", "en"} {
		lang.Set(code)
		d = newImportDialog(b.w.env, nil)
		b.until("the offer", func() bool { return len(d.choose.Objects) == 3 })
		b.shot("import-thunderbird-" + code)
		test.Tap(d.choose.Objects[2].(*kit.Button))
		if len(d.paths) != 1 || d.paths[0] != profiles || d.dialog.Button(1).Disabled() {
			t.Errorf("chosen is %v", d.paths)
		}
		d.dialog.Close()
	}
}

// TestImportStopsAndGoesOn stops an import by its dialog and goes on with it.
func TestImportStopsAndGoesOn(t *testing.T) {
	b := transferBench(t)
	const n = 200
	var box bytes.Buffer
	for range n {
		box.WriteString("From x Tue Nov 25 14:05:06 2025\nFrom: a@example.org\nSubject: s\n\ntext\n\n")
	}
	path := filepath.Join(t.TempDir(), "old.mbox")
	b.ok(os.WriteFile(path, box.Bytes(), 0o600))
	r := mail.ImportRequest{Paths: []string{path}, Account: b.pop, Folder: "Old"}
	var j *transferJob
	var first, second mailbox.Report
	var err error
	over, cut := 0, make(chan struct{})
	j = &transferJob{env: b.w.env, words: importWords, changed: b.w.folders.Read}
	j.run = func(ctx context.Context, resume bool, p func(mailbox.Progress)) (mailbox.Report, error) {
		r.Resume = resume
		done := 0
		rep, e := b.w.deps.Transfer.Import(ctx, r, func(at mailbox.Progress) {
			p(at)
			if done++; done == 50 && !resume {
				b.w.env.loop.Post(func() { j.Close(); close(cut) })
				<-cut
			}
		})
		if !resume {
			first, err = rep, e
		} else {
			second = rep
		}
		b.w.env.loop.Post(func() { over++ })
		return rep, e
	}
	b.w.job = j
	j.start(false)
	if b.w.Window().Canvas().Overlays().Top() != nil {
		t.Error("mail cannot be read while an import runs")
	}
	if b.w.importMail(); b.w.Window().Canvas().Overlays().Top() != nil {
		t.Error("a second import is offered while one runs")
	}
	b.until("the stop", func() bool { return over == 1 })
	b.drain()
	if !errors.Is(err, context.Canceled) || first.Messages != 50 || first.Resume == nil {
		t.Fatalf("stopped with %v after %+v", err, first)
	}
	b.shot("import-stopped")
	j.start(true)
	b.until("the end", func() bool { return over == 2 })
	b.drain()
	f, ferr := b.store.FolderByPath(t.Context(), b.pop, "Old")
	b.ok(ferr)
	if second.Messages != n-50 || f.Total != n {
		t.Errorf("went on with %d, the folder holds %d", second.Messages, f.Total)
	}
	if _, err := b.w.deps.Transfer.Import(t.Context(), mail.ImportRequest{Paths: r.Paths, Account: b.pop, Folder: "Old", Resume: true}, nil); !errors.Is(err, mail.ErrImportFinished) {
		t.Errorf("going on with a finished import: %v", err)
	}
}

// TestReportOfTransfers says what failed and why, also in Persian and when there is very much of it.
func TestReportOfTransfers(t *testing.T) {
	b := transferBench(t)
	j := &transferJob{env: b.w.env, words: importWords, changed: func() {}}
	rep := mailbox.Report{Messages: 1200, Bytes: 4 << 20, Digest: strings.Repeat("ab", 32), Partial: 2, Folders: map[string]int{"Work": 1200}}
	for range reportLines + 5 {
		rep.Fail("/mail/old.mbox at byte 77", errors.New("permission denied"))
	}
	rep.Fail("/mail/new.mbox", fmt.Errorf("reading: %w", mailbox.ErrNotMbox))
	rep.Fail("/mail/none", fmt.Errorf("import: %w", fs.ErrNotExist))
	lang.Set("fa")
	theme.SetMode(theme.ForceDark)
	if _, details := j.reportWords(rep, nil, false); !strings.Contains(strings.Join(details, "\n"), lang.T("transfer.why.notmbox")) || !strings.Contains(strings.Join(details, "\n"), lang.T("transfer.why.gone")) {
		t.Errorf("what failed is not told in Persian: %q", details[len(details)-3:])
	}
	d := j.report(rep, errors.New("disk full"), false)
	b.shot("report-fa")
	if len(d.Buttons) != 3 {
		t.Errorf("%d buttons: what broke off can be gone on with", len(d.Buttons))
	}
	test.Tap(d.Button(0))
	text := b.app.Clipboard().Content()
	if n := strings.Count(text, "permission denied"); n != reportLines+5 {
		t.Errorf("%d failures were copied", n)
	}
	for _, want := range []string{rep.Digest, "۱٬۲۰۰", "disk full", "Work"} {
		if !strings.Contains(text, want) {
			t.Errorf("the copy lacks %q", want)
		}
	}
	d.Close()
	newExportDialog(b.w.env, func(mail.ExportRequest) {})
	b.shot("export-fa")
}

// TestReportsAreInTheLanguageOfTheWindow: why an export broke off, where a message lies that could not be read, how many of an import were there
// already, and how many are stored when the disk got full.
func TestReportsAreInTheLanguageOfTheWindow(t *testing.T) {
	b := newBench(t)
	lang.Set("fa")
	defer lang.Set("en")
	export, imported := &transferJob{env: b.w.env, words: exportWords}, &transferJob{env: b.w.env, words: importWords}
	words := func(j *transferJob, rep mailbox.Report, err error) string {
		head, details := j.reportWords(rep, err, false)
		return lang.Plain(strings.Join(append(head, details...), "\n"))
	}
	exists := fmt.Errorf("export INBOX of office: %w", &fs.PathError{Op: "open", Path: "/tmp/INBOX.mbox", Err: fs.ErrExist})
	if got := words(export, mailbox.Report{}, exists); !strings.Contains(got, "/tmp/INBOX.mbox: فایلی با این نام از پیش هست") || strings.Contains(got, "export") || !strings.Contains(got, "«ادامهٔ کاری که نیمه‌تمام ماند»") {
		t.Errorf("a file is in the way: %s", got)
	}
	for err, want := range map[error]int{exists: 2, io.ErrUnexpectedEOF: 3} { // going on would take the files of an earlier export for these
		d := export.report(mailbox.Report{}, err, false)
		if len(d.Buttons) != want {
			t.Errorf("%v: %d buttons, want %d", err, len(d.Buttons), want)
		}
		d.Close()
	}
	failed := mailbox.Failure{Where: "/tmp/a.mbox at byte 1200", Err: io.ErrUnexpectedEOF, File: "/tmp/a.mbox", Offset: 1200}
	if got := words(imported, mailbox.Report{Messages: 5, Known: 3, Failed: []mailbox.Failure{failed}}, nil); !strings.Contains(got, "/tmp/a.mbox، در بایت ۱٬۲۰۰") || strings.Contains(got, "at byte") ||
		!strings.Contains(got, "۲ نامه وارد شد\n۳ نامه از پیش آنجا بود") {
		t.Errorf("what an import did: %s", got)
	}
	full := fmt.Errorf("import: %w", &mailbox.Stop{Err: &store.DiskError{Path: "/x", Full: true, Err: errors.New("full")}})
	if got := words(imported, mailbox.Report{Messages: 7}, full); !strings.Contains(got, "دیسک پر است\n۷ نامه وارد شد") || strings.Contains(got, "بازبینی بعدی") {
		t.Errorf("a full disk: %s", got)
	}
	if got := folderWords(mail.Folder{ID: 1, Path: "Imported/old", Local: true}); lang.Plain(got) != "واردشده‌ها / old" {
		t.Errorf("the folder of what was imported is called %q", got)
	}
}
