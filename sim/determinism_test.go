package sim

import (
	"math"
	"reflect"
	"testing"

	"powerplay/sim/id"
	"powerplay/sim/rng"
	"powerplay/sim/unit"
)

// trace is all that a run yields, bit for bit.
type trace struct {
	frames [][]uint64
	events []Event
	heard  int
}

func (x *trace) Tell(e Event)                                           { x.events = append(x.events, e) }
func (x *trace) Happened(unit.Month, string, id.Firm, id.Contract, int) { x.heard++ }

// follow runs w through one run of m and keeps what it yields.
func follow(t *testing.T, w *World, m *Model, r rng.Run, listen bool) *trace {
	t.Helper()
	x := &trace{}
	w.Listen(nil, false)
	if listen {
		w.Listen(x, true)
	}
	w.Reset(m, r)
	for month := m.Start; ; {
		frame := make([]uint64, len(w.Panel().Frame()))
		for i, v := range w.Panel().Frame() {
			frame[i] = math.Float64bits(v)
		}
		x.frames = append(x.frames, frame)
		if month++; month > m.End {
			return x
		}
		if err := w.Step(month); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARunIsAFunctionOfItsModelSeedAndNumber(t *testing.T) {
	m := small()
	r := rng.Run{Seed: 9, Index: 5}
	want := follow(t, NewWorld(m), m, r, true)
	if len(want.events) == 0 || want.heard == 0 {
		t.Fatal("the run told of nothing")
	}
	if again := follow(t, NewWorld(m), m, r, true); !reflect.DeepEqual(again, want) {
		t.Error("a second world gives another run")
	}
	used := NewWorld(m)
	for _, other := range []rng.Run{{Seed: 9, Index: 0}, {Seed: 9, Index: 6}, {Seed: 2, Index: 5}} {
		follow(t, used, m, other, other.Index == 6)
		if again := follow(t, used, m, r, true); !reflect.DeepEqual(again, want) {
			t.Errorf("a world that has played %v before gives another run", other)
		}
	}
	if other := follow(t, NewWorld(m), m, rng.Run{Seed: 9, Index: 6}, false); reflect.DeepEqual(other.frames, want.frames) {
		t.Error("two runs drew the same")
	}
	// A world left in the middle of a run forgets it too.
	used.Reset(m, rng.Run{Seed: 3, Index: 1})
	for month := m.Start + 1; month < m.Start+30; month++ {
		if err := used.Step(month); err != nil {
			t.Fatal(err)
		}
	}
	if again := follow(t, used, m, r, true); !reflect.DeepEqual(again, want) {
		t.Error("a world stopped in the middle of another run gives another run")
	}
}

func TestAListenerChangesNothing(t *testing.T) {
	m := small()
	for run := range uint64(4) {
		r := rng.Run{Seed: 9, Index: run}
		deaf, heard := follow(t, NewWorld(m), m, r, false), follow(t, NewWorld(m), m, r, true)
		if !reflect.DeepEqual(deaf.frames, heard.frames) {
			t.Errorf("run %d differs when somebody listens", run)
		}
	}
}

func TestAChangedModelLeavesNoTraceInAReusedWorld(t *testing.T) {
	m, other := small(), small()
	other.Market.Compute.Rent *= 2
	other.Market.Build.BuildLag = 40
	other.Firms[cloudC].Cash /= 10
	w := NewWorld(m)
	want := follow(t, w, m, rng.Run{Seed: 1, Index: 1}, true)
	if got := follow(t, w, other, rng.Run{Seed: 1, Index: 1}, true); reflect.DeepEqual(got, want) {
		t.Fatal("the other model gives the same run")
	}
	if again := follow(t, w, m, rng.Run{Seed: 1, Index: 1}, true); !reflect.DeepEqual(again, want) {
		t.Error("the first model gives another run after the second")
	}
}

func TestCloneSharesNoNumber(t *testing.T) {
	m := small()
	want := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 2}, false)
	c := m.Clone()
	if got := follow(t, NewWorld(c), c, rng.Run{Seed: 1, Index: 2}, false); !reflect.DeepEqual(got, want) {
		t.Fatal("a clone runs otherwise than its model")
	}
	numbers := 0
	var spoil func(v reflect.Value)
	spoil = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && f.Name != "Layout" {
					spoil(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				spoil(v.Index(i))
			}
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() {
				spoil(v.Elem())
			}
		case reflect.Float64:
			v.SetFloat(v.Float()*3 + 1)
			numbers++
		case reflect.Int64, reflect.Int:
			v.SetInt(v.Int()*3 + 1)
			numbers++
		case reflect.String:
			v.SetString(v.String() + "?")
		}
	}
	spoil(reflect.ValueOf(c).Elem())
	if numbers < 200 {
		t.Fatalf("only %d numbers were spoilt", numbers)
	}
	if got := follow(t, NewWorld(m), m, rng.Run{Seed: 1, Index: 2}, false); !reflect.DeepEqual(got, want) {
		t.Error("a change of the clone reached the model")
	}
	if !reflect.DeepEqual(m, small()) {
		t.Error("the model is no longer as it was made")
	}
}
