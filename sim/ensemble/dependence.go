package ensemble

// Dependence makes inputs hang together.
type Dependence []int

func (Dependence) apply([]float64) {}
