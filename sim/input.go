package sim

// Input is an uncertain number of a model: where it stands and how it is distributed.
type Input struct {
	Path     string                  // scenario path, such as market.compute.rent
	Quantile func(u float64) float64 // of its distribution
	Central  float64                 // its value in the central run: the median, or the likeliest choice
	Set      func(m *Model, x float64)
	Luck     uint64 // hash of the path: an input keeps its draws when others come and go
}
