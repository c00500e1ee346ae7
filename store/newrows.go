package store

import (
	"time"

	"peyk/internal/mail"
)

// newRows collects the rows of new messages of one folder and writes many at once. Nobody else may add messages or threads in the
// same transaction meanwhile, because the ids are given here.
type newRows struct {
	t        *wtx
	f        folderRow
	next     mail.MessageID // the id of the next one; 0: not asked yet
	threads  *threader
	messages bulk
	details  bulk
	waiting  map[mail.UID]bool     // the UIDs of rows that wait
	shown    map[mail.ThreadID]int // added rows that are shown, by thread
	keys     [][]int64             // of threads, of the messages up to which they were looked for
}

// keysAhead is for how many messages threads are looked for at once.
const keysAhead = 64

func newNewRows(t *wtx, f folderRow) *newRows {
	n := &newRows{t: t, f: f, threads: newThreader(t, f.Account), waiting: map[mail.UID]bool{}, shown: map[mail.ThreadID]int{},
		messages: newBulk(t, `messages(id,account,folder,role,thread,uid,date,received,size,flags,hidden,sflags,modseq,attachments,
 hasbody,indexed,indexsum,keywords,skeywords,header_id,subject,sender,recipients,snippet,blob,blob_size,uidl)`), details: newBulk(t, detailsCols)}
	n.threads.before = n.flush
	return n
}

// keysOf are the keys of a message's thread, looked for.
func (n *newRows) keysOf(in []mail.Incoming, i int) ([]int64, error) {
	if i < len(n.keys) {
		return n.keys[i], nil
	}
	// Those passed over are in the store already.
	n.keys = append(n.keys, make([][]int64, i-len(n.keys))...)
	var all []int64
	for j := i; j < min(len(in), i+keysAhead); j++ {
		k := threadKeys(&in[j].Summary, in[j].ServerThread)
		n.keys = append(n.keys, k)
		all = append(all, k...)
	}
	return n.keys[i], n.threads.look(all)
}

// newRow is a message with what its row needs beyond.
type newRow struct {
	in       *mail.Incoming
	received time.Time
	fl       flagSet
	sum      int64 // of its entry in the search index
	hidden   int
	thread   mail.ThreadID
}

// put adds a row and gives it its id.
func (n *newRows) put(r newRow) (mail.MessageID, error) {
	if n.next == 0 {
		if _, err := n.t.get("SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name='messages'),0)+1", nil, &n.next); err != nil {
			return 0, err
		}
	}
	id := n.next
	in, sum := r.in, &r.in.Summary
	var blob []byte
	var blobSize int64
	var header []byte
	indexed := 1
	if in.Blob != nil {
		h, err := packHash(in.Blob.Hash)
		if err != nil {
			return 0, err
		}
		blob, blobSize, indexed = h, in.Blob.Size, 2
	} else {
		header = in.Header
	}
	size := in.Size
	if size == 0 {
		size = blobSize
	}
	var uid any
	if in.UID != 0 {
		uid = in.UID
		n.waiting[in.UID] = true
	}
	date := unix(shownDate(sum.Date, r.received))
	details, err := detailsOf(id, sum, header)
	if err != nil {
		return 0, err
	}
	n.next++
	if r.hidden == 0 {
		n.shown[r.thread]++
		n.t.added(placed{account: n.f.Account, folder: n.f.ID, role: roleNumber(n.f.Role), key: sortKey{date, id}}, r.fl.bits&bitSeen == 0, size)
	}
	if err := n.details.add(details...); err != nil {
		return 0, err
	}
	return id, n.messages.add(id, n.f.Account, n.f.ID, roleNumber(n.f.Role), r.thread, uid, date, unix(r.received), size,
		r.fl.bits, r.hidden, r.fl.bits, int64(in.ModSeq), realAttachments(sum.Attachments), in.Blob != nil, indexed, r.sum,
		r.fl.kw, r.fl.kw, cleanHeaderID(sum.HeaderID), cleanText(sum.Subject, maxSubject), packAddrs(bounded(sum.From)), packAddrs(bounded(sum.To)),
		cleanText(sum.Snippet, maxSnippet), blob, blobSize, in.UIDL)
}

// flushFor writes what waits when a message with that UID is among it.
func (n *newRows) flushFor(uid mail.UID) error {
	if !n.waiting[uid] {
		return nil
	}
	return n.flush()
}

// flush writes the rows that wait.
func (n *newRows) flush() error {
	clear(n.waiting)
	if err := n.messages.flush(); err != nil {
		return err
	}
	return n.details.flush()
}

// finish writes everything and tells the transaction what came.
func (n *newRows) finish() error {
	if err := n.flush(); err != nil {
		return err
	}
	if err := n.threads.flush(); err != nil {
		return err
	}
	if err := n.t.countAdded(); err != nil {
		return err
	}
	var join []mail.ThreadID
	for th, rows := range n.shown {
		if rows > 1 || !n.threads.made[th] {
			join = append(join, th)
		}
	}
	return n.t.join(n.f.ID, join)
}
