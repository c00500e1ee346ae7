package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"peyk/internal/mail"
)

// needBlobs returns the hashes that something refers to.
func (s *Store) needBlobs(ctx context.Context) (map[[32]byte]bool, error) {
	need := map[[32]byte]bool{}
	err := s.referred(ctx, func(h []byte) { need[[32]byte(h)] = true })
	return need, err
}

// blobs reads every stored message back, and looks for bytes that nobody refers to and references to bytes that are gone.
func (c *checker) blobs() error {
	need, err := c.s.needBlobs(c.ctx)
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
			if strings.HasPrefix(d.Name(), "incoming-") {
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

const salvagedSetting = "store.salvaged"

// orphans collects bytes that nobody refers to: what a crash between bytes and row leaves, and what deleted messages leave, which is worth no word where Reclaim
// is going to take it away. Only
// while nobody else has the profile open: a pass may just have stored bytes whose rows come next. After a salvage they are
// messages that lost their rows, and come back in a folder of their own.
func (c *checker) orphans(hs [][32]byte, litter []string) error {
	if !c.repair && len(hs) > 0 {
		waiting, err := c.s.released(c.ctx)
		if err != nil {
			return err
		}
		hs = slices.DeleteFunc(hs, func(h [32]byte) bool { return waiting[h] })
	}
	if len(hs)+len(litter) == 0 {
		return c.nothingLost()
	}
	p := strayBlobs(len(hs) + len(litter))
	if !c.repair {
		c.add(p)
		return nil
	}
	alone, err := c.s.alone(c.ctx, func() error { return c.collect(hs, litter) })
	if !alone && err == nil {
		c.add(p)
	}
	return err
}

func strayBlobs(n int) Problem {
	return Problem{Where: "blobs", What: fmt.Sprintf("%d stored messages belong to nothing any more", n), Harmless: true}
}

// collect deals with bytes that nobody refers to; nobody else uses the profile. Reading everything took a while, in which somebody may have: what has come
// since then has a row by now.
func (c *checker) collect(hs [][32]byte, litter []string) error {
	need, err := c.s.needBlobs(c.ctx)
	if err != nil {
		return err
	}
	hs = slices.DeleteFunc(hs, func(h [32]byte) bool { return need[h] })
	if len(hs) == 0 {
		if err := c.nothingLost(); err != nil || len(litter) == 0 {
			return err
		}
	}
	p := strayBlobs(len(hs) + len(litter))
	if salvaged, err := c.s.Setting(c.ctx, salvagedSetting); err != nil {
		return err
	} else if salvaged != "" {
		n, err := c.s.recoverOrphans(c.ctx, hs)
		p.What, p.Repaired = fmt.Sprintf("%d stored messages had lost their place; %d are in the folder %s now", len(hs), n, recoveredFolder), n == len(hs)
		if n == 0 && len(hs) > 0 {
			p.What = fmt.Sprintf("%d stored messages have lost their place; add an account and repair once more: they come into its folder %s", len(hs), recoveredFolder)
		}
		c.add(p)
		return err
	}
	if err := c.s.blobs.remove(c.ctx, hs); err != nil {
		return err
	}
	for _, path := range litter {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fileErr(path, err)
		}
	}
	p.Repaired = true
	c.add(p)
	return nil
}

// nothingLost ends what a salvage asks of a repair: everything that is stored has its row. Else what is deleted from now on would never leave the disk, and would
// come back with a later repair.
func (c *checker) nothingLost() error {
	if !c.repair {
		return nil
	}
	salvaged, err := c.s.Setting(c.ctx, salvagedSetting)
	if err != nil || salvaged == "" {
		return err
	}
	return c.s.SetSetting(c.ctx, salvagedSetting, "")
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

// recoverBatch is how many messages that lost their rows get new ones in one commit.
const recoverBatch = 200

// recoverOrphans makes rows for bytes that have none, in a local folder of the first account, or of Options.Home where there is none.
func (s *Store) recoverOrphans(ctx context.Context, hs [][32]byte) (int, error) {
	account, err := s.home(ctx)
	if err != nil || account == 0 || s.opts.Parse == nil {
		return 0, err // the bytes stay; a later repair finds an account
	}
	folder, err := s.EnsureLocalFolder(ctx, account, recoveredFolder, mail.RoleNone)
	if err != nil {
		return 0, err
	}
	n := 0
	for part := range slices.Chunk(hs, recoverBatch) {
		in := make([]mail.Incoming, 0, len(part))
		for _, h := range part {
			hash := hex.EncodeToString(h[:])
			b, err := s.OpenBlob(ctx, hash)
			if err != nil {
				return n, err
			}
			sum := s.opts.Parse(b, b.Size())
			ref := mail.BlobRef{Hash: hash, Size: b.Size()}
			_ = b.Close()
			in = append(in, mail.Incoming{Flags: mail.Flags{mail.FlagSeen}, Received: sum.Date, Size: ref.Size, Summary: sum, Blob: &ref})
		}
		if _, err := s.Ingest(ctx, folder, in); err != nil {
			return n, err
		}
		n += len(in)
	}
	return n, s.SetSetting(ctx, salvagedSetting, "")
}

// home is the account that mail without a place goes to; 0: there is none.
func (s *Store) home(ctx context.Context) (mail.AccountID, error) {
	accounts, err := s.Accounts(ctx)
	switch {
	case err != nil:
		return 0, err
	case len(accounts) > 0:
		return accounts[0].ID, nil
	case s.opts.Home == nil:
		return 0, nil
	}
	return s.SaveAccount(ctx, s.opts.Home())
}
