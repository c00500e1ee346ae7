package cli

import (
	"errors"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

// latinDigits are numbers as programs read them: a Persian or an Arabic keyboard writes others.
func latinDigits(s string) string { return strings.Map(mail.ASCIIDigit, s) }

// parseID reads the id of a message, in any digits; ids are positive.
func parseID(s string) (id int64, ok bool) {
	id, err := strconv.ParseInt(latinDigits(s), 10, 64)
	return id, err == nil && id > 0
}

// numberFlag is a flag with a whole number, in any digits.
type numberFlag int

func (n *numberFlag) String() string { return strconv.Itoa(int(*n)) }

// Set implements flag.Value; its errors are those of package flag.
func (n *numberFlag) Set(s string) error {
	v, err := strconv.Atoi(latinDigits(s))
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("value out of range")
	case err != nil:
		return errors.New("parse error")
	}
	*n = numberFlag(v)
	return nil
}
