package record

import "testing"

func TestSentencesBeginWithACapitalUnlessANameHasItsOwn(t *testing.T) {
	for text, want := range map[string]string{"market size": "Market size", "xAI's cash": "xAI's cash", "élan": "Élan", "": ""} {
		if got := Capital(text); got != want {
			t.Errorf("%q begins a sentence as %q, want %q", text, got, want)
		}
	}
}

func TestSentencesAgreeWithFirmsOfSeveral(t *testing.T) {
	for _, tt := range []struct{ sentence, subject, want string }{
		{"Other labs defaults.", "Other labs", "Other labs default."},
		{"Other clouds has a building ready.", "Other clouds", "Other clouds have a building ready."},
		{"Other labs is late.", "Other labs", "Other labs are late."},
		{"Other labs promises Amazon to spend.", "Other labs", "Other labs promise Amazon to spend."},
		{"Other labs reaches {its|their} ceiling.", "Other labs", "Other labs reach their ceiling."},
		{"Other labs vetoes a call.", "Other labs", "Other labs veto a call."},
		{"Other labs may not take 5 MW.", "Other labs", "Other labs may not take 5 MW."},
		{"Other labs and OpenAI sign it.", "Other labs", "Other labs and OpenAI sign it."},
		{"OpenAI runs short of cash and {cuts|cut} research.", "OpenAI", "OpenAI runs short of cash and cuts research."},
		{"Other venture capital puts {its|their} money into xAI.", "Other venture capital", "Other venture capital puts its money into xAI."},
		{"Lenders refuse Other labs a loan.", "Other labs", "Lenders refuse Other labs a loan."},
	} {
		if got := Agree(tt.sentence, tt.subject); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.sentence, got, tt.want)
		}
	}
	for name, want := range map[string]bool{"Other labs": true, "Chinese platforms": true, "Goldman Sachs": false, "Other venture capital": false, "xAI": false, "labs": false, "": false} {
		if Several(name) != want {
			t.Errorf("several firms are meant by %q: %v", name, !want)
		}
	}
	if Possessive("Other labs") != "Other labs'" || Possessive("Mistral") != "Mistral's" {
		t.Errorf("whose: %s, %s", Possessive("Other labs"), Possessive("Mistral"))
	}
}
