package ensemble

// Table states the values of some inputs run by run, such as the rows of a spreadsheet.
type Table struct {
	Others Design      // of the inputs that the table does not state
	Inputs []int       // places of the inputs that it states
	Rows   [][]float64 // by run from 1, then in the order of Inputs
}

// Draw implements [Design]. It panics when the table has no row for the run.
func (t Table) Draw(run int, values []float64) {
	t.Others.Draw(run, values)
	for i, x := range t.Rows[run-1] {
		values[t.Inputs[i]] = x
	}
}
