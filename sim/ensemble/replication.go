package ensemble

// Replication gives every run the inputs of one run of another design: the runs then differ by the luck of their
// months alone, and their spread is what chance does where nothing is uncertain.
type Replication struct {
	Of  int // number of the run, from 1
	Was Design
}

// Draw implements [Design].
func (r Replication) Draw(_ int, values []float64) { r.Was.Draw(r.Of, values) }
