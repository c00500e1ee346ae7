package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// needBlobs returns the hashes that something refers to; see referred.
func (s *Store) needBlobs(ctx context.Context) (need map[[32]byte]bool, sure bool, err error) {
	need = map[[32]byte]bool{}
	sure, err = s.referred(ctx, func(h []byte) { need[[32]byte(h)] = true })
	return need, sure, err
}

// blobs reads every stored message back, and looks for bytes that nobody refers to and references to bytes that are gone.
func (c *checker) blobs() error {
	need, _, err := c.s.needBlobs(c.ctx)
	if err != nil {
		return err
	}
	var orphans [][32]byte
	var broken []brokenBlob
	good := make(map[[32]byte]bool, len(need))
	file := false
	seen := func(h [32]byte, ok bool) {
		c.rep.Blobs++
		switch {
		case !ok:
			broken = append(broken, brokenBlob{h, file})
		case need[h]:
			good[h] = true
		default:
			orphans = append(orphans, h)
		}
	}
	if err := c.smallBlobs(seen); err != nil {
		return err
	}
	file = true
	litter, err := c.largeBlobs(seen)
	if err != nil {
		return err
	}
	for _, b := range broken {
		p := Problem{Where: hex.EncodeToString(b.hash[:]), What: "the stored bytes are damaged", Harmless: !need[b.hash] || good[b.hash]}
		if c.repair {
			if err := c.s.blobs.removeBroken(c.ctx, b); err != nil {
				return err
			}
			p.Repaired = true
		}
		c.add(p)
	}
	for h := range good {
		delete(need, h)
	}
	c.absent = len(need) > 0
	if err := c.missing(need); err != nil {
		return err
	}
	return c.orphans(orphans, litter)
}

// brokenBlob is a message whose bytes are damaged, in its row or in its file: an earlier Peyk kept some as rows that are files now, and
// the other may be whole.
type brokenBlob struct {
	hash [32]byte
	file bool
}

func (b *blobStore) removeBroken(ctx context.Context, x brokenBlob) error {
	if x.file {
		return b.removeFile(x.hash)
	}
	return b.removeRows(ctx, [][32]byte{x.hash})
}

func (c *checker) smallBlobs(seen func([32]byte, bool)) error {
	b := c.s.blobs
	last := int64(0)
	for {
		n := 0
		rows, err := b.r.QueryContext(c.ctx, "SELECT id,hash,size,enc,data FROM blobs WHERE id>? ORDER BY id LIMIT 200", last)
		err = eachRow(rows, err, func(r *sql.Rows) error {
			var h []byte
			var size int64
			var enc int
			var data []byte
			if err := r.Scan(&last, &h, &size, &enc, &data); err != nil {
				return err
			}
			n++
			if len(h) != 32 {
				return nil
			}
			c.rep.BytesChecked += size
			raw, err := b.unpack(nil, size, enc, data)
			seen([32]byte(h), err == nil && sha256.Sum256(raw) == [32]byte(h))
			return nil
		})
		if err != nil {
			return wrapErr(b.w.path, err)
		}
		if n == 0 {
			return nil
		}
	}
}

// largeBlobs checks the files; it returns what an interrupted write left behind.
func (c *checker) largeBlobs(seen func([32]byte, bool)) (litter []string, err error) {
	root := filepath.Join(c.s.dir, blobDir)
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if err := c.ctx.Err(); err != nil {
			return err
		}
		h, err := packHash(d.Name())
		if err != nil {
			if strings.HasPrefix(d.Name(), incomingPrefix) {
				litter = append(litter, path)
			}
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return fileErr(path, err)
		}
		defer f.Close()
		sum := sha256.New()
		n, err := io.Copy(sum, f)
		c.rep.BytesChecked += n
		seen([32]byte(h), err == nil && [32]byte(sum.Sum(nil)) == [32]byte(h))
		return nil
	})
	return litter, err
}

// remove deletes blobs.
func (b *blobStore) remove(ctx context.Context, hs [][32]byte) error {
	if err := b.removeRows(ctx, hs); err != nil {
		return err
	}
	for _, h := range hs {
		if err := b.removeFile(h); err != nil {
			return err
		}
	}
	return nil
}

func (b *blobStore) removeRows(ctx context.Context, hs [][32]byte) error {
	return b.w.run(ctx, nil, func(t *wtx) error {
		for _, h := range hs {
			if err := t.do("DELETE FROM blobs WHERE hash=?", h[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *blobStore) removeFile(h [32]byte) error {
	if err := os.Remove(b.filePath(hex.EncodeToString(h[:]))); err != nil && !os.IsNotExist(err) {
		return fileErr(b.dir, err)
	}
	return nil
}
