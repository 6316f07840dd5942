package output

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
)

// parquetRows reads series.parquet. It is opened only once its checksum is right, because a torn file can
// make the library ask for any amount of memory; a panic of the library is turned into an error.
func (r *Result) parquetRows(s *seriesReader) (err error) {
	c, err := r.open("series.parquet")
	if err != nil {
		return err
	}
	if err := c.finish(nil, 0); err != nil {
		return err
	}
	file, err := r.fs.Open(c.path)
	if err != nil {
		return fileError("read", c.path, err)
	}
	defer file.Close()
	defer func() {
		if p := recover(); p != nil {
			err = &DamagedError{Path: c.path, What: fmt.Sprint(p)}
		}
	}()
	pack, err := parquet.OpenFile(file, c.want.Size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	for i := 0; err == nil && i < len(pack.RowGroups()); i++ {
		err = s.readGroup(pack.RowGroups()[i])
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return &DamagedError{Path: c.path, What: err.Error()}
	}
	return nil
}

// readGroup takes the rows of a group, column by column: to lay the cells of a row side by side takes more time than to
// read them.
func (s *seriesReader) readGroup(group parquet.RowGroup) error {
	var columns [6]cells
	for i, name := range []string{"run", "date", "entity", "with", "metric", "value"} {
		leaf, ok := group.Schema().Lookup(name)
		if !ok {
			return errors.New("there is no column " + name)
		}
		columns[i].read = parquet.NewColumnChunkValueReader(group.ColumnChunks()[leaf.ColumnIndex])
		defer columns[i].read.Close()
	}
	for left := int(group.NumRows()); left > 0; {
		n := left
		for i := range columns {
			if err := columns[i].fill(); err != nil {
				return err
			}
			n = min(n, len(columns[i].left))
		}
		run, date, entity, with, metric, value := columns[0].left, columns[1].left, columns[2].left, columns[3].left, columns[4].left, columns[5].left
		for k := range n {
			v := math.NaN()
			if !value[k].IsNull() {
				v = value[k].Double()
			}
			if err := readFrames(s, int(run[k].Int32()), date[k].ByteArray(), entity[k].ByteArray(), with[k].ByteArray(), metric[k].ByteArray(), v); err != nil {
				return err
			}
		}
		for i := range columns {
			columns[i].left = columns[i].left[n:]
		}
		left -= n
	}
	return nil
}

// cells are those of a column.
type cells struct {
	read parquet.ColumnChunkValueReader
	page [512]parquet.Value
	left []parquet.Value // of the page; their bytes are good until it is filled again
}

// fill reads on where nothing is left.
func (c *cells) fill() error {
	if len(c.left) > 0 {
		return nil
	}
	n, err := c.read.ReadValues(c.page[:])
	switch c.left = c.page[:n]; {
	case n > 0:
		return nil
	case errors.Is(err, io.EOF):
		return errors.New("a column ends before the others")
	}
	return err
}
