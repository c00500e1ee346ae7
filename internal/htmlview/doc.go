// Package htmlview draws mail HTML: no scripts, no network, no process of its own. It asks its host for pictures and
// draws without them.
//
// The way of a message:
//
//  1. dom.go: golang.org/x/net/html parses; the tree is copied into our own, without what is active, bounded in depth,
//     elements and text.
//  2. sheet.go, selector.go: style sheets, with tdewolff's CSS lexer; media queries for the width at hand.
//  3. cascade.go, props.go, props2.go, ua.go, value.go: computed styles.
//  4. box.go: boxes; blocks within inline elements split them.
//  5. measure.go: least and greatest widths, each box once.
//  6. block.go, floats.go, inline.go, lines.go, vertical.go, table*.go, flex.go: layout after CSS 2.2 and CSS Tables 3.
//     Text is shaped by internal/text (Shape), paragraph by paragraph, so that the bidirectional algorithm sees across
//     elements.
//  7. display.go: a display list, once; paint.go: pixels of any part of it at any scale.
//  8. hit.go: links, selection, search.
//
// Everything is bounded: see the constants in dom.go, table.go, image.go, and the time limit of Layout. Every exported
// function turns a panic into an error; recursion is bounded by the depth of the tree.
package htmlview
