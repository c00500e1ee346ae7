package imap

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/emersion/go-imap/v2"

	"peyk/internal/mail"
)

// FindByHeaderID implements remote.Mailboxes. headerID may come with or without angle brackets. What the server finds is looked at: SEARCH
// finds parts of words, and QQ, Exmail and AliMail find every message of a folder, whatever is searched for in a header.
func (c *Client) FindByHeaderID(ctx context.Context, path, headerID string) ([]mail.UID, error) {
	s, end, err := c.begin(ctx, "search "+path)
	if err != nil {
		return nil, err
	}
	defer end()
	id := strings.Trim(strings.TrimSpace(headerID), "<>")
	step := "search " + path
	if id == "" || len(id) > 900 || strings.ContainsFunc(id, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
		return nil, s.invalid(step, "%.80q is no Message-ID that can be searched for", headerID)
	}
	// What was copied there a moment ago must be found: look at the mailbox as it is now.
	if s.selected == path {
		err = s.noop(ctx)
	} else {
		err = c.selectPath(ctx, s, path, nil, nil)
	}
	if err != nil {
		return nil, err
	}
	uids, err := s.search(ctx, step, &imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}}})
	if err != nil || len(uids) == 0 {
		return uids, err
	}
	return s.withHeaderID(ctx, step, uids, id)
}

// withHeaderID returns those of some messages that have this Message-ID. Where the server shows none of their headers, its word counts.
func (s *session) withHeaderID(ctx context.Context, step string, uids []mail.UID, id string) ([]mail.UID, error) {
	var have []mail.UID
	shown := false
	handle := func(p *response) (bool, error) {
		if p.typ != "FETCH" {
			return false, nil
		}
		uid, field, ok := headerFields(p)
		if !ok {
			return false, nil
		}
		shown = true
		if isHeaderID(field, id) {
			have = append(have, uid)
		}
		return true, nil
	}
	for _, ch := range s.chunks(rangesOf(uids)) {
		_, err := s.run(ctx, &command{step: step, text: "UID FETCH " + ch.text + " (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])", handle: handle, maxUnits: 1 << 20})
		if err != nil {
			return nil, err
		}
	}
	if !shown {
		return uids, nil
	}
	slices.Sort(have)
	have = slices.Compact(have)
	return slices.DeleteFunc(have, func(u mail.UID) bool { _, found := slices.BinarySearch(uids, u); return !found }), nil
}

// headerFields reads the answer to a FETCH of some header fields.
func headerFields(p *response) (uid mail.UID, fields []byte, ok bool) {
	uid = p.uid
	err := eachItem(p.scan(), func(name string, sc *scanner) error {
		switch {
		case name == "UID":
			n, err := sc.number()
			uid = mail.UID(n)
			return err
		case strings.HasPrefix(name, "BODY[HEADER.FIELDS"):
			v, has, err := sc.str()
			fields, ok = v, ok || has
			return err
		}
		return sc.skip()
	})
	return uid, fields, ok && err == nil && uid != 0 && p.broken == nil
}

// isHeaderID reports whether a Message-ID field, folded or not, is this one.
func isHeaderID(field []byte, id string) bool {
	tight := func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}
	_, value, _ := bytes.Cut(field, []byte(":"))
	have, want := string(bytes.Map(tight, value)), strings.Map(tight, id)
	return have == want || strings.Contains(have, fmt.Sprintf("<%s>", want))
}
