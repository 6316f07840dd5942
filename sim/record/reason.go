package record

import (
	"bytes"
	"encoding/json"
	"math"

	"powerplay/sim/unit"
)

// reasonLine is a reason as it stands in a file: JSON knows no NaN and no infinity, so those are null.
type reasonLine struct {
	Name  string         `json:"name"`
	Value *float64       `json:"value"`
	Unit  unit.Dimension `json:"unit"`
}

// MarshalJSON writes the reason; a value that is not finite becomes null.
func (r Reason) MarshalJSON() ([]byte, error) {
	line := reasonLine{Name: r.Name, Unit: r.Unit}
	if !math.IsNaN(r.Value) && !math.IsInf(r.Value, 0) {
		line.Value = &r.Value
	}
	// The encoder, unlike json.Marshal, can leave < and > as they are: a reader without a JSON tool meets
	// names such as "price < limit".
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(line); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte{'\n'}), nil
}

// UnmarshalJSON reads a reason; null becomes NaN.
func (r *Reason) UnmarshalJSON(text []byte) error {
	var line reasonLine
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	*r = Reason{Name: line.Name, Value: math.NaN(), Unit: line.Unit}
	if line.Value != nil {
		r.Value = *line.Value
	}
	return nil
}
