// Package htmlview draws mail HTML: no scripts, no network, no process of its own. It asks its host for pictures and
// draws without them.
//
// The way of a message:
//
//  1. dom.go: golang.org/x/net/html parses; the tree is copied into our own, without what is active, bounded in depth,
//     elements and text. remote.go finds what would be fetched.
//  2. sheet.go, selector.go, media.go: style sheets, with tdewolff's CSS lexer; media queries for the width at hand.
//  3. cascade.go, props*.go, ua.go, value.go, color.go: computed styles; generated.go: ::before, ::after and counters;
//     forms.go, lists.go: what the user agent adds.
//  4. box.go, table.go: boxes; blocks within inline elements split them.
//  5. measure.go, tablewidth.go: least and greatest widths, each box once.
//  6. block.go, floats.go, inline.go, lines.go, vertical.go, table*.go, flex.go: layout after CSS 2.2, CSS Tables 3 and CSS
//     Flexbox 1; absolute.go places what is out of flow at the end; scroll.go shows what would scroll. Text is shaped
//     by internal/text (Shape), paragraph by paragraph, so that the bidirectional algorithm sees across elements.
//  7. recorder.go, display*.go: a display list, once, in stacking order; dark.go turns its colours for a dark window;
//     paint*.go: pixels of any part of it at any scale; device.go: the same list for other outputs.
//  8. hit.go, select.go: links, selection, search; displaytext.go: the text in the order of the document.
//
// What a host does: Parse, then Document.Layout for a width and a zoom, off the goroutine of its window; View.Paint for
// each tile in sight (any scale, from any goroutine); View.LinkAt for the pointer; View.Position, Selection, Caret, WordAt
// and Text for selecting and copying, in logical order whatever the direction; View.Find with Selection for what was found;
// View.Moving and PaintAt for animations. Places are in units of the layout, zoom included.
//
// Everything is bounded: elements, depth and text in dom.go, columns and rows in table.go, pixels in image.go and
// animation.go, SVG in svg.go, effects in paint.go, time in Layout; any input stays below 200 MB (bounds_test.go). Every
// exported function turns a panic into an error; recursion is bounded by the depth of the tree.
//
// How a mail should look is what Chromium makes of it; rules that no specification has are taken from there, and the
// comments say so. What is not done: multiple columns, rows and areas that items of a grid name, vertical writing, transforms,
// filters, scripts of any kind.
package htmlview
