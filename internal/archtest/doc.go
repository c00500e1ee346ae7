// Package archtest holds the house rules of docs/architecture.md as a test: who may import whom, and what stands at the
// top level. It has no code of its own.
package archtest
