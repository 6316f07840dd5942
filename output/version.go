package output

// Version is the tool's version. It stands in the source, and not in the build's stamp, so that `go run`
// and `go build` write the same bytes.
const Version = "0.1.0-dev"
