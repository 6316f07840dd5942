package main

import (
	"slices"
	"strings"

	"powerplay/scenarios"
	"powerplay/sim/effect"
)

// item is what can be changed in a scenario, or left, by itself: a contract, a shock, a rule or a value, each with what is
// uncertain of it.
type item struct {
	names []string   // several where none can stand without the others
	paths [][]string // the keys that lead to what is changed
}

func (x item) String() string { return strings.Join(x.names, " and ") }

// items lists in what one scenario differs from another. Which months are played and how runs are spread changes nothing of
// a scenario.
func items(a, b *side) []item {
	var all []item
	for _, c := range changes(a, b) {
		all = append(all, item{names: []string{c.key}, paths: [][]string{{c.block, c.key}}})
	}
	var ranges [][]string
	for _, path := range otherPaths(a.tree, b.tree) {
		switch path[0] {
		case "start", "end", "seed":
		case "uncertain":
			ranges = append(ranges, path[:2])
		default:
			all = append(all, item{names: []string{strings.Join(path, ".")}, paths: [][]string{path}})
		}
	}
	for _, path := range ranges {
		of := func(x item) bool { return within(path[1], strings.Join(x.paths[0], ".")) }
		i := slices.IndexFunc(all, of)
		if i < 0 {
			all, i = append(all, item{names: []string{path[1]}}), len(all)
		}
		if !slices.ContainsFunc(all[i].paths, func(p []string) bool { return slices.Equal(p, path) }) {
			all[i].paths = append(all[i].paths, path)
		}
	}
	return together(all, a.tree, b.tree)
}

// together joins items of which one names another that only one of the scenarios has: a contract that amends another, or
// one with a firm that is new.
func together(all []item, a, b *scenarios.Node) []item {
	names := func(x, y item) bool {
		key := y.paths[0][len(y.paths[0])-1]
		p, q := descend(a, y.paths[0]), descend(b, y.paths[0])
		return (p == nil) != (q == nil) && (mentions(descend(a, x.paths[0]), key) || mentions(descend(b, x.paths[0]), key))
	}
	for i := 0; i < len(all); i++ {
		for j := i + 1; j < len(all); j++ {
			if names(all[i], all[j]) || names(all[j], all[i]) {
				all[i].names = append(all[i].names, all[j].names...)
				all[i].paths = append(all[i].paths, all[j].paths...)
				all = slices.Delete(all, j, j+1)
				i, j = -1, len(all) // from the beginning: the two together may name others
			}
		}
	}
	return all
}

// mentions tells whether a value, or one inside it, is a name. What is only for readers is passed over.
func mentions(n *scenarios.Node, name string) bool {
	if n == nil || slices.Contains([]string{"deal", "source", "note"}, n.Key) {
		return false
	}
	return n.Text == name || slices.ContainsFunc(n.Children, func(c *scenarios.Node) bool { return c.Key == name || mentions(c, name) })
}

// mixed returns the first scenario with the items of a coalition as they are in the second. What is expected and asked of
// either is left out.
func mixed(a, b *scenarios.Node, all []item, made effect.Coalition) *scenarios.Node {
	tree := replaced(replaced(a, []string{"expect"}, nil), []string{"ask"}, nil)
	for i, x := range all {
		if made.Has(i) {
			for _, path := range x.paths {
				tree = replaced(tree, path, descend(b, path))
			}
		}
	}
	return stillJoint(tree, b)
}

// stillJoint keeps in the list of jointly spread numbers those that a mixture of two scenarios draws: at each place that of the
// first, or else that of the second.
func stillJoint(tree, b *scenarios.Node) *scenarios.Node {
	at := []string{"design", "jointly"}
	first, second := descend(tree, at), descend(b, at)
	if first == nil {
		return tree
	}
	drawn := tree.Child("uncertain").Keys()
	list := *first
	list.Children = nil
	for i, n := range first.Children {
		if !slices.Contains(drawn, n.Text) {
			n = &scenarios.Node{Kind: scenarios.Scalar, Text: scenarios.Free}
			if second != nil && i < len(second.Children) && slices.Contains(drawn, second.Children[i].Text) {
				n = second.Children[i]
			}
		}
		list.Children = append(list.Children, n)
	}
	return replaced(tree, at, &list)
}

// replaced returns a tree in which another node, or none, stands at a path. The old tree is left as it was.
func replaced(tree *scenarios.Node, path []string, node *scenarios.Node) *scenarios.Node {
	if len(path) == 0 {
		return node
	}
	changed := scenarios.Node{Kind: scenarios.Map}
	if tree != nil {
		changed = *tree
		changed.Children = slices.Clone(tree.Children)
	}
	at := slices.IndexFunc(changed.Children, func(c *scenarios.Node) bool { return c.Key == path[0] })
	var below *scenarios.Node
	if at >= 0 {
		below = changed.Children[at]
	}
	if below == nil && node == nil {
		return tree
	}
	if below = replaced(below, path[1:], node); below != nil {
		named := *below
		named.Key = path[0] // of a map made on the way
		below = &named
	}
	switch {
	case below == nil:
		changed.Children = slices.Delete(changed.Children, at, at+1)
	case at < 0:
		changed.Children = append(changed.Children, below)
	default:
		changed.Children[at] = below
	}
	return &changed
}
