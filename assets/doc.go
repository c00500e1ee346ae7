// Package assets holds the bytes that are part of the program: fonts, icons, translations, the provider table and the
// mail of the demo. It has no types of any toolkit and reads nothing at run time.
package assets
