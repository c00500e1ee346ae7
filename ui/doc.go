// Package ui is the windows of the program. It reads the store in pages, subscribes to its changes, and asks for everything else
// through the Engine interface that it declares itself, so it knows neither servers nor the database. Widgets are touched on the UI
// thread only; thread.go is where other goroutines cross over to it.
package ui
