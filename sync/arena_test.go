package mailsync

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// Whatever size is announced, the bytes come whole, up to the limit; and what one message holds does not reach into the next.
func TestArenaRead(t *testing.T) {
	for _, mem := range []*arena{nil, {}} {
		var kept [][]byte
		var want []string
		for i, c := range []struct {
			bytes, announced int
		}{{0, 0}, {10, 10}, {10, 0}, {10, 3}, {3, 10}, {900_000, 900_000}, {900_000, 0}, {900_000, 5}, {900_000, 900_000}} {
			if mem != nil && len(mem.buf)+c.announced >= arenaBytes {
				mem.reset()
				kept, want = nil, nil
			}
			text := strings.Repeat(string(rune('a'+i)), c.bytes)
			b, err := mem.read(iotest.HalfReader(strings.NewReader(text)), int64(c.announced), streamAbove+1)
			if err != nil {
				t.Fatal(err)
			}
			kept, want = append(kept, b), append(want, text)
			for j := range kept {
				if string(kept[j]) != want[j] {
					t.Fatalf("message %d of %d bytes became %d bytes, or others", j, len(want[j]), len(kept[j]))
				}
			}
		}
		b, err := mem.read(bytes.NewReader(make([]byte, streamAbove+100)), streamAbove, streamAbove+1)
		if err != nil || len(b) != streamAbove+1 {
			t.Errorf("beyond the limit: %d bytes, %v", len(b), err)
		}
		broken := errors.New("broken")
		if _, err := mem.read(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), 10, 100); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}
