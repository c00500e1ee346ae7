package store

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	mathrand "math/rand"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// base64Mail is a message with an attachment of about n bytes, as most large ones are.
func base64Mail(n int) []byte {
	var b bytes.Buffer
	b.WriteString("Subject: a picture\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	code := base64.StdEncoding.EncodeToString(randomBytes(n * 3 / 4))
	for len(code) > 76 {
		b.WriteString(code[:76] + "\r\n")
		code = code[76:]
	}
	b.WriteString(code + "\r\n")
	return b.Bytes()
}

// inDB reports whether blobs.db holds a message, and how many bytes it takes there.
func inDB(t *testing.T, s *Store, ref mail.BlobRef) (stored int, ok bool) {
	t.Helper()
	err := s.blobs.r.QueryRowContext(context.Background(), "SELECT length(data) FROM blobs WHERE hash=?", got(packHash(ref.Hash))(t)).Scan(&stored)
	return stored, err == nil
}

func readBack(t *testing.T, s *Store, ref mail.BlobRef) []byte {
	t.Helper()
	b := got(s.OpenBlob(context.Background(), ref.Hash))(t)
	defer b.Close()
	return got(io.ReadAll(b))(t)
}

// Where a message is kept: texts of any size up to 1 MB compressed in blobs.db, attachments that hardly get smaller as files.
func TestWhereMessagesAreKept(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	text := bytes.Repeat([]byte("a line of an ordinary text, number 123\r\n"), 25000)
	cases := []struct {
		what string
		data []byte
		file bool
	}{{"text of 1 MB", text, false}, {"picture of 700 KB", base64Mail(700 << 10), true}, {"picture of 60 KB", base64Mail(60 << 10), false}, {"noise", randomBytes(400 << 10), true},
		{"text and a small picture", append(text[:300<<10:300<<10], base64Mail(40<<10)...), false}, {"exactly the limit", randomBytes(denseBlob), false},
		{"one more", randomBytes(denseBlob + 1), true}}
	var all [][]byte
	for _, c := range cases {
		all = append(all, c.data)
	}
	refs := got(s.PutBlobs(ctx, append(all, all[1], all[3])))(t) // two are there twice
	for i, c := range cases {
		n, db := inDB(t, s, refs[i])
		if file := s.blobs.filed(refs[i]); file != c.file || db == c.file {
			t.Errorf("%s: file %v, in blobs.db %v", c.what, file, db)
		}
		if db && n > len(c.data)*4/5 && i != 5 {
			t.Errorf("%s: %d bytes are kept in %d", c.what, len(c.data), n)
		}
		if !bytes.Equal(readBack(t, s, refs[i]), c.data) {
			t.Errorf("%s reads back as other bytes", c.what)
		}
		must(t, s.VerifyBlob(ctx, refs[i].Hash))
	}
	if l := got(os.ReadDir(s.dir + "/" + blobDir))(t); len(l) != 3 {
		t.Errorf("%d folders for three files", len(l))
	}
}

// An attachment that an earlier Peyk put into blobs.db stays there and is not stored a second time, whichever way it comes again.
func TestAttachmentsOfEarlierProfiles(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	m := base64Mail(500 << 10)
	ref := got(s.PutBlobs(ctx, [][]byte{m}))(t)[0]
	must(t, os.RemoveAll(filepath.Dir(s.blobs.filePath(ref.Hash)))) // there was no file, and so no folder for it
	must(t, s.blobs.insert(ctx, [][]byte{m}, []packedBlob{{hash: [32]byte(got(packHash(ref.Hash))(t)), enc: encRaw, data: m}}))
	got(s.PutBlobs(ctx, [][]byte{m, []byte("another")}))(t)
	got(s.PutBlob(ctx, bytes.NewReader(m)))(t)
	if s.blobs.filed(ref) {
		t.Error("the message is stored twice")
	}
	if !bytes.Equal(readBack(t, s, ref), m) {
		t.Error("it reads back as other bytes")
	}
}

// What the zstd of earlier versions wrote is read: a frame with a checksum, and with a window.
func TestFramesOfEarlierVersions(t *testing.T) {
	want := "Subject: kept by an earlier Peyk\r\n\r\n" + strings.Repeat("The same line again and again.\r\n", 40)
	frame := got(base64.StdEncoding.DecodeString("KLUv/WQkBC0CACKEDhWgOQDA5uz/iuRLdCIs3obpaBLLWIUo0cot0k20cp/IesRKbwzmmLPeg7Yja37Tfaku+SrgiB9pEQIBVBkFLsI3I4oiBWU="))(t)
	s := openTest(t, Options{})
	if have := got(s.blobs.unpack(nil, int64(len(want)), encZstd, frame))(t); string(have) != want {
		t.Errorf("%q", have)
	}
}

// Spoiled rows are an error, never other bytes, a panic or more memory than the row claims.
func TestSpoiledRows(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	m := []byte("Subject: x\r\n\r\n" + strings.Repeat("some text, some more text and a few words. ", 200))
	ref := got(s.PutBlobs(ctx, [][]byte{m}))(t)[0]
	h := got(packHash(ref.Hash))(t)
	var data []byte
	must(t, s.blobs.r.QueryRowContext(ctx, "SELECT data FROM blobs WHERE hash=?", h).Scan(&data))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		spoiled, size := bytes.Clone(data), int64(len(m))
		switch i % 4 {
		case 0, 1:
			spoiled[rnd.IntN(len(spoiled))] ^= 1 << rnd.IntN(8)
		case 2:
			spoiled = spoiled[:rnd.IntN(len(spoiled))]
		case 3:
			size = []int64{0, 1, size - 1, size + 1, 2 * smallBlob, 1 << 40, -1}[rnd.IntN(7)]
		}
		must(t, s.blobs.w.run(ctx, nil, func(t *wtx) error {
			return t.do("UPDATE blobs SET data=?,size=? WHERE hash=?", spoiled, size, h)
		}))
		b, err := s.OpenBlob(ctx, ref.Hash)
		var ce *CorruptError
		if err != nil && !errors.As(err, &ce) {
			t.Fatalf("%d: %v", i, err)
		}
		if err == nil {
			if have := got(io.ReadAll(b))(t); !bytes.Equal(have, m) {
				t.Fatalf("%d: opened as %q", i, have)
			}
		}
		if bad := s.VerifyBlob(ctx, ref.Hash); (bad == nil) != (err == nil) {
			t.Errorf("%d: opening says %v, verifying %v", i, err, bad)
		}
	}
}

// FuzzPack: whatever a message holds, it reads back as it was.
func FuzzPack(f *testing.F) {
	s := openTest(f, Options{})
	f.Add([]byte{}, 1)
	f.Add([]byte("text "), 40000)
	f.Add(base64Mail(2000), 70)
	f.Add(randomBytes(997), 300)
	f.Fuzz(func(t *testing.T, part []byte, times int) {
		m := bytes.Repeat(part, max(0, min(times, smallBlob/max(1, len(part)))))
		packed, release := s.blobs.packAll([][]byte{m, part})
		defer release()
		for i, want := range [][]byte{m, part} {
			p := packed[i]
			if p.enc == encFile {
				if len(want) <= denseBlob {
					t.Errorf("%d bytes become a file", len(want))
				}
				continue
			}
			if have, err := s.blobs.unpack(nil, int64(len(want)), p.enc, p.data); err != nil || !bytes.Equal(have, want) {
				t.Errorf("%d bytes read back as %d: %v", len(want), len(have), err)
			}
		}
	})
}

// BenchmarkPack hashes and compresses, on one core: letters of 6 KB, and an attachment of 700 KB, which only its parts are tried of.
func BenchmarkPack(b *testing.B) {
	s := openTest(b, Options{})
	letter := []byte(benchMessage(mathrand.New(mathrand.NewSource(1)), 1, 900).Summary.Text)
	for _, c := range []struct {
		name string
		data []byte
	}{{"letter", letter}, {"attachment", base64Mail(700 << 10)}} {
		b.Run(c.name, func(b *testing.B) {
			room := make([]byte, 0, zipBound(len(c.data)))
			b.SetBytes(int64(len(c.data)))
			for b.Loop() {
				s.blobs.pack(c.data, room)
			}
		})
	}
}
