package mail

// ASCIIDigit gives a digit of a Persian or an Arabic keyboard as 0-9, and anything else as it is.
func ASCIIDigit(r rune) rune {
	switch {
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	}
	return r
}
