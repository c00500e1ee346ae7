// Command screenshots runs the program under an X server of its own (Xvfb), works it with the keyboard and the pointer, and
// writes what the screen shows: the pictures of the README and of docs/screenshots. `make screenshots` calls it; its test is
// the smoke run of the real binary that `make test` makes.
//
// Everything shown is the demo mailbox at a fixed moment, so that the pictures change only when the window does.
package main
