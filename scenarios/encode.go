package scenarios

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Encode writes a tree as YAML in the order of the tree. Parsing it again gives the same tree.
func Encode(tree *Node) []byte {
	var b bytes.Buffer
	if tree == nil || len(tree.Children) == 0 {
		b.WriteString("{}\n")
		return b.Bytes()
	}
	encodeMap(&b, tree, 0, false)
	return b.Bytes()
}

func indent(b *bytes.Buffer, depth int) { b.WriteString(strings.Repeat("  ", depth)) }

// encodeMap writes the entries of a map; where inline is set, the first stands behind the dash of a list.
func encodeMap(b *bytes.Buffer, n *Node, depth int, inline bool) {
	for i, c := range n.Children {
		if i > 0 || !inline {
			indent(b, depth)
		}
		b.WriteString(encodeKey(c.Key) + ":")
		encodeValue(b, c, depth+1)
	}
}

func encodeValue(b *bytes.Buffer, n *Node, depth int) {
	switch {
	case n.Kind == Null:
		b.WriteString(" null\n")
	case n.Kind == Scalar:
		b.WriteString(" " + encodeScalar(n) + "\n")
	case n.Kind == Map && len(n.Children) == 0:
		b.WriteString(" {}\n")
	case n.Kind == List && len(n.Children) == 0:
		b.WriteString(" []\n")
	case n.Kind == Map:
		b.WriteString("\n")
		encodeMap(b, n, depth, false)
	default:
		b.WriteString("\n")
		encodeList(b, n, depth, false)
	}
}

func encodeList(b *bytes.Buffer, n *Node, depth int, inline bool) {
	for i, c := range n.Children {
		if i > 0 || !inline {
			indent(b, depth)
		}
		b.WriteString("-")
		switch {
		case c.Kind == Map && len(c.Children) > 0:
			b.WriteString(" ")
			encodeMap(b, c, depth+1, true)
		case c.Kind == List && len(c.Children) > 0:
			b.WriteString(" ")
			encodeList(b, c, depth+1, true)
		default:
			encodeValue(b, c, depth)
		}
	}
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.\-\[\]]*$`)

func encodeKey(key string) string {
	if plainKey.MatchString(key) && plainSafe(key) {
		return key
	}
	return doubleQuoted(key)
}

func encodeScalar(n *Node) string {
	if !n.Quoted && plainSafe(n.Text) {
		return n.Text
	}
	return doubleQuoted(n.Text)
}

// plainSafe reports whether YAML reads text without quotes back as that same text.
func plainSafe(text string) bool {
	switch strings.ToLower(text) {
	case "", "~", "null", "---", "...", "<<":
		return false
	}
	if strings.TrimSpace(text) != text || strings.Contains(text, ": ") || strings.Contains(text, " #") || strings.HasSuffix(text, ":") ||
		strings.HasPrefix(text, "--- ") || strings.HasPrefix(text, "... ") {
		return false
	}
	for _, r := range text {
		if !unicode.IsPrint(r) || r == '\ufeff' {
			return false
		}
	}
	first := text[0]
	switch {
	case strings.IndexByte("[]{},#&*!|>'\"%@`", first) >= 0:
		return false
	case strings.IndexByte("-?:", first) >= 0:
		return len(text) > 1 && text[1] != ' '
	}
	return true
}

func doubleQuoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r) && r != '\ufeff':
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08X`, r)
		case r > 0xff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteString(`\x` + strings.ToUpper(strconv.FormatInt(int64(r)+0x100, 16)[1:]))
		}
	}
	b.WriteByte('"')
	return b.String()
}
