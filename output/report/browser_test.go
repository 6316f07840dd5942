package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser opens a page, as a file, in a headless Chromium, and notes every complaint on its console and every request for
// anything else. Where there is no Chromium the test is skipped, and says so.
func browser(t *testing.T, text string) (ctx context.Context, noted func() []string) {
	t.Helper()
	known := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	i := slices.IndexFunc(known, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	if i < 0 {
		t.Skip("no Chromium on this machine, so the page was not looked at in a browser: apt-get install chromium")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	url := "file://" + filepath.ToSlash(file)

	var mu sync.Mutex
	var notes []string
	note := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		notes = append(notes, fmt.Sprintf(format, args...))
	}
	listen := func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			note("exception: %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			note("console: %s", e.Type)
		case *log.EventEntryAdded:
			note("log: %s", e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if e.Request.URL != url {
				note("request: %s", e.Request.URL)
			}
		case *page.EventJavascriptDialogOpening:
			note("dialog: %s", e.Message)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(known[i]), chromedp.NoSandbox, chromedp.WindowSize(1100, 900))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithListener(listen))
	t.Cleanup(cancel)
	run(ctx, t, command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}), chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("main")))
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return notes
	}
}

// command is an order of the browser's own protocol.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// run drives the browser.
func run(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// evaluate asks the page.
func evaluate[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestBrowserNamesDoNothing(t *testing.T) {
	_, text, _ := document(t, hostileDuel().source(t))
	ctx, noted := browser(t, text)
	if evaluate[bool](ctx, t, `"struck" in window || document.querySelector("img") !== null || document.scripts.length !== 1`) {
		t.Error("a name did something")
	}
	if got := evaluate[string](ctx, t, `document.querySelector("h1").textContent`); got != hostile {
		t.Errorf("the title reads %q", got)
	}
	if n := noted(); len(n) > 0 {
		t.Errorf("the browser complains: %q", n)
	}
}

func TestBrowserTellsValues(t *testing.T) {
	_, text, _ := document(t, sampleDuel().source(t))
	ctx, noted := browser(t, text)

	// Under a pointer at the eleventh of 24 months in the chart of all capacity, which is the second.
	const chart = `document.querySelectorAll("figure.chart")[1]`
	run(ctx, t, chromedp.Evaluate[chromedp.Void](chart+`.scrollIntoView({block: "center"})`))
	at := evaluate[[]float64](ctx, t, `(r => [r.left + r.width * 10 / 23, r.top + r.height / 2])(`+chart+`.querySelector(".wide .time").getBoundingClientRect())`)
	run(ctx, t, chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	tip := evaluate[string](ctx, t, chart+`.querySelector(".tip").innerText`)
	row := evaluate[string](ctx, t, `(tr => tr.cells[0].textContent + " " + tr.cells[4].textContent)(`+chart+`.querySelectorAll(".numbers tbody tr")[10])`)
	value := strings.TrimPrefix(row, "2030-11 ")
	if row == value || !strings.Contains(tip, "November 2030") || !strings.Contains(tip, value) || !strings.Contains(tip, "All owners median") {
		t.Errorf("the pointer tells %q, the table %q", tip, row)
	}

	// What is hidden is not told.
	run(ctx, t, chromedp.Evaluate[chromedp.Void](chart+`.querySelector("button[data-band=runs]").click()`), chromedp.MouseEvent(chromedp.MouseMoved, at[0]+1, at[1]))
	if hidden := evaluate[string](ctx, t, chart+`.querySelector(".tip").innerText`); !strings.Contains(tip, "run 1") || strings.Contains(hidden, "run 1") || !strings.Contains(hidden, "median") {
		t.Errorf("without single runs the pointer tells %q", hidden)
	}

	// By key, and read out.
	run(ctx, t, chromedp.Focus(chromedp.CSS("figure.chart .stage")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	if said := evaluate[string](ctx, t, `document.querySelector("[aria-live]").textContent`); !strings.HasPrefix(said, "February 2030: ") || !strings.Contains(said, "Alpha median") {
		t.Errorf("the keys tell %q", said)
	}
	run(ctx, t, chromedp.KeyEvent(kb.Escape))
	if !evaluate[bool](ctx, t, `document.querySelector(".tip").hidden`) {
		t.Error("Escape leaves the values standing")
	}

	// A firm and a band are hidden by key, and shown again.
	for _, kind := range []string{"series", "band"} {
		button := "figure.chart button[data-" + kind + "]"
		state := fmt.Sprintf(`(b => b.getAttribute("aria-pressed") + " " + getComputedStyle([...document.querySelectorAll("figure.chart .wide g")].find(g => g.dataset.%s === b.dataset.%[1]s))[%q])(document.querySelector(%q))`,
			kind, map[string]string{"series": "opacity", "band": "display"}[kind], button)
		shown := evaluate[string](ctx, t, state)
		run(ctx, t, chromedp.Focus(chromedp.CSS(button)), chromedp.KeyEvent(kb.Enter))
		hidden := evaluate[string](ctx, t, state)
		run(ctx, t, chromedp.KeyEvent(" "))
		if again := evaluate[string](ctx, t, state); !strings.HasPrefix(hidden, "false") || again != shown || strings.TrimPrefix(hidden, "false ") == strings.TrimPrefix(shown, "true ") {
			t.Errorf("a %s is %q, hidden %q, shown again %q", kind, shown, hidden, again)
		}
	}
	if n := noted(); len(n) > 0 {
		t.Errorf("the browser complains: %q", n)
	}
}

// Every picture, button and region has a name, and headings go down step by step.
func TestBrowserIsAccessible(t *testing.T) {
	_, text, _ := document(t, sampleDuel().source(t))
	ctx, _ := browser(t, text)
	nameless := evaluate[[]string](ctx, t, `[...document.querySelectorAll("svg[role=img], button, [role=region], [role=group], figure, section, nav, table")].filter(e =>
		!(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.querySelector(":scope > title, :scope > caption") || (e.matches("button") && e.textContent.trim()) || e.closest(".tip")))
		.map(e => e.outerHTML.slice(0, 80))`)
	if len(nameless) > 0 {
		t.Errorf("without a name: %q", nameless)
	}
	steps := evaluate[[]int](ctx, t, `[...document.querySelectorAll("h1, h2, h3")].map(h => Number(h.tagName[1]))`)
	for i := 1; i < len(steps); i++ {
		if steps[i] > steps[i-1]+1 {
			t.Errorf("headings go from %d to %d", steps[i-1], steps[i])
		}
	}
	if wide := evaluate[int](ctx, t, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("the page is %d pixels too wide", wide)
	}
	run(ctx, t, chromedp.EmulateViewport(360, 740))
	if wide := evaluate[int](ctx, t, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("on a telephone the page is %d pixels too wide", wide)
	}
}

// A chart stands on one sheet of A4 or of letter: it is no higher than the sheet between its margins, and never broken. No
// heading and no words before a table stand alone at the foot of a sheet, and no entry of a bibliography is split. Paper names the
// file of a chart's numbers in place of their table, open or not; a screen has no need of that.
func TestBrowserPrintsWholeCharts(t *testing.T) {
	_, text, _ := document(t, sampleDuel().source(t))
	ctx, noted := browser(t, text)
	seen := func(selector string) []string {
		return evaluate[[]string](ctx, t, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).map(e => e.textContent)`, selector))
	}
	run(ctx, t, chromedp.Evaluate[chromedp.Void](`document.querySelector("figure.chart details").open = true`))
	if files, tables := seen(".chart .data"), seen(".chart table.numbers"); len(files) > 0 || len(tables) != 1 {
		t.Errorf("on a screen are %q and %d open tables", files, len(tables))
	}
	const wide, high = 665, 914 // pixels between margins of 15 and 16 mm, of the narrower and the lower sheet
	run(ctx, t, chromedp.EmulateViewport(wide, high), command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
	broken := evaluate[[]string](ctx, t, fmt.Sprintf(`[...document.querySelectorAll("figure.chart")].filter(f =>
		f.getBoundingClientRect().height > %d || f.getBoundingClientRect().height < 100 || f.scrollWidth > %d || getComputedStyle(f).breakInside !== "avoid")
		.map(f => f.getAttribute("aria-label") + " " + f.getBoundingClientRect().height)`, high, wide))
	if len(broken) > 0 {
		t.Errorf("cut in print: %q", broken)
	}
	files, tables := seen(".chart .data"), seen(".chart table.numbers")
	if charts := seen("figure.chart"); len(files) != len(charts) || !strings.HasSuffix(files[0], "plots/market-share-fan.csv") || len(tables) > 0 {
		t.Errorf("%d charts print with %q and %d tables", len(charts), files, len(tables))
	}
	parted := evaluate[[]string](ctx, t, `[...document.querySelectorAll("h2, h3, p:has(+ .scroll), p:has(+ .chart), p:has(+ pre)")].filter(e => getComputedStyle(e).breakAfter !== "avoid")
		.concat([...document.querySelectorAll("pre, p, .scroll")].filter(e => getComputedStyle(e).breakInside !== "avoid"))
		.map(e => e.textContent.slice(0, 40))`)
	if len(parted) > 0 {
		t.Errorf("a sheet may end after or within: %q", parted)
	}
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(pdf), "%PDF") || len(pdf) < 20000 {
		t.Errorf("the PDF has %d bytes", len(pdf))
	}
	if n := noted(); len(n) > 0 {
		t.Errorf("the browser complains: %q", n)
	}
}
