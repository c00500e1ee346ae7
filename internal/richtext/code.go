package richtext

import (
	"strconv"
	"strings"
)

// code is a Block in letters, for HTML that is to be edited again: d direction, q quote, c cite, l list, v level, h heading,
// t tight.
func (b Block) code() string {
	var f []string
	put := func(letter string, n int) {
		if n != 0 {
			f = append(f, letter+strconv.Itoa(n))
		}
	}
	put("d", int(b.Dir))
	put("q", int(b.Quote))
	put("c", flag(b.Cite))
	put("l", int(b.List))
	put("v", int(b.Level))
	put("h", int(b.Heading))
	put("t", flag(b.Tight))
	return strings.Join(f, " ")
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

// decode reads code; what it does not know it leaves out.
func decode(s string) Block {
	var b Block
	for _, f := range strings.Fields(s[:min(len(s), 200)]) {
		n, err := strconv.Atoi(f[1:])
		if err != nil {
			continue
		}
		switch f[0] {
		case 'd':
			b.Dir = Dir(max(-1, min(1, n)))
		case 'q':
			b.Quote = uint8(max(0, min(MaxQuote, n)))
		case 'c':
			b.Cite = n != 0
		case 'l':
			b.List = List(max(0, min(int(Numbers), n)))
		case 'v':
			b.Level = uint8(max(0, min(MaxLevel, n)))
		case 'h':
			b.Heading = uint8(max(0, min(MaxHeading, n)))
		case 't':
			b.Tight = n != 0
		}
	}
	return b
}
