package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// paneLayout holds the two splits of the window. In a narrow window the folder pane and the list give up width, so that
// the text can still be read; in a wider one they have what the user gave them.
type paneLayout struct {
	w     *MainWindow
	width float32 // the last one fitted
}

// Shares of the window that a pane takes at most.
const (
	folderShare = 0.22
	listShare   = 0.36
	// folderLeast is what the folder pane keeps all the same: names of folders are not cut for a few letters.
	folderLeast = 168
	// foldersFrom is the width of the window from which on the folder pane is there at all, and list and text are beside each other; below, a
	// button of the toolbar lists the folders, and messages open over the list.
	foldersFrom = 552
	leastWindow = 420
)

func fitPanes(w *MainWindow) fyne.CanvasObject {
	return container.New(&paneLayout{w: w}, w.outer)
}

// Layout implements fyne.Layout.
func (l *paneLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	if s.Width != l.width {
		l.width = s.Width
		l.w.folders.Fit(s.Width >= foldersFrom)
		l.w.one.Fit(s.Width < foldersFrom)
		l.w.outer.SetWidth(max(l.w.outer.MinStart, min(l.w.state.FolderPane, max(s.Width*folderShare, folderLeast))))
		l.w.inner.SetWidth(max(l.w.inner.MinStart, min(l.w.state.List, s.Width*listShare)))
	}
	for _, o := range objs {
		o.Resize(s)
		o.Move(fyne.Position{})
	}
}

// MinSize implements fyne.Layout.
func (l *paneLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastWindow, 340) }
