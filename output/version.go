package output

import "strings"

// Version is the tool's version. It stands in the source, and not in the build's stamp, so that `go run`
// and `go build` write the same bytes.
const Version = "0.1.0-dev"

// inProgress tells whether a version is still being worked on: its results may change from one build to
// the next, so a result folder of such a version is never taken as already done.
func inProgress(version string) bool { return strings.HasSuffix(version, "-dev") }
