package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What was stored reads back, whole batches of it, twice the same hash included; what is missing, damaged or no hash at all is told of that
// message alone.
func TestVerifyBlobsTellsEach(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	var hashes []string
	for i := range 2*verifyAtOnce + 5 {
		body := []byte(fmt.Sprintf("Subject: %d\r\n\r\n%s", i, strings.Repeat("text ", 10*i)))
		if i == 40 {
			body = bytes.Repeat(body, 1+smallBlob/len(body)) // a file
		}
		ref := got(s.PutBlob(ctx, bytes.NewReader(body)))(t)
		hashes = append(hashes, ref.Hash)
	}
	for i, err := range s.VerifyBlobs(ctx, hashes) {
		must(t, err)
		if err := s.VerifyBlob(ctx, hashes[i]); err != nil {
			t.Errorf("message %d alone: %v", i, err)
		}
	}
	wrong, gone, no := hashes[7], strings.Repeat("ab", 32), "no hash"
	must(t, s.blobs.w.run(ctx, nil, func(w *wtx) error {
		h := got(packHash(wrong))(t)
		return w.do("UPDATE blobs SET enc=0,data=zeroblob(size) WHERE hash=?", h)
	}))
	asked := append(append([]string{gone, no}, hashes...), hashes[3])
	var c *CorruptError
	for i, err := range s.VerifyBlobs(ctx, asked) {
		switch asked[i] {
		case wrong:
			if !errors.As(err, &c) {
				t.Errorf("a damaged message reads back: %v", err)
			}
		case gone:
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("a missing message reads back: %v", err)
			}
		case no:
			if err == nil {
				t.Error("something that is no hash reads back")
			}
		default:
			must(t, err)
		}
	}
}
