// Package model holds what the main window knows and decides, without a toolkit: which list is shown, which of its pages
// are in memory, what is selected, how folders are ordered, how a text is split into paragraphs, quotes and links, and
// when a sender deserves a warning. Everything here is plain Go and is tested without a window.
//
// Types that change (Pager, Selection, Tree) belong to the UI thread: they have no locks. Work that touches the disk is
// handed to a Runner.
package model

import "context"

// Runner takes work off the UI thread. Go runs work elsewhere and then, on the UI thread, the function it returned (nil:
// nothing to do). ctx ends when the window closes; the returned function is not run after that.
type Runner interface {
	Go(work func(ctx context.Context) (apply func()))
}
