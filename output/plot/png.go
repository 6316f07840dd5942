package plot

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/png"
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
	var body bytes.Buffer
	if err := png.Encode(&body, s.picture()); err != nil {
		return fmt.Errorf("plot: encode %s: %w", f.Name, err)
	}
	const header = 8 + 25 // signature and IHDR; what describes the picture stands before its data
	out := append([]byte(nil), body.Bytes()[:header]...)

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
	out = append(out, body.Bytes()[header:]...)
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("plot: write %s: %w", f.Name, err)
	}
	return nil
}

// appendChunk appends a PNG chunk: length, type, data, checksum of type and data.
func appendChunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	from := len(out)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}
