package model

import (
	"path"
	"strings"

	"peyk/internal/mail"
)

// FileRisk is why a file is asked about before it is opened; "" is no reason. The window has a sentence for each.
type FileRisk string

// The reasons, the worst first.
const (
	RiskName     FileRisk = "name"     // its name held characters that hide the real ending
	RiskDouble   FileRisk = "double"   // invoice.pdf.exe
	RiskProgram  FileRisk = "program"  // it runs
	RiskScript   FileRisk = "script"   // commands that are carried out
	RiskShortcut FileRisk = "shortcut" // it starts or opens something else
	RiskDisk     FileRisk = "disk"     // a disk image: what is inside comes without the marks of a download
	RiskMacro    FileRisk = "macro"    // a document with programs in it
	RiskPage     FileRisk = "page"     // a web page or drawing that can run scripts in the browser, and looks like any site
)

var riskyFiles = map[string]FileRisk{}

func init() {
	for risk, words := range map[FileRisk]string{
		RiskProgram:  "exe com scr pif cpl msi msix msixbundle appx appxbundle msp msu mst application gadget dll ocx sys drv bin run appimage deb rpm snap flatpakref app dmg pkg mpkg jar jnlp apk xap xpi crx vsix out elf",
		RiskScript:   "bat cmd js jse mjs vbs vbe vb ws wsf wsh wsc sct hta ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 msh msh1 msh2 mshxml sh bash zsh csh ksh fish py pyw pyc pyz pl rb php lua tcl reg inf ins isp job command tool workflow action osx scpt applescript shb shs chm hlp",
		RiskShortcut: "lnk url webloc desktop scf theme themepack library-ms search-ms searchconnector-ms appref-ms settingcontent-ms website contact group diagcab rdp ica",
		RiskDisk:     "iso img vhd vhdx udf toast vmdk cdr wim",
		RiskMacro:    "docm dotm xlsm xltm xlam xll xlsb pptm potm ppam ppsm sldm ade adp mda mdb mde accdb accde slk iqy oqy rqy dqy one onepkg pub wll",
		RiskPage:     "html htm xhtml xht shtml shtm mht mhtml svg svgz xsl xslt swf",
	} {
		for _, ext := range strings.Fields(words) {
			riskyFiles[ext] = risk
		}
	}
}

// harmless are endings that people take for documents, pictures, music.
var harmless = map[string]bool{}

func init() {
	for _, ext := range strings.Fields("pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv jpg jpeg png gif webp heic bmp tif tiff mp3 wav m4a mp4 mov avi mkv zip rar 7z eml msg ics vcf") {
		harmless[ext] = true
	}
}

// riskyTypes are types that run whatever the file is called.
var riskyTypes = map[string]FileRisk{
	"application/x-msdownload": RiskProgram, "application/x-msdos-program": RiskProgram, "application/x-executable": RiskProgram, "application/x-dosexec": RiskProgram,
	"application/vnd.microsoft.portable-executable": RiskProgram, "application/java-archive": RiskProgram, "application/x-sh": RiskScript, "application/x-shellscript": RiskScript,
	"application/hta": RiskScript, "application/javascript": RiskScript, "text/javascript": RiskScript, "application/x-powershell": RiskScript, "application/x-ms-shortcut": RiskShortcut,
	"application/x-iso9660-image": RiskDisk, "text/html": RiskPage, "application/xhtml+xml": RiskPage, "image/svg+xml": RiskPage,
}

// JudgeFile says why a file should be asked about before it is opened with another program. Saving needs no question.
func JudgeFile(a mail.Attachment) FileRisk {
	name := strings.ToLower(strings.TrimRight(a.Filename, " ."))
	ext := strings.TrimPrefix(path.Ext(name), ".")
	risk := riskyFiles[ext]
	if risk == "" {
		risk = riskyTypes[a.ContentType]
	}
	if risk == "" && a.Risky {
		risk = RiskProgram
	}
	switch before := strings.TrimPrefix(path.Ext(strings.TrimRight(strings.TrimSuffix(name, "."+ext), " .")), "."); {
	case a.Tricky:
		return RiskName
	case risk != "" && risk != RiskPage && harmless[before]:
		return RiskDouble
	}
	return risk
}

// Runs reports whether a file of this risk does something by itself when it is opened.
func (r FileRisk) Runs() bool { return r != "" && r != RiskPage }
