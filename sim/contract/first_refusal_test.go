package contract

import (
	"testing"

	"powerplay/sim/market"
)

func TestARightCoversItsLabsOffersFromOthers(t *testing.T) {
	c := FirstRefusal{Holder: cloud, Lab: lab, Notice: 2, Threshold: 100, Match: "partial"}
	tests := []struct {
		name  string
		offer market.Offer
		want  bool
	}{
		{"a rival's offer to the lab", market.Offer{Request: market.Request{Lab: lab, Size: 500}, Seller: rival}, true},
		{"of just the threshold", market.Offer{Request: market.Request{Lab: lab, Size: 100}, Seller: rival}, true},
		{"below it the lab is free", market.Offer{Request: market.Request{Lab: lab, Size: 99}, Seller: rival}, false},
		{"the holder's own offer needs no match", market.Offer{Request: market.Request{Lab: lab, Size: 500}, Seller: cloud}, false},
		{"an offer to another lab is not its business", market.Offer{Request: market.Request{Lab: fund, Size: 500}, Seller: rival}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			holder, notice, ok := c.Claims(Now{}, new(State), tt.offer)
			if ok != tt.want || ok && (holder != cloud || notice != 2) {
				t.Errorf("offer %+v: claimed %v by %d with %v months, want %v by %d with 2", tt.offer, ok, holder, notice, tt.want, cloud)
			}
		})
	}
}

func TestAHolderMayTakeAPartUnlessTheMatchIsFull(t *testing.T) {
	for match, want := range map[string]MatchRule{"partial": Partial, "full": Full, "notify": Notify} {
		if got, _ := (&FirstRefusal{Match: match}).Answer(); got != want {
			t.Errorf("match %s: rule %d, want %d", match, got, want)
		}
	}
}
