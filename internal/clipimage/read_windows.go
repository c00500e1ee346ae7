package clipimage

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	openClipboard           = user32.NewProc("OpenClipboard")
	closeClipboard          = user32.NewProc("CloseClipboard")
	getClipboardData        = user32.NewProc("GetClipboardData")
	registerClipboardFormat = user32.NewProc("RegisterClipboardFormatW")
	globalLock              = kernel32.NewProc("GlobalLock")
	globalUnlock            = kernel32.NewProc("GlobalUnlock")
	globalSize              = kernel32.NewProc("GlobalSize")
)

// cfDIB is the format that every picture can be had in: a BMP file without its file header.
const cfDIB = 8

// read takes the PNG that many programs put beside the bitmap, for it keeps what is transparent; else the bitmap.
func read(ctx context.Context) ([]byte, error) {
	return opened(ctx, func() ([]byte, error) {
		if data, err := named("PNG"); err != nil || data != nil {
			return data, err
		}
		dib, err := global(cfDIB)
		if err != nil {
			return nil, err
		}
		return bitmapFile(dib)
	})
}

func readHTML(ctx context.Context) ([]byte, error) {
	return opened(ctx, func() ([]byte, error) {
		data, err := named("HTML Format")
		if err == nil && data == nil {
			err = ErrNone
		}
		return data, err
	})
}

// opened reads from the clipboard once no other program has it open.
func opened(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	runtime.LockOSThread() // the clipboard is opened for a thread
	defer runtime.UnlockOSThread()
	for {
		if ok, _, _ := openClipboard.Call(0); ok != 0 {
			break
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("open the clipboard: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
	defer closeClipboard.Call()
	return read()
}

// named is global of a format that programs agreed on by name.
func named(format string) ([]byte, error) {
	name, err := windows.UTF16PtrFromString(format)
	if err != nil {
		return nil, err
	}
	id, _, _ := registerClipboardFormat.Call(uintptr(unsafe.Pointer(name)))
	if id == 0 {
		return nil, nil
	}
	return global(id)
}

// global copies what the clipboard holds in a format; nil: nothing.
func global(format uintptr) ([]byte, error) {
	h, _, _ := getClipboardData.Call(format)
	if h == 0 {
		return nil, nil
	}
	size, _, _ := globalSize.Call(h)
	if size == 0 {
		return nil, nil
	}
	if size > Max {
		return nil, ErrTooLarge
	}
	p, _, _ := globalLock.Call(h)
	if p == 0 {
		return nil, nil
	}
	defer globalUnlock.Call(h)
	data := make([]byte, size)
	copy(data, unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&p))), size))
	return data, nil
}

// bitmapFile puts the header of a file before a bitmap (BITMAPFILEHEADER, and the masks and colours behind BITMAPINFOHEADER).
func bitmapFile(dib []byte) ([]byte, error) {
	if len(dib) < 40 {
		return nil, ErrNone
	}
	header := binary.LittleEndian.Uint32(dib)
	bits, compression, used := binary.LittleEndian.Uint16(dib[14:]), binary.LittleEndian.Uint32(dib[16:]), binary.LittleEndian.Uint32(dib[32:])
	offset := uint64(header)
	if header == 40 && compression == 3 { // BI_BITFIELDS
		offset += 12
	}
	if used == 0 && bits <= 8 {
		used = 1 << bits
	}
	offset += 4 * uint64(used)
	if offset > uint64(len(dib)) {
		return nil, ErrNone
	}
	out := make([]byte, 14, 14+len(dib))
	copy(out, "BM")
	binary.LittleEndian.PutUint32(out[2:], uint32(14+len(dib)))
	binary.LittleEndian.PutUint32(out[10:], uint32(14+offset))
	return append(out, dib...), nil
}
