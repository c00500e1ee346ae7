package store

import (
	"errors"
	"runtime"

	"github.com/DataDog/zstd"
)

// zipLevel is the quickest level of zstd that still codes letters by how frequent they are: the next quicker one leaves texts a third
// larger, and does not make base64 smaller at all.
const zipLevel = 1

// zips compresses and decompresses messages (RFC 8878), for any goroutine. It keeps the memory that this takes, outside of Go's heap,
// for as many calls as run at a time; what more need is freed when the garbage collector finds it.
type zips struct{ idle chan zstd.Ctx }

func newZips() zips { return zips{make(chan zstd.Ctx, runtime.GOMAXPROCS(0))} }

func (z zips) take() zstd.Ctx {
	select {
	case c := <-z.idle:
		return c
	default:
		return zstd.NewCtx()
	}
}

func (z zips) put(c zstd.Ctx) {
	select {
	case z.idle <- c:
	default:
	}
}

// zipBound is how much room zip needs for n bytes.
func zipBound(n int) int { return zstd.CompressBound(n) }

// zip compresses src into room.
func (z zips) zip(room, src []byte) ([]byte, error) {
	c := z.take()
	defer z.put(c)
	return c.CompressLevel(room, src, zipLevel)
}

// unzip decompresses src into room and returns what it filled. What holds more than fits is an error: damage cannot make it take more
// memory.
func (z zips) unzip(room, src []byte) ([]byte, error) {
	if len(room) == 0 || len(src) == 0 {
		return nil, errors.New("nothing is never compressed") // and the library takes the address of the first byte
	}
	c := z.take()
	defer z.put(c)
	n, err := c.DecompressInto(room, src)
	if err != nil {
		return nil, err
	}
	return room[:n], nil
}
