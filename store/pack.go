package store

import (
	"crypto/sha256"
	"runtime"
	"sync"
	"sync/atomic"
)

// encFile is no value of blobs.enc: the bytes go into a file of their own.
const encFile = -1

// packedBlob is a message as it is stored: its hash, and what goes into blobs.db.
type packedBlob struct {
	hash [sha256.Size]byte
	enc  int
	data []byte
}

// packAll hashes and compresses messages on all cores. What it returns is valid until release is called.
func (b *blobStore) packAll(msgs [][]byte) (packed []packedBlob, release func()) {
	packed = make([]packedBlob, len(msgs))
	room := make([]int, len(msgs)+1)
	for i, m := range msgs {
		room[i+1] = room[i]
		if len(m) <= smallBlob {
			room[i+1] += zipBound(len(m))
		}
	}
	var slab []byte
	select {
	case slab = <-b.slab:
	default:
	}
	if len(slab) < room[len(msgs)] {
		slab = make([]byte, room[len(msgs)])
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(len(msgs), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(msgs); i = int(next.Add(1)) - 1 {
				packed[i] = b.pack(msgs[i], slab[room[i]:room[i]:room[i+1]])
			}
		})
	}
	wg.Wait()
	return packed, func() {
		select {
		case b.slab <- slab:
		default:
		}
	}
}

// pack compresses a message into the room given, when that saves anything.
func (b *blobStore) pack(m, room []byte) packedBlob {
	p := packedBlob{hash: sha256.Sum256(m), enc: encRaw, data: m}
	if len(m) > smallBlob || len(m) > denseBlob && b.dense(m, room) {
		p.enc, p.data = encFile, nil
		return p
	}
	if z, err := b.zips.zip(room, m); err == nil && len(z) < len(m)-len(m)/16 {
		p.enc, p.data = encZstd, z
	}
	if p.data == nil {
		p.data = []byte{} // an empty message is not NULL
	}
	return p
}

// dense reports whether compressing a message of more than denseBlob would save less than a third, judged by parts of it.
func (b *blobStore) dense(m, room []byte) bool {
	const parts, part = 4, 4 << 10
	left := 0
	for i := range parts {
		at := (len(m) - part) / (parts + 1) * (i + 1)
		z, err := b.zips.zip(room, m[at:at+part])
		if err != nil {
			return false
		}
		left += min(len(z), part)
	}
	return left > parts*part*2/3
}
