package output

import (
	"fmt"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"powerplay/sim/record"
)

// The series are one long table: a row for each run, month and column. Every column of every month is
// written, zeros too. About 500 columns × 84 months make 42,000 rows a run; for the six runs usually kept
// that is 252,000 rows, some 14 MB of CSV and 1.4 MB of Parquet, written in a fraction of a second. Leaving
// out columns that are zero throughout would save a third of that, but a missing metric would then mean
// "zero in the runs that happened to be kept", and two variants would have tables of different shape.
// Beyond seriesCSVRows, where spreadsheets give up and CSV hurts everyone, there is Parquet alone.
const seriesCSVRows = 1_000_000

// rowGroup is the number of rows that Parquet packs together.
const rowGroup = 500_000

// pageSize is about how many bytes of a column's rows Parquet packs together. A page that fits into one block of the compression
// (128 KiB, with room for a month above) is packed by itself; a longer one takes 8 MB of memory.
const pageSize = 64 << 10

// PackedRows is how many rows of a table wait at most until they are packed.
func PackedRows(rows int64) int64 { return min(rows, rowGroup) }

// seriesRow is a row of series.parquet. Only the value can be missing.
//
// Text is stored plainly and left to the compression, which makes the file a twentieth larger than a
// dictionary would: the library cuts the runs of dictionary indices in one way with AMD64's vector
// instructions and in another without, so the file would depend on the processor.
type seriesRow struct {
	Run    int32    `parquet:"run,delta"`
	Date   string   `parquet:"date,plain"`
	Entity string   `parquet:"entity,plain"`
	With   string   `parquet:"with,plain"`
	Metric string   `parquet:"metric,plain"`
	Value  *float64 `parquet:"value,optional"`
	Unit   string   `parquet:"unit,plain"`
}

func seriesFields() []Field {
	return []Field{
		{"run", "integer", "", "run; 0 is the central run, every uncertain input at its median, and enters no statistic", true},
		{"date", "yearmonth", "", "month; a flow covers it, a stock is dated at its end", true},
		{"entity", "string", "", "firm or region, or world", true},
		{"with", "string", "", "counterpart of a measure between two firms, else empty", true},
		{"metric", "string", "", "name of the measure", true},
		{"value", "number", "see column unit", "value; money in dollars; empty when it is not defined", false},
		{"unit", "string", "", "unit of the value", false},
	}
}

// seriesWriter writes series.csv and series.parquet side by side. Rows come in the order of the files.
type seriesWriter struct {
	columns []record.Column
	csv     *atomicFile // nil beyond seriesCSVRows
	parquet *atomicFile
	pack    *parquet.GenericWriter[seriesRow]
	heads   [][]byte // by column: its part of a CSV line before the value
	tails   [][]byte // and after it
	line    []byte
	rows    []seriesRow // of one month
	values  []float64   // what rows point into
	count   int64
}

func newSeriesWriter(create func(name string) (*atomicFile, error), columns []record.Column, withCSV bool, id Identity) (*seriesWriter, error) {
	w := &seriesWriter{
		columns: columns,
		rows:    make([]seriesRow, len(columns)),
		values:  make([]float64, len(columns)),
	}
	for i, c := range columns {
		c.Entity, c.With, c.Metric = clean(c.Entity), clean(c.With), clean(c.Metric)
		head := append(appendText(nil, c.Entity), ',')
		head = append(appendText(head, c.With), ',')
		head = append(appendText(head, c.Metric), ',')
		w.heads = append(w.heads, head)
		w.tails = append(w.tails, append(appendText([]byte{','}, clean(string(c.Unit))), '\n'))
		w.rows[i] = seriesRow{Entity: c.Entity, With: c.With, Metric: c.Metric, Unit: clean(string(c.Unit))}
	}
	var err error
	if withCSV {
		if w.csv, err = create("series.csv"); err != nil {
			return nil, err
		}
		newRows(w.csv, seriesFields())
	}
	if w.parquet, err = create("series.parquet"); err != nil {
		w.csv.discard()
		return nil, err
	}
	options := []parquet.WriterOption{
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest, Concurrency: 1}),
		parquet.PageBufferSize(pageSize),
		parquet.DataPageStatistics(false), // the index of the pages has them
		parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.CreatedBy("powerplay", id.Version, "none"),
		parquet.KeyValueMetadata("scenario", id.Scenario),
		parquet.KeyValueMetadata("variant", id.Variant),
		parquet.KeyValueMetadata("scenario_sha256", id.Hash),
		parquet.KeyValueMetadata("seed", strconv.FormatUint(id.Seed, 10)),
		parquet.KeyValueMetadata("runs", strconv.Itoa(id.Runs)),
		parquet.KeyValueMetadata("version", id.Version),
	}
	for _, text := range []string{"entity", "with", "metric", "unit"} { // of each, every page has the same values
		options = append(options, parquet.SkipPageBounds(text))
	}
	w.pack = parquet.NewGenericWriter[seriesRow](w.parquet, options...)
	return w, nil
}

// packRows adds months of a run to series.parquet.
func (w *seriesWriter) packRows(b block) error {
	for k, t := range b.months {
		date := t.String()
		for i, v := range b.frames[k*len(w.columns):][:len(w.columns)] {
			w.values[i] = positiveZero(v)
			row := &w.rows[i]
			row.Run, row.Date, row.Value = int32(b.run), date, nil
			if v == v {
				row.Value = &w.values[i]
			}
		}
		if _, err := w.pack.Write(w.rows); err != nil {
			return err
		}
	}
	w.count += int64(len(b.frames))
	return nil
}

// writeLines adds them to series.csv, if there is one.
func (w *seriesWriter) writeLines(b block) error {
	if w.csv == nil {
		return nil
	}
	for k, t := range b.months {
		date := t.String()
		w.line = w.line[:0]
		for i, v := range b.frames[k*len(w.columns):][:len(w.columns)] {
			w.line = strconv.AppendInt(w.line, int64(b.run), 10)
			w.line = append(w.line, ',')
			w.line = append(w.line, date...)
			w.line = append(w.line, ',')
			w.line = append(w.line, w.heads[i]...)
			w.line = appendNumber(w.line, positiveZero(v))
			w.line = append(w.line, w.tails[i]...)
		}
		if _, err := w.csv.Write(w.line); err != nil {
			return err
		}
	}
	return nil
}

// positiveZero drops the sign of a negative zero.
func positiveZero(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v
}

// commitPacked makes series.parquet appear.
func (w *seriesWriter) commitPacked() (Entry, error) {
	if err := w.pack.Close(); err != nil {
		return Entry{}, err
	}
	return w.parquet.commit()
}

func (w *seriesWriter) discard() {
	w.csv.discard()
	w.parquet.discard()
}

// check panics when a frame does not fit the columns: a mistake of the program, not of its user.
func (w *seriesWriter) check(run int, frame []float64) {
	if len(frame) != len(w.columns) {
		panic(fmt.Sprintf("output: a frame of run %d has %d numbers, want %d", run, len(frame), len(w.columns)))
	}
}
