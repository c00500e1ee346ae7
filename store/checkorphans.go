package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"peyk/internal/mail"
)

// orphans deals with bytes that nobody refers to. Those that somebody let go of are worth no word where Reclaim is going to take them away, and a repair takes them
// away at once. All others may be mail that is nowhere else, whose row was lost with a newer mail.db when an older one was put back: messages come back in a folder of
// their own, also those that a crash left between bytes and row, and what is no message, as a file that was attached to a draft, stays. Only while nobody else has the
// profile open: a pass may just have stored bytes whose rows come next. Where mail.db is damaged nobody knows what is referred to, be it that every row reads well: Repair
// makes a new one, which says that rows may be missing, and looks again.
func (c *checker) orphans(hs [][32]byte, litter []string) error {
	hs = distinct(hs)
	if !c.repair {
		return c.tellOrphans(hs, litter)
	}
	if c.unsure {
		return nil
	}
	if len(hs)+len(litter) == 0 {
		return c.nothingLost()
	}
	alone, err := c.s.alone(c.ctx, func() error { return c.collect(hs, litter) })
	if !alone && err == nil {
		err = c.tellOrphans(hs, litter)
	}
	return err
}

// distinct drops what is there twice: some bytes are in blobs.db and in a file.
func distinct(hs [][32]byte) [][32]byte {
	slices.SortFunc(hs, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(hs)
}

// tellOrphans tells of what a repair would find.
func (c *checker) tellOrphans(hs [][32]byte, litter []string) error {
	o, err := c.sortOrphans(hs)
	if err != nil {
		return err
	}
	if n := len(o.mail); n > 0 {
		c.add(Problem{Where: "blobs", Harmless: !o.salvaged, What: fmt.Sprintf(
			"%d stored messages are in no folder, as when an older %s was put back: receive mail, then repair, and those that did not come again are in the folder %s", n, mailFile, recoveredFolder)})
	}
	c.tellParts(o)
	if len(litter) > 0 {
		c.add(strayBlobs(len(litter)))
	}
	return nil
}

func (c *checker) tellParts(o orphans) {
	if o.parts > 0 {
		c.add(Problem{Where: "blobs", Harmless: true, What: fmt.Sprintf("%d stored files of %d bytes are no messages and belong to nothing, as what was attached to a draft that is gone; they stay", o.parts, o.partBytes)})
	}
}

func strayBlobs(n int) Problem {
	return Problem{Where: "blobs", What: fmt.Sprintf("%d stored messages belong to nothing any more", n), Harmless: true}
}

// orphans are bytes that nobody refers to.
type orphans struct {
	salvaged  bool
	gone      [][32]byte // somebody let go of them
	mail      [][32]byte // messages
	parts     int        // what is no message
	partBytes int64
}

func (c *checker) sortOrphans(hs [][32]byte) (out orphans, err error) {
	if len(hs) == 0 {
		return out, nil
	}
	salvaged, err := c.s.Setting(c.ctx, salvagedSetting)
	if err != nil {
		return out, err
	}
	var released map[[32]byte]bool
	// Where rows were lost, what let go of them may not have been the only one that referred to them. A reference to what is not here may be one that the damage has changed.
	if out.salvaged = salvaged != "" && (salvaged != rowsWhole || c.absent); !out.salvaged {
		if released, err = c.s.released(c.ctx); err != nil {
			return out, err
		}
	}
	for _, h := range hs {
		if unread, ok := released[h]; ok {
			if !unread {
				out.gone = append(out.gone, h)
			}
			continue
		}
		size, isMail, err := c.s.looksLikeMail(c.ctx, h)
		switch {
		case errors.Is(err, ErrNotFound): // somebody was quicker
		case err != nil:
			return out, err
		case isMail:
			out.mail = append(out.mail, h)
		default:
			out.parts++
			out.partBytes += size
		}
	}
	return out, nil
}

// collect deals with bytes that nobody refers to; nobody else uses the profile. Reading everything took a while, in which somebody may have: what has come
// since then has a row by now.
func (c *checker) collect(hs [][32]byte, litter []string) error {
	c.s.reclaiming.Lock()
	defer c.s.reclaiming.Unlock()
	need, sure, err := c.s.needBlobs(c.ctx)
	if err != nil {
		return err
	}
	hs = slices.DeleteFunc(hs, func(h [32]byte) bool { return need[h] })
	o, err := c.sortOrphans(hs)
	if err != nil {
		return err
	}
	if !sure {
		o.gone = nil // something that cannot be read may refer to it
	}
	if err := c.recover(o.mail); err != nil {
		return err
	}
	c.tellParts(o)
	if len(o.gone)+len(litter) > 0 {
		if err := c.discard(o.gone, litter); err != nil {
			return err
		}
	}
	if len(o.mail) == 0 {
		return c.nothingLost()
	}
	return nil
}

// recover brings messages back that have lost their rows.
func (c *checker) recover(hs [][32]byte) error {
	if len(hs) == 0 {
		return nil
	}
	n, err := c.s.recoverOrphans(c.ctx, hs)
	p := Problem{Where: "blobs", Harmless: true, Repaired: n == len(hs),
		What: fmt.Sprintf("%d stored messages had lost their place; %d are in the folder %s now", len(hs), n, recoveredFolder)}
	if n == 0 {
		p.What = fmt.Sprintf("%d stored messages have lost their place; add an account and repair once more: they come into its folder %s", len(hs), recoveredFolder)
	}
	c.add(p)
	return err
}

// discard removes what was deleted, and what an interrupted write left.
func (c *checker) discard(hs [][32]byte, litter []string) error {
	if err := c.s.blobs.remove(c.ctx, hs); err != nil {
		return err
	}
	for _, path := range litter {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return fileErr(path, err)
		}
	}
	p := strayBlobs(len(hs) + len(litter))
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
	if err := s.noteRecovered(ctx, folder); err != nil {
		return n, err
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

// mailFields are fields of which each message that ever was sent has one, in lower case (RFC 5322 §3.6; RFC 2045 §4).
var mailFields = []string{"received", "return-path", "delivered-to", "from", "sender", "to", "cc", "bcc", "subject", "date", "message-id", "mime-version"}

// looksLikeMail reports whether stored bytes begin as a message does, and how many they are. What was attached to a draft lies beside messages, and most of it does not.
func (s *Store) looksLikeMail(ctx context.Context, h [32]byte) (size int64, is bool, err error) {
	b, err := s.OpenBlob(ctx, hex.EncodeToString(h[:]))
	if err != nil {
		return 0, false, err
	}
	defer b.Close()
	head, err := io.ReadAll(io.LimitReader(b, 64<<10))
	return b.Size(), hasMailField(head), err
}

// hasMailField looks for a field in the lines before the first empty one; a few of them may be anything.
func hasMailField(head []byte) bool {
	odd := 0
	for line := range bytes.Lines(bytes.TrimLeft(head, "\r\n \t")) {
		name, _, field := bytes.Cut(line, []byte(":"))
		name = bytes.TrimRight(name, " \t")
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			return false
		case field && slices.Contains(mailFields, string(bytes.ToLower(name))):
			return true
		case line[0] == ' ' || line[0] == '\t':
		case !field || bytes.ContainsAny(name, " \t\x00"):
			if odd++; odd > 3 {
				return false
			}
		}
	}
	return false
}
