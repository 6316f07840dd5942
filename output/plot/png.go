package plot

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"io"
	"math"
	"strconv"
)

// PNG writes the figure as an opaque picture with 8 bits a channel. Its chunks hold the resolution, title,
// description (the alternative text), source, software, the scenario's hash and the seed; no time, which
// would make two equal runs differ.
func (f *Figure) PNG(w io.Writer, p Profile, meta Meta) error {
	s, err := f.lay(p)
	if err != nil {
		return err
	}
	picture := s.picture()
	var header [13]byte
	binary.BigEndian.PutUint32(header[0:], uint32(picture.Rect.Dx()))
	binary.BigEndian.PutUint32(header[4:], uint32(picture.Rect.Dy()))
	header[8], header[9] = 8, 2 // bits a channel; red, green and blue without transparency
	out := appendChunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", header[:])

	var phys [9]byte
	perMetre := uint32(math.Round(float64(p.DPI) / 0.0254))
	binary.BigEndian.PutUint32(phys[0:], perMetre)
	binary.BigEndian.PutUint32(phys[4:], perMetre)
	phys[8] = 1 // the unit is the metre
	out = appendChunk(out, "pHYs", phys[:])
	for _, t := range [][2]string{
		{"Title", f.Title},
		{"Description", f.AltText()},
		{"Source", meta.source()},
		{"Software", meta.software()},
		{"Scenario-SHA256", meta.Hash},
		{"Seed", strconv.FormatUint(meta.Seed, 10)},
	} {
		// Keyword, no compression, no language, no translated keyword, UTF-8 text.
		out = appendChunk(out, "iTXt", []byte(t[0]+"\x00\x00\x00\x00\x00"+oneLine(t[1])))
	}
	pixels, err := deflate(picture)
	if err != nil {
		return fmt.Errorf("plot: encode %s: %w", f.Name, err)
	}
	out = appendChunk(out, "IDAT", pixels)
	out = appendChunk(out, "IEND", nil)
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("plot: write %s: %w", f.Name, err)
	}
	return nil
}

// deflate compresses the pixels row by row. Charts are flat colour, which packs best as it is: the filters that
// the standard library's encoder tries on each row are made for photographs, and cost a quarter in size.
func deflate(picture *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	row := make([]byte, 1+3*picture.Rect.Dx()) // a row begins with its filter, 0 for none
	for y := range picture.Rect.Dy() {
		from := picture.Pix[y*picture.Stride:]
		for x := range picture.Rect.Dx() {
			copy(row[1+3*x:4+3*x], from[4*x:])
		}
		if _, err := z.Write(row); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// appendChunk appends a PNG chunk: length, type, data, checksum of type and data.
func appendChunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	from := len(out)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
