package output

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/afero"
)

// Rows come back in the order of their runs, whatever the order in which runs ended and whichever did not,
// and their file goes with the folder's being closed or given up.
func TestRowsWaitInTheFolder(t *testing.T) {
	onBoth(t, func(t *testing.T, fsys afero.Fs, dir string) {
		for _, finish := range []func(*Folder) error{(*Folder).Close, func(f *Folder) error { f.Abort(); return nil }} {
			f, err := Create(fsys, dir, about(3), columns(), Options{Force: true})
			if err != nil {
				t.Fatal(err)
			}
			rows, err := f.RowKeeper(5, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, run := range []int{9, 5, 7, 6} {
				rows.Keep(run, []float64{float64(run), -0.5})
			}
			var got []float64
			visit := func(run int, row []float64) error {
				if float64(run) != row[0] {
					t.Errorf("run %d has the row %v", run, row)
				}
				got = append(got, row...)
				return nil
			}
			if err := rows.Each(visit); err != nil || !slices.Equal(got, []float64{5, -0.5, 6, -0.5, 7, -0.5, 9, -0.5}) {
				t.Errorf("rows = %v, %v", got, err)
			}
			enough := errors.New("enough")
			if err := rows.Each(func(int, []float64) error { return enough }); !errors.Is(err, enough) {
				t.Errorf("a visitor's error is told as %v", err)
			}
			if err := finish(f); err != nil {
				t.Fatal(err)
			}
			entries, _ := afero.ReadDir(fsys, dir)
			for _, e := range entries {
				if strings.HasPrefix(e.Name(), ".tmp-") {
					t.Errorf("%s is left behind", e.Name())
				}
			}
		}
	})
}
