// Package filepick asks for files and folders: which to attach, where to save. It draws every name with the window's own
// text engine, is mirrored with the window, and never waits for a disk: folders are read through the Loop.
//
// A name comes from a stranger as often as not (a saved attachment, a download), so every one is shown with what is hidden
// in it made visible, and isolated from what stands around.
//
// Everything here belongs to the UI goroutine, except readFolder, findPlaces and makeFolder.
package filepick

import "context"

// Loop brings work off the UI thread and its results back to it.
type Loop interface {
	// Go runs work elsewhere, then what it returned on the UI thread.
	Go(work func(ctx context.Context) (apply func()))
}
