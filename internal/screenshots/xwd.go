package main

import (
	"encoding/binary"
	"errors"
	"image"
)

// decodeXWD reads an X window dump (XWDFile.h, version 7) of 32 bits a pixel, as Xvfb writes it.
func decodeXWD(b []byte) (*image.RGBA, error) {
	var order binary.ByteOrder = binary.BigEndian
	field := func(i int) int { return int(order.Uint32(b[i*4:])) }
	if len(b) < 100 {
		return nil, errors.New("the window dump is too short")
	}
	if field(1) != 7 {
		order = binary.LittleEndian
	}
	const (
		fHeaderSize, fVersion, fWidth, fHeight, fByteOrder, fBits, fLine, fColors = 0, 1, 4, 5, 7, 11, 12, 19
	)
	if field(fVersion) != 7 || field(fBits) != 32 {
		return nil, errors.New("the window dump is not of version 7 with 32 bits a pixel")
	}
	w, h, line := field(fWidth), field(fHeight), field(fLine)
	start := field(fHeaderSize) + field(fColors)*12
	if w <= 0 || h <= 0 || w > 1<<15 || h > 1<<15 || line < w*4 || start < 100 || start+line*h > len(b) {
		return nil, errors.New("the window dump contradicts itself")
	}
	var pixels binary.ByteOrder = binary.LittleEndian
	if field(fByteOrder) == 1 {
		pixels = binary.BigEndian
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := pixels.Uint32(b[start+y*line+x*4:])
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = byte(v>>16), byte(v>>8), byte(v), 255
		}
	}
	return img, nil
}
