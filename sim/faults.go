package sim

// DrawError says that numbers which a run has drawn cannot stand together: a round that raises more than the company is
// worth, a ramp longer than its contract, a delivery before the signing.
type DrawError struct {
	Path string // of the term that the fault is found in
	What string // what is wrong
	Hint string // how to mend it; may be empty
}

// Error implements error.
func (e *DrawError) Error() string { return e.Path + ": " + e.What }

// Faulty looks at each contract, shock and rule by itself, as far as its numbers alone can tell, and returns the first that
// cannot stand, or nil. The scenario reader refuses such terms where they are written; here they may be drawn.
func (m *Model) Faulty() *DrawError {
	for i := range m.Contracts {
		c := &m.Contracts[i]
		for _, f := range c.Terms.Faults() {
			return &DrawError{"contracts." + c.Key + "." + f.Term, f.What, f.Hint}
		}
		for _, f := range c.Misdated() {
			return &DrawError{"contracts." + c.Key + "." + f.Term, "is out of order: " + f.What, f.Hint}
		}
	}
	for i := range m.Shocks {
		s := &m.Shocks[i]
		for _, f := range s.Terms.Faults() {
			return &DrawError{"shocks." + s.Key + "." + f.Term, f.What, f.Hint}
		}
	}
	for i := range m.Regulation {
		r := &m.Regulation[i]
		for _, f := range r.Terms.Faults() {
			return &DrawError{"regulation." + r.Key + "." + f.Term, f.What, f.Hint}
		}
	}
	return nil
}
