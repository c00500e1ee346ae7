package model

// Physical keys. A letter key means the same shortcut under every keyboard layout: where the layout gives it a Latin
// letter, that letter counts (so AZERTY and Dvorak users press what they read), and where it does not (Persian, Arabic,
// Russian, …) the key's place counts.

// scan is the place of the letters by their Linux evdev code, which is the PC's set-1 scan code too.
var scan = map[int]string{
	16: "Q", 17: "W", 18: "E", 19: "R", 20: "T", 21: "Y", 22: "U", 23: "I", 24: "O", 25: "P",
	30: "A", 31: "S", 32: "D", 33: "F", 34: "G", 35: "H", 36: "J", 37: "K", 38: "L",
	44: "Z", 45: "X", 46: "C", 47: "V", 48: "B", 49: "N", 50: "M", 53: "/",
	2: "1", 3: "2", 4: "3", 5: "4", 6: "5", 7: "6", 8: "7", 9: "8", 10: "9", 11: "0",
}

// mac is the same for macOS virtual key codes.
var mac = map[int]string{
	0: "A", 1: "S", 2: "D", 3: "F", 4: "H", 5: "G", 6: "Z", 7: "X", 8: "C", 9: "V", 11: "B", 12: "Q", 13: "W", 14: "E", 15: "R", 16: "Y", 17: "T",
	31: "O", 32: "U", 34: "I", 35: "P", 37: "L", 38: "J", 40: "K", 45: "N", 46: "M", 44: "/",
	18: "1", 19: "2", 20: "3", 21: "4", 23: "5", 22: "6", 26: "7", 28: "8", 25: "9", 29: "0",
}

// PhysicalKey names the key at a place of the keyboard as a US layout labels it, "" when it is not a letter, a digit or
// the slash. goos is runtime.GOOS; X11 and Wayland count scan codes from 8.
func PhysicalKey(goos string, scanCode int) string {
	switch goos {
	case "darwin":
		return mac[scanCode]
	case "windows":
		return scan[scanCode]
	}
	return scan[scanCode-8]
}
