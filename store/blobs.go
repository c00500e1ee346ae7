package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"peyk/internal/mail"
)

// Sizes in bytes. Up to smallBlob a message is kept in blobs.db, unless it is larger than denseBlob and compressing it would save less than
// a third, as with attachments: what SQLite writes goes to the disk twice, first to its log, a file once.
const (
	smallBlob = 1 << 20
	denseBlob = 128 << 10
)

// Values of blobs.enc.
const (
	encRaw  = 0
	encZstd = 1
)

// blobStore keeps bytes by their SHA-256. Blobs are never changed, and only Check and Reclaim delete any.
type blobStore struct {
	dir  string // of the profile
	w    *writer
	r    *sql.DB
	stmt stmtCache
	zips zips
	slab chan []byte // one, that messages are compressed into
}

func openBlobs(ctx context.Context, dir string) (*blobStore, error) {
	path := filepath.Join(dir, blobFile)
	w, err := openWriter(ctx, path, blobMigrations, blobPragmas...)
	if err != nil {
		return nil, err
	}
	return newBlobStore(dir, w, "")
}

// newBlobStore is that of a database that is open; how is for openReaders. The writer is closed with it, and by an error.
func newBlobStore(dir string, w *writer, how string) (b *blobStore, err error) {
	b = &blobStore{dir: dir, w: w, zips: newZips(), slab: make(chan []byte, 1)}
	// A message is seldom read twice in a row, and the system keeps the file's pages anyway.
	if b.r, err = openReaders(w.path, 500, how); err != nil {
		_ = w.close()
		return nil, err
	}
	b.stmt.db = b.r
	return b, nil
}

func (b *blobStore) close() error {
	b.stmt.close()
	return errors.Join(b.r.Close(), b.w.close())
}

// PutBlob stores bytes; they are durable when it returns. Storing the same bytes again is cheap. At most about 1 MB is
// held in memory, however large the message.
func (s *Store) PutBlob(ctx context.Context, r io.Reader) (mail.BlobRef, error) {
	buf := bytes.NewBuffer(make([]byte, 0, 64<<10))
	n, err := io.Copy(buf, io.LimitReader(r, smallBlob+1))
	if err != nil {
		return mail.BlobRef{}, fmt.Errorf("reading the message to store: %w", err)
	}
	if n > smallBlob {
		return s.putFile(ctx, io.MultiReader(buf, r))
	}
	refs, err := s.PutBlobs(ctx, [][]byte{buf.Bytes()})
	if err != nil {
		return mail.BlobRef{}, err
	}
	return refs[0], nil
}

// PutBlobs stores messages and returns their references in order; all are durable then. What an error leaves stored belongs to nothing
// and is taken for the message when that comes again.
func (s *Store) PutBlobs(ctx context.Context, msgs [][]byte) ([]mail.BlobRef, error) {
	b := s.blobs
	refs := make([]mail.BlobRef, len(msgs))
	packed, release := b.packAll(msgs)
	defer release()
	var files []*StagedBlob
	defer func() {
		for _, f := range files {
			f.Discard() // those that were not kept
		}
	}()
	for i, m := range msgs {
		refs[i] = mail.BlobRef{Hash: hex.EncodeToString(packed[i].hash[:]), Size: int64(len(m))}
	}
	if err := s.ClaimBlobs(ctx, refs...); err != nil {
		return nil, err
	}
	for i, m := range msgs {
		if packed[i].enc == encFile {
			f, err := s.stageBytes(ctx, m, refs[i])
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	// Both wait for the disk mostly.
	kept := make(chan error, 1)
	go func() { kept <- s.KeepBlobs(ctx, files) }()
	err := b.insert(ctx, msgs, packed)
	if kerr := <-kept; kerr != nil {
		return nil, kerr
	}
	if err != nil {
		return nil, fmt.Errorf("storing %d messages: %w", len(msgs), err)
	}
	return refs, nil
}

// insert stores those that are no files in one transaction.
func (b *blobStore) insert(ctx context.Context, msgs [][]byte, packed []packedBlob) error {
	if !slices.ContainsFunc(packed, func(p packedBlob) bool { return p.enc != encFile }) {
		return nil
	}
	return b.w.run(ctx, nil, func(t *wtx) error {
		for i, p := range packed {
			if p.enc == encFile {
				continue
			}
			if err := t.do("INSERT INTO blobs(hash,size,enc,data) VALUES(?,?,?,?) ON CONFLICT(hash) DO NOTHING", p.hash[:], len(msgs[i]), p.enc, p.data); err != nil {
				return err
			}
		}
		return nil
	})
}

// ctxReader ends a long copy when ctx ends.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// memBlob is a small blob, unpacked.
type memBlob struct{ *bytes.Reader }

func (memBlob) Close() error { return nil }

// fileBlob is a large one.
type fileBlob struct {
	*os.File
	size int64
}

func (f fileBlob) Size() int64 { return f.size }

// OpenBlob opens stored bytes. The error wraps ErrNotFound when they are not here, and is a *CorruptError when they
// cannot be unpacked.
func (s *Store) OpenBlob(ctx context.Context, hash string) (Blob, error) {
	h, err := packHash(hash)
	if err != nil {
		return nil, fmt.Errorf("opening a message: %w", err)
	}
	hash = hex.EncodeToString(h)
	data, ok, err := s.blobs.load(ctx, h)
	if err != nil {
		return nil, fmt.Errorf("opening message %s: %w", hash, err)
	}
	if ok {
		return memBlob{bytes.NewReader(data)}, nil
	}
	f, err := os.Open(s.blobs.filePath(hash))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("message %s: %w", hash, ErrNotFound)
	}
	if err != nil {
		return nil, fileErr(s.blobs.filePath(hash), err)
	}
	st, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return fileBlob{f, st.Size()}, nil
}

func (b *blobStore) load(ctx context.Context, h []byte) ([]byte, bool, error) {
	st, err := b.stmt.get(ctx, "SELECT size,enc,data FROM blobs WHERE hash=?")
	if err != nil {
		return nil, false, wrapErr(b.w.path, err)
	}
	var size int64
	var enc int
	var data []byte
	ok, err := scanned(st.QueryRowContext(ctx, h).Scan(&size, &enc, &data))
	if err != nil || !ok {
		return nil, false, wrapErr(b.w.path, err)
	}
	if data, err = b.unpack(nil, size, enc, data); err != nil {
		return nil, false, err
	}
	// Nothing else tells that a bit of something compressed has changed: it may well decompress, into another text.
	if enc == encZstd && sha256.Sum256(data) != [sha256.Size]byte(h) {
		return nil, false, &CorruptError{File: b.w.path, Err: fmt.Errorf("message %x reads back as other bytes", h)}
	}
	return data, true, nil
}

// unpack gives the bytes of a row back, in room where that is large enough.
func (b *blobStore) unpack(room []byte, size int64, enc int, data []byte) ([]byte, error) {
	if size < 0 || size > 2*smallBlob {
		return nil, &CorruptError{File: b.w.path, Err: fmt.Errorf("a message claims %d bytes", size)}
	}
	if enc == encZstd {
		if int64(cap(room)) < size {
			room = make([]byte, 0, size)
		}
		out, err := b.zips.unzip(room[:size], data)
		if err != nil {
			return nil, &CorruptError{File: b.w.path, Err: err}
		}
		data = out
	}
	if int64(len(data)) != size {
		return nil, &CorruptError{File: b.w.path, Err: fmt.Errorf("a message has %d bytes instead of %d", len(data), size)}
	}
	return data, nil
}

// summary parses a stored message with the parser of the options.
func (s *Store) summary(ctx context.Context, hash string) (mail.Summary, error) {
	r, err := s.OpenBlob(ctx, hash)
	if err != nil {
		return mail.Summary{}, err
	}
	defer r.Close()
	return s.opts.Parse(r, r.Size()), nil
}

// blobOf is the reference of a message's bytes.
func (t *wtx) blobOf(id mail.MessageID) (mail.BlobRef, error) {
	var h []byte
	var ref mail.BlobRef
	ok, err := t.get("SELECT blob,blob_size FROM messages WHERE id=?", []any{id}, &h, &ref.Size)
	if err == nil && (!ok || len(h) == 0) {
		err = fmt.Errorf("the bytes of message %d: %w", id, ErrNotFound)
	}
	ref.Hash = hex.EncodeToString(h)
	return ref, err
}

// reindex builds the search entry of a message again: from its bytes where there is a parser, else from what the row
// holds. full reports which.
func (t *wtx) reindex(id mail.MessageID) (full bool, err error) {
	if ref, err := t.blobOf(id); err == nil && t.s.opts.Parse != nil {
		sum, err := t.s.summary(t.ctx, ref.Hash)
		if err == nil {
			return true, t.indexAgain(id, &sum, 2)
		}
		if !errors.Is(err, ErrNotFound) {
			var c *CorruptError
			if !errors.As(err, &c) {
				return false, err
			}
		}
	}
	var subject, sender, rcpt, snippet, cc, bcc, replyTo, atts string
	ok, err := t.get(`SELECT m.subject,m.sender,m.recipients,m.snippet,ifnull(d.cc,''),ifnull(d.bcc,''),ifnull(d.reply_to,''),ifnull(d.attachments,'')
 FROM messages m LEFT JOIN details d ON d.id=m.id WHERE m.id=?`, []any{id}, &subject, &sender, &rcpt, &snippet, &cc, &bcc, &replyTo, &atts)
	if err != nil || !ok {
		return false, err
	}
	sum := mail.Summary{Subject: subject, From: unpackAddrs(sender), To: unpackAddrs(rcpt), Cc: unpackAddrs(cc), Bcc: unpackAddrs(bcc),
		ReplyTo: unpackAddrs(replyTo), Text: snippet, Attachments: unpackAttachments(atts)}
	return false, t.indexAgain(id, &sum, 1)
}

// indexAgain gives a message another entry in the search index, made of its header (1) or of all of it (2).
func (t *wtx) indexAgain(id mail.MessageID, sum *mail.Summary, of int) error {
	e := entryOf(sum)
	t.index(id, e, false)
	return t.do("UPDATE messages SET indexed=?,indexsum=? WHERE id=?", of, e.check, id)
}
