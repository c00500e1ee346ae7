package clipimage

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/image/bmp"
	"golang.org/x/sys/windows"
)

// own puts bytes into the clipboard in some formats.
func own(t *testing.T, formats map[uintptr][]byte) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if ok, _, err := openClipboard.Call(0); ok == 0 {
		t.Fatal(err)
	}
	defer closeClipboard.Call()
	user32.NewProc("EmptyClipboard").Call()
	for format, data := range formats {
		h, _, err := kernel32.NewProc("GlobalAlloc").Call(2, uintptr(len(data))) // GMEM_MOVEABLE
		if h == 0 {
			t.Fatal(err)
		}
		p, _, _ := globalLock.Call(h)
		copy(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&p))), len(data)), data)
		globalUnlock.Call(h)
		if ok, _, err := user32.NewProc("SetClipboardData").Call(format, h); ok == 0 {
			t.Fatal(err)
		}
	}
}

func pngFormat(t *testing.T) uintptr {
	name, err := windows.UTF16PtrFromString("PNG")
	if err != nil {
		t.Fatal(err)
	}
	f, _, _ := registerClipboardFormat.Call(uintptr(unsafe.Pointer(name)))
	return f
}

func TestPicturesOfTheClipboard(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 7, 5))
	img.SetRGBA(3, 2, color.RGBA{200, 10, 20, 255})
	var file bytes.Buffer
	if err := bmp.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	dib := file.Bytes()[14:]
	own(t, nil)
	if _, err := Read(context.Background()); !errors.Is(err, ErrNone) {
		t.Error("an empty clipboard:", err)
	}
	own(t, map[uintptr][]byte{cfDIB: dib})
	got, err := Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	back, err := bmp.Decode(bytes.NewReader(got))
	if err != nil || back.Bounds() != img.Bounds() {
		t.Fatal(err)
	}
	if r, g, b, _ := back.At(3, 2).RGBA(); r>>8 != 200 || g>>8 != 10 || b>>8 != 20 {
		t.Error("another picture:", r>>8, g>>8, b>>8)
	}
	own(t, map[uintptr][]byte{cfDIB: dib, pngFormat(t): []byte("the better one")})
	if got, err := Read(context.Background()); err != nil || !bytes.HasPrefix(got, []byte("the better one")) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBitmapsThatAreNone(t *testing.T) {
	for _, dib := range [][]byte{nil, {40}, make([]byte, 39), append([]byte{40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 8, 0}, make([]byte, 24)...)} {
		if _, err := bitmapFile(dib); !errors.Is(err, ErrNone) {
			t.Errorf("%d bytes: %v", len(dib), err)
		}
	}
}
