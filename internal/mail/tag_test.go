package mail

import "testing"

func TestTagsInEveryAlphabet(t *testing.T) {
	for name, want := range map[string][2]string{ // the keyword, and the name it is read as
		"Work": {"Work", "Work"}, "two  words": {"two_words", "two_words"}, "R&D": {"R&D", "R&D"}, "کار": {"&BqkGJwYx-", "کار"},
		"پروژه نو": {"&Bn4GMQZIBpgGRw-_&BkYGSA-", "پروژه_نو"}, "می‌خوانم": {"&BkUGzCAMBi4GSAYnBkYGRQ-", "می‌خوانم"}, "کار & R": {"&BqkGJwYx-_&-_R", "کار_&_R"},
		"★ 1": {"&JgU-_1", "★_1"}, "😀": {"&2D3eAA-", "😀"}, `$x(y)"\`: {"xy", "xy"}, "": {"", ""}, "\u202bکار\u202c": {"&BqkGJwYx-", "کار"},
	} {
		f := TagNamed(name)
		if string(f) != want[0] || f.TagName() != want[1] || f != "" && !f.IsTag() {
			t.Errorf("%q is %q, called %q; want %q", name, f, f.TagName(), want)
		}
		if again := TagNamed(f.TagName()); again != f {
			t.Errorf("%q becomes %q", f, again)
		}
	}
	for _, f := range []Flag{"a&b-c", "&-", "&bqkgjwyx", "&B-", "&2D0-", "&AGE-", "x&y", "$label1"} { // of other programs
		if f.TagName() != string(f) {
			t.Errorf("%q is called %q", f, f.TagName())
		}
	}
}
