package model

import (
	"testing"

	"peyk/internal/mail"
)

func TestJudgeFile(t *testing.T) {
	for _, c := range []struct {
		name, ctype string
		tricky      bool
		want        FileRisk
	}{
		{"report.pdf", "application/pdf", false, ""}, {"photo.JPG", "image/jpeg", false, ""}, {"table.xlsx", "", false, ""}, {"archive.zip", "", false, ""}, {"notes", "text/plain", false, ""},
		{"setup.EXE", "", false, RiskProgram}, {"x.scr", "", false, RiskProgram}, {"tool.AppImage", "", false, RiskProgram}, {"x.jar", "", false, RiskProgram},
		{"a.js", "", false, RiskScript}, {"a.vbs", "", false, RiskScript}, {"a.ps1", "", false, RiskScript}, {"a.hta", "", false, RiskScript}, {"a.sh", "", false, RiskScript},
		{"a.lnk", "", false, RiskShortcut}, {"a.url", "", false, RiskShortcut}, {"a.desktop", "", false, RiskShortcut},
		{"a.iso", "", false, RiskDisk}, {"a.img", "", false, RiskDisk}, {"a.docm", "", false, RiskMacro}, {"a.xlsb", "", false, RiskMacro}, {"a.one", "", false, RiskMacro},
		{"a.html", "text/html", false, RiskPage}, {"a.svg", "image/svg+xml", false, RiskPage}, {"page", "text/html", false, RiskPage},
		{"invoice.pdf.exe", "", false, RiskDouble}, {"invoice.pdf      .exe", "", false, RiskDouble}, {"photo.jpg.lnk", "", false, RiskDouble}, {"invoice.exe.", "", false, RiskProgram}, {"invoice.exe ", "", false, RiskProgram},
		{"page.pdf.html", "", false, RiskPage}, {"exe.pdf", "", false, ""}, {"v1.2.pdf", "", false, ""}, {"statement exe.pdf", "", true, RiskName}, {"harmless.txt", "application/x-msdownload", false, RiskProgram},
	} {
		if got := JudgeFile(mail.Attachment{Filename: c.name, ContentType: c.ctype, Tricky: c.tricky}); got != c.want {
			t.Errorf("%s (%s): %q, want %q", c.name, c.ctype, got, c.want)
		}
	}
	if got := JudgeFile(mail.Attachment{Filename: "x.unknown", Risky: true}); got != RiskProgram || !got.Runs() || RiskPage.Runs() || FileRisk("").Runs() {
		t.Errorf("what the parser calls risky is %q", got)
	}
}
