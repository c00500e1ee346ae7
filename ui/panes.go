package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// paneLayout holds the two splits of the window. In a narrow window the folder pane and the list give up width, so that
// the text can still be read, and where that is not enough one after the other goes behind something; in a wider one they have what the user gave them.
// A line that is dragged in a window without room for that changes the share that the pane has of such windows, not its width in wide ones.
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
	// foldersFrom is the width of the window from which on the folder pane is there at all: the text has 360 then, about what a line needs. Below, a
	// button of the toolbar lists the folders.
	foldersFrom = 860
	// besideFrom is the width from which on list and text are beside each other; below, messages open over the list.
	besideFrom = 552
	// sharedList is what the list gets without the folder pane, also where it is more than its share of the window, up to sharedShare.
	sharedList  = 280
	sharedShare = 0.44
	leastWindow = 420
)

func fitPanes(w *MainWindow) fyne.CanvasObject {
	l := &paneLayout{w: w}
	w.outer.OnMoved = func(x float32) { l.moved(&w.state.FolderPane, &w.state.FolderShare, x, mostFolders) }
	w.inner.OnMoved = func(x float32) { l.moved(&w.state.List, &w.state.ListShare, x, mostList) }
	return container.New(l, w.outer)
}

// moved takes a pane's new width, which outlasts resizing and the program.
func (l *paneLayout) moved(width, share *float32, x float32, most func(window, share float32) float32) {
	limit := most(l.width, *share)
	squeezed := *width > limit
	if squeezed || x > limit {
		*share = x / l.width
	}
	if !squeezed || x > *width {
		*width = x
	}
	l.w.remember()
}

// Layout implements fyne.Layout.
func (l *paneLayout) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	if s.Width != l.width {
		l.width = s.Width
		l.w.folders.Fit(s.Width >= foldersFrom)
		l.w.one.Fit(s.Width < besideFrom)
		l.w.outer.SetWidth(max(l.w.outer.MinStart, min(l.w.state.FolderPane, mostFolders(s.Width, l.w.state.FolderShare))))
		l.w.inner.SetWidth(max(l.w.inner.MinStart, min(l.w.state.List, mostList(s.Width, l.w.state.ListShare))))
		if l.w.folders.tree.Focused() && !l.w.folders.content.Visible() { // while the window is being laid out the keyboard stays where it is
			l.w.env.loop.Post(l.w.leaveFolders)
		}
	}
	for _, o := range objs {
		o.Resize(s)
		o.Move(fyne.Position{})
	}
}

// MinSize implements fyne.Layout.
func (l *paneLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastWindow, 240) }

// mostFolders is what the folder pane takes at most of a window; share is the user's, 0: ours.
func mostFolders(window, share float32) float32 {
	if share > 0 {
		return window * share
	}
	return max(window*folderShare, folderLeast)
}

// mostList is the same of the list.
func mostList(window, share float32) float32 {
	if share > 0 {
		return window * share
	}
	most := window * listShare
	if window < foldersFrom {
		most = max(most, min(sharedList, window*sharedShare))
	}
	return most
}

// leaveFolders takes the keyboard from folders that went behind their button, to what is seen.
func (w *MainWindow) leaveFolders() {
	switch {
	case !w.folders.tree.Focused() || w.folders.content.Visible():
	case w.one.reading:
		w.env.win.Canvas().Unfocus()
	default:
		w.list.list.Focus()
	}
}
