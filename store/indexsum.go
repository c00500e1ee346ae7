package store

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// schemaIndexSum gives each message a check sum of what the search index got of it: FTS5 keeps none, and its own check takes any words
// for right that stand in order. NULL: indexed before there were sums.
const schemaIndexSum = `ALTER TABLE messages ADD COLUMN indexsum INTEGER`

// sumBits is the length of the sums. 47 bits are six bytes in a row of SQLite.
const sumBits = 47

// sum is the check sum of an entry: added up over all words, so that a reader of the index, who meets them in the order of words and
// not of messages, needs no more than one number for each message.
func (e *indexEntry) sum() int64 {
	var sum uint64
	for column, text := range e.columns() {
		sum += textSum(text, column)
	}
	return int64(sum & (1<<sumBits - 1))
}

// Odd constants without a pattern, for mixing.
const (
	mixFirst  = 0x6a09e667f3bcc909
	mixLength = 0xbb67ae8584caa73b
	mixColumn = 0x3c6ef372fe94f82b
	mixOffset = 0x9e3779b97f4a7c15
)

func mixed(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// wordHash is what a sum takes of a word: its first eight bytes, to which those between are mixed, and its last eight with its length.
type wordHash struct{ first, last uint64 }

func hashOf(word []byte) wordHash {
	n := len(word)
	if n < 8 {
		var b [8]byte
		copy(b[:], word)
		w := binary.LittleEndian.Uint64(b[:])
		return wordHash{w, w + uint64(n)*mixLength}
	}
	h := wordHash{binary.LittleEndian.Uint64(word), binary.LittleEndian.Uint64(word[n-8:]) + uint64(n)*mixLength}
	for i := 8; i < n-8; i += 8 {
		h.first = mixed(h.first^mixFirst, binary.LittleEndian.Uint64(word[i:]))
	}
	return h
}

// at is what the word at a place adds to a sum.
func (h wordHash) at(place uint64) uint64 { return mixed(h.first^mixFirst, h.last^place) }

func placeOf(column, offset int) uint64 { return uint64(column)*mixColumn + uint64(offset)*mixOffset }

// textSum is the sum of the words of a folded text, which single spaces separate. It is part of a first download and there for the
// processor: the ends of all words in 64 bytes are found at once, so that there is nothing to guess, and no word waits for the one before.
func textSum(text []byte, column int) (sum uint64) {
	place, start := placeOf(column, 0), 0
	for i := 0; i+64 <= len(text); i += 64 {
		for ends := spacesIn(text[i : i+64]); ends != 0; ends &= ends - 1 {
			end := i + bits.TrailingZeros64(ends)
			n := end - start
			if n <= 16 && end >= 8 && start+8 <= len(text) {
				other := uint(64 - 8*min(n, 8))
				first := binary.LittleEndian.Uint64(text[start:]) << (other & 63) >> (other & 63)
				last := binary.LittleEndian.Uint64(text[end-8:]) >> (other & 63)
				sum += wordHash{first, last + uint64(n)*mixLength}.at(place)
			} else {
				sum += hashOf(text[start:end]).at(place)
			}
			place, start = place+mixOffset, end+1
		}
	}
	for start < len(text) {
		word := text[start:]
		if n := bytes.IndexByte(word, ' '); n >= 0 {
			word = word[:n]
		}
		sum += hashOf(word).at(place)
		place, start = place+mixOffset, start+len(word)+1
	}
	return sum
}

// spacesIn has a bit for each space among 64 bytes.
func spacesIn(b []byte) (set uint64) {
	const lows, spaces = 0x7f7f7f7f7f7f7f7f, 0x2020202020202020
	for i := 0; i < 64; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:]) ^ spaces
		zero := ^((x&lows + lows) | x | lows) // the highest bit of each byte that is a space
		set |= zero >> 7 * 0x0102040810204080 >> 56 << i
	}
	return set
}
