package record

// Name writes the column as a condition does: "openai.cash", "microsoft.stake(openai)", "world.hhi".
func (c Column) Name() string {
	if c.With == "" {
		return c.Entity + "." + c.Metric
	}
	return c.Entity + "." + c.Metric + "(" + c.With + ")"
}
