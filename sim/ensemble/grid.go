package ensemble

// Grid runs through all combinations of the values of a few inputs; the last axis turns fastest.
type Grid struct {
	Others Design // of the inputs without an axis
	Axes   []Axis
}

// Axis is an input with the values that it takes in a grid.
type Axis struct {
	Input  int // its place among the inputs
	Values []float64
}

// Runs is the number of combinations.
func (g Grid) Runs() int {
	n := 1
	for _, a := range g.Axes {
		n *= len(a.Values)
	}
	return n
}

// Draw implements [Design]. After the last combination the first comes again.
func (g Grid) Draw(run int, values []float64) {
	g.Others.Draw(run, values)
	rest := run - 1
	for i := len(g.Axes) - 1; i >= 0; i-- {
		a := g.Axes[i]
		values[a.Input] = a.Values[rest%len(a.Values)]
		rest /= len(a.Values)
	}
}
