package mailsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

const (
	firstScreen  = 50      // rows that show before anything else is fetched
	fetchBytes   = 1 << 20 // what one command brings, about: whoever opens a message meanwhile waits for two or three of these
	minChunk     = 1       // messages in one command, however large they are
	maxChunk     = 1000
	reusePart    = 5000      // messages whose bytes are looked for here before any is fetched
	fetchPart    = 50_000    // messages that one verb asks for, in many commands
	streamAbove  = 1 << 20   // larger messages go to the store as a stream, never whole into memory
	maxMessage   = 512 << 20 // a message larger than this is set aside
	wholeOffline = 0         // IMAPOptions.OfflineDays: keep everything
)

// ErrTooLarge says that a message goes beyond maxMessage.
var ErrTooLarge = fmt.Errorf("the message is larger than %d MB", maxMessage>>20)

// whole reports whether new messages are fetched whole. With one connection only, whoever opens a message waits for what is under way, so
// that sizes have to be known first: bodies follow when all headers are here. So it is with a folder that was begun anew: most bodies are here, of messages that
// their headers tell.
func (s *folderSync) whole() bool {
	return s.acct.IMAP.OfflineDays == wholeOffline && s.f.Role != mail.RoleAll && !s.alone() && s.anew == 0
}

// first is what fetchNew asks for first of a few new messages.
func (s *folderSync) first() remote.Want {
	switch {
	case !s.whole():
		return remote.WantHeader
	case s.mb.Capabilities().ContentID:
		return remote.WantContentID // see reuse
	}
	return remote.WantBody
}

// fetchNew brings the missing messages, newest first: the newest screenful of what the user looks at by header, then whole messages or
// headers as the account's offline rule says.
func (s *folderSync) fetchNew(ctx context.Context, missing []mail.UID) error {
	if len(missing) == 0 {
		return nil
	}
	whole, want := s.whole(), remote.WantHeader
	if whole {
		want = remote.WantBody
	}
	in := s.intake(ctx, s.f, len(missing))
	if n := len(missing) - firstScreen; n > 0 && s.shown() {
		if _, err := s.fetch(ctx, in, [][]mail.UID{missing[n:]}, remote.WantHeader, nil); err != nil {
			return err
		}
		in.then(func() error { return nil }) // now, not with the next batch
		if missing = slices.DeleteFunc(slices.Clone(missing), func(u mail.UID) bool { return s.set[u] }); whole {
			s.headed = missing[min(n, len(missing)):]
		} else {
			missing = missing[:min(n, len(missing))]
		}
		s.pace = s.told // what the server says of their sizes
	}
	if n := len(s.early); n > 0 && whole && missing[len(missing)-1] != s.early[n-1] {
		// More have come since: these first, because they are on their way.
		done, err := s.fetch(ctx, in, [][]mail.UID{s.early}, want, nil)
		if err != nil {
			return err
		}
		if done > 0 {
			missing = subtract(missing, s.early)
		}
	}
	for len(missing) > 0 {
		n, then := fetchPart, s.openings
		if whole && s.mb.Capabilities().ContentID {
			n = reusePart
		}
		part := missing[max(0, len(missing)-n):]
		if missing = missing[:len(missing)-len(part)]; len(missing) > 0 {
			then = nil
		}
		if whole {
			var err error
			if part, err = s.reuse(ctx, in, part); err != nil {
				return err
			}
		}
		if err := s.fetchAll(ctx, in, part, want, then); err != nil {
			return err
		}
	}
	// Who wanted them may have gone away before they came.
	if err := s.fetchAll(ctx, in, s.takeTheirs(), want, nil); err != nil {
		return err
	}
	return in.failed()
}

// fetchAll fetches messages, newest first, and leaves room in between for what is more urgent.
func (s *folderSync) fetchAll(ctx context.Context, in *ingester, uids []mail.UID, want remote.Want, then func() []remote.Visit) error {
	for len(uids) > 0 {
		if err := s.between(ctx); err != nil {
			return err
		}
		if want == remote.WantBody {
			left, theirs, err := s.leaveOut(ctx, uids)
			if err != nil {
				return err
			}
			uids, s.theirs = left, append(s.theirs, theirs...)
			if len(uids) == 0 {
				break
			}
		}
		chunks := s.chunks(uids)
		done, err := s.fetch(ctx, in, chunks, want, then)
		if err != nil {
			return err
		}
		s.ahead = false
		for _, c := range chunks[:done] {
			uids = uids[:len(uids)-len(c)]
		}
	}
	return nil
}

// pace learns how large the messages of a folder are, so that the commands that fetch them bring equal amounts.
type pace struct{ messages, bytes int64 }

func (p *pace) add(bytes int64) {
	p.messages++
	p.bytes += bytes
}

// chunk is how many messages one command is to ask for.
func (p *pace) chunk() int {
	if p.messages == 0 {
		return firstScreen
	}
	return int(min(max(fetchBytes/max(1, p.bytes/p.messages), minChunk), maxChunk))
}

// chunk is how many messages the next command is to ask for. What other folders have brought tells of one that has brought nothing.
func (s *folderSync) chunk() int {
	if s.pace.messages == 0 && s.sizes.messages >= firstScreen && s.whole() {
		return min(firstScreen, s.sizes.chunk())
	}
	return s.pace.chunk()
}

// chunks cuts what is missing into what one command each asks for, newest first. What was asked for with the opening comes first.
func (s *folderSync) chunks(part []mail.UID) [][]mail.UID {
	early := s.early
	s.early = nil
	if n := len(part) - len(early); len(early) > 0 && n >= 0 && slices.Equal(part[n:], early) {
		return append([][]mail.UID{early}, newestChunks(part[:n], s.chunk())...)
	}
	return newestChunks(part, s.chunk())
}

// fetch hands the messages of chunks, newest chunk first, to the ingester and returns how many chunks are complete: fewer than all when
// somebody waits for a message meanwhile, or when the messages turn out far smaller or larger than thought. Those that the server sent in a
// form nobody can read are set aside. Behind the last chunk the server is asked about the folders of then.
func (s *folderSync) fetch(ctx context.Context, in *ingester, chunks [][]mail.UID, want remote.Want, then func() []remote.Visit) (done int, err error) {
	sets := make([][]remote.UIDRange, len(chunks))
	for i, uids := range chunks {
		sets[i] = ranges(uids)
	}
	all := slices.Concat(chunks...)
	slices.Sort(all)
	size := len(chunks[len(chunks)/2])
	ask := &asking{s: s, in: in}
	if want == remote.WantBody {
		ask.chunks = chunks
	}
	ask.next()
	defer ask.over(false)
	more := func() bool {
		now := s.chunk()
		return !s.urgent() && now <= 4*size && size <= 4*now && ask.free() && ask.next()
	}
	s.line.rest()
	got := &receiving{folderSync: s, in: in, ask: ask, want: want, all: all}
	fetch := s.mb.FetchEach
	if n, ok := s.mb.(remote.Nexter); ok && then != nil {
		fetch = func(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
			return n.FetchNext(ctx, path, sets, want, more, then, fn)
		}
	}
	poisoned, done, err := fetch(ctx, s.f.Path, sets, want, more, got.take)
	if err == nil {
		for _, p := range poisoned {
			got.came = append(got.came, p.UID)
		}
		var nothing []remote.Poisoned
		nothing, err = s.withheld(ctx, in, want, slices.Concat(chunks[:done]...), got.came)
		poisoned = append(poisoned, nothing...)
	}
	if qerr := s.setAside(ctx, in, append(poisoned, got.large...)); err == nil {
		err = qerr
	}
	return done, err
}

// receiving hands on what one fetch brings.
type receiving struct {
	*folderSync
	in    *ingester
	ask   *asking
	want  remote.Want
	all   []mail.UID // what was asked for, ascending
	came  []mail.UID // what came of it
	large []remote.Poisoned
}

// take gets each message as it comes. One that is too large is noted, and not the end of the others.
func (g *receiving) take(f remote.Fetched) error {
	if _, asked := slices.BinarySearch(g.all, f.UID); !asked {
		return nil
	}
	whole := g.want == remote.WantBody
	g.came = append(g.came, f.UID)
	g.top = max(g.top, f.UID)
	g.ahead = g.ahead && g.want == remote.WantHeader && len(g.early) > 0 // the whole messages are still on their way
	if whole && f.Body != nil {
		f.Body = g.ask.watch(f.UID, g.announce(g.in, f), f.BodySize)
	}
	m, err := g.incoming(g.in, f, g.want)
	if errors.Is(err, ErrTooLarge) {
		g.large = append(g.large, remote.Poisoned{UID: f.UID, Err: err})
		g.ask.not(f.UID)
		return nil
	}
	if err != nil {
		return err
	}
	bytes := m.size()
	g.pace.add(bytes)
	if !whole {
		g.told.add(f.Size)
		return g.in.add(m)
	}
	_, m.shown = slices.BinarySearch(g.headed, f.UID)
	g.sizes.add(bytes)
	g.line.add(time.Now(), bytes)
	err = g.in.add(m)
	g.ask.has(f.UID, bytes)
	return err
}

// withheld are those of the messages that were asked for of which nothing came, although they are there: Microsoft 365 answers OK for what
// it cannot convert, now and for ever. Were they only asked for again and again, nobody would ever hear of them.
// They are asked for a second time, by themselves; that they are still there is the server's word, so that they do not count as gone.
func (s *folderSync) withheld(ctx context.Context, in *ingester, want remote.Want, asked, came []mail.UID) ([]remote.Poisoned, error) {
	if len(came) >= len(asked) || s.guess {
		return nil, nil
	}
	slices.Sort(asked)
	slices.Sort(came)
	missing := subtract(asked, came)
	if len(missing) == 0 {
		return nil, nil
	}
	if !s.again {
		s.again = true
		defer func() { s.again = false }()
		_, err := s.fetch(ctx, in, [][]mail.UID{missing}, want, nil)
		return nil, err
	}
	there, err := s.mb.UIDs(ctx, s.f.Path)
	if err != nil {
		return nil, err
	}
	var out []remote.Poisoned
	for _, u := range subtract(missing, subtract(missing, there)) {
		out = append(out, remote.Poisoned{UID: u, Err: errors.New("the server says that the message is there, and gives nothing of it")})
	}
	return out, nil
}

// setAside quarantines messages, and takes back what was stored of them before it was known that they are no good. A row that waits for its
// body stays: its message is there, and what the user has done to it is still to be done on the server.
func (s *folderSync) setAside(ctx context.Context, in *ingester, poisoned []remote.Poisoned) error {
	if len(poisoned) == 0 {
		return nil
	}
	if err := in.flush(); err != nil {
		return err
	}
	uids := make([]mail.UID, len(poisoned))
	for i, q := range poisoned {
		uids[i] = q.UID
	}
	rows, err := s.st.RowsByUID(ctx, s.f.ID, uids)
	if err != nil {
		return err
	}
	uids = slices.DeleteFunc(uids, func(u mail.UID) bool {
		row, listed := rows[u]
		return listed && !row.HasBody
	})
	if _, err := s.st.RemoveUIDs(ctx, s.f.ID, uids); err != nil {
		return err
	}
	return s.quarantine(ctx, poisoned, rows)
}

// incoming reads one answer. Bytes of ordinary size stay in memory until their batch is written; large ones go to the disk.
func (s *folderSync) incoming(in *ingester, f remote.Fetched, want remote.Want) (*raw, error) {
	m := &raw{contentID: f.ContentID, in: mail.Incoming{UID: f.UID, Flags: f.Flags, Received: f.Received, Size: f.Size, ModSeq: f.ModSeq, ServerThread: f.ThreadID}}
	switch {
	case want == remote.WantHeader:
		m.in.Header = slices.Clone(f.Header)
	case f.Body == nil:
		return nil, fmt.Errorf("folder %s, UID %d: the server sent no body", s.f.Path, f.UID)
	default:
		if err := in.read(m, f.Body, f.BodySize); err != nil {
			return nil, fmt.Errorf("folder %s, UID %d: %w", s.f.Path, f.UID, err)
		}
		m.in.Size = max(m.in.Size, 0)
		if m.in.Size == 0 {
			m.in.Size = m.size()
		}
	}
	return m, nil
}

// quarantine sets messages aside, to be told at the end of the pass. rows are those whose header was here already.
func (s *folderSync) quarantine(ctx context.Context, poisoned []remote.Poisoned, rows map[mail.UID]mail.Row) error {
	list := make([]store.Quarantined, 0, len(poisoned))
	for _, q := range poisoned {
		row := rows[q.UID]
		aside := store.Quarantined{Folder: s.f.ID, UID: q.UID, Reason: problem(s.acct, "getting a message", q.Err, false).Store(),
			Cause: cause(q.Err), Subject: row.Subject, From: row.From, Sent: row.Date, Size: row.Size}
		list = append(list, aside)
		if s.retry == q.UID {
			s.failed = true
			continue // it was told when it was set aside first
		}
		if s.set[q.UID] {
			continue
		}
		if s.set == nil {
			s.set = map[mail.UID]bool{}
		}
		s.set[q.UID] = true
		s.noteAside(notice{aside, s.f, fmt.Sprintf("the message with UID %d in %s", q.UID, s.f.Path), q.Err})
	}
	return s.st.Quarantine(ctx, list...)
}
