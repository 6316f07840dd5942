package scenarios_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/spf13/afero"

	"powerplay/scenarios"
	"powerplay/sim"
	"powerplay/sim/unit"
)

// Whatever numbers a scenario of the library is given, it is refused with reasons, or plays to its end with all laws kept, or
// its money outgrows the books and it says so. It plays a few dozen; POWERPLAY_FULL=1 plays some thousands.
func TestAnyNumbersAreRefusedOrKeepTheLaws(t *testing.T) {
	if testing.Short() {
		t.Skip("plays whole runs")
	}
	trials := 40
	if os.Getenv("POWERPLAY_FULL") != "" {
		trials = 4000
	}
	draw := rand.New(rand.NewPCG(11, 12))
	files, err := fs.Glob(scenarios.Library(), "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	refused, stopped := 0, 0
	for range trials {
		name := strings.TrimSuffix(path.Base(files[draw.IntN(len(files))]), ".yaml")
		base := load(t, name, "")
		variant := ""
		if i := draw.IntN(len(base.Variants) + 1); i > 0 {
			variant = base.Variants[i-1]
		}
		sets := anySets(draw, base)
		study, problems := scenarios.Load(afero.NewMemMapFs(), name, variant, sets)
		if study == nil {
			if len(problems) == 0 {
				t.Errorf("%s %s %q is refused without a reason", name, variant, sets)
			}
			refused++
			continue
		}
		index := draw.IntN(1000)
		switch err := playedOut(study, index); {
		case err == nil:
		case isTooMuch(err):
			stopped++
		default:
			t.Errorf("%s %s, run %d: %v\nwith %q", name, variant, index, err, sets)
		}
	}
	t.Logf("of %d, %d are refused, and in %d money outgrows the books", trials, refused, stopped)
	if refused == trials || stopped == trials-refused {
		t.Error("none is played to its end")
	}
}

// anySets are some numbers of a study, each far from what it was.
func anySets(draw *rand.Rand, s *scenarios.Study) (sets []string) {
	d := scenarios.ModelDecoder(s.Resolved)
	all := leaves(s.Model)
	for range 1 + draw.IntN(5) {
		at := all[draw.IntN(len(all))]
		target, err := d.Resolve(s.Model, at)
		if err != nil || strings.HasSuffix(at, ".luck") || strings.HasPrefix(at, "contracts.") && s.Tree.At(at) == nil {
			continue
		}
		x := otherwise(target, target.Get(s.Model), []float64{0, 0.02, 0.3, 3, 20, 1000}[draw.IntN(6)])
		sets = append(sets, at+"="+written(target.Dim, x))
	}
	return sets
}

// written is a number as a scenario states it.
func written(dim unit.Dimension, x float64) string {
	sign := ""
	if x < 0 {
		sign, x = "-", -x
	}
	money := map[unit.Dimension]string{unit.DimUSD: "", unit.DimUSDPerYear: "/yr", unit.DimRent: "/GW-yr", unit.DimUSDPerMW: "/MW", unit.DimUSDPerMWh: "/MWh"}
	if behind, ok := money[dim]; ok {
		return fmt.Sprintf("%s$%.6f%s", sign, x, behind)
	}
	plain := map[unit.Dimension]string{
		unit.DimMW: " MW", unit.DimMWIT: " MW IT", unit.DimH100e: " H100e", unit.DimH100ePerMW: " H100e/MW", unit.DimMonths: " months", unit.DimRate: "/yr", unit.DimHazard: "/month",
	}
	switch {
	case dim == unit.DimMonth:
		return unit.Month(x).String()
	case dim == unit.DimCount:
		return fmt.Sprintf("%s%.0f", sign, x)
	}
	return fmt.Sprintf("%s%.9f%s", sign, x, plain[dim])
}

// playedOut plays one run to its end; the error is what stopped it, a panic among them.
func playedOut(s *scenarios.Study, index int) (err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *unit.TooMuchError:
			err = x
		default:
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	m := s.Model.Clone()
	r := drawn(s, m, index)
	w := sim.NewWorld(m)
	w.Reset(m, r)
	for month := m.Start + 1; month <= m.End; month++ {
		if err := w.Step(month); err != nil {
			return err
		}
	}
	return nil
}

func isTooMuch(err error) bool {
	_, is := errors.AsType[*unit.TooMuchError](err)
	return is
}
