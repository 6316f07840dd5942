(function () {
  "use strict";
  const svgSpace = "http://www.w3.org/2000/svg";
  const monthName = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

  function element(name, text, className) {
    const e = document.createElement(name);
    e.textContent = text || "";
    e.className = className || "";
    return e;
  }

  // The values stand in the table of the chart: the columns say what they are, the rows are months since 2000.
  function values(figure) {
    const columns = [...figure.querySelectorAll(".numbers thead th")].slice(1).map(function (th) {
      return { series: th.dataset.series, band: th.dataset.band, name: th.textContent.trim() };
    });
    const rows = new Map();
    for (const tr of figure.querySelectorAll(".numbers tbody tr")) {
      const month = Number(tr.dataset.month);
      if (month > -1e6) rows.set(month, [...tr.querySelectorAll("td")].map(function (td) { return td.textContent; }));
    }
    return { columns: columns, rows: rows, months: [...rows.keys()] };
  }

  function activate(figure) {
    const stage = figure.querySelector(".stage");
    const hidden = { series: new Set(), band: new Set() };
    const controls = figure.querySelector(".controls");
    controls.hidden = false;
    for (const button of controls.querySelectorAll("button")) {
      const kind = button.dataset.series !== undefined ? "series" : "band";
      const key = button.dataset[kind];
      button.addEventListener("click", function () {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        hidden[kind][shown ? "delete" : "add"](key);
        for (const part of stage.querySelectorAll("g[data-" + kind + "]")) {
          if (part.dataset[kind] === key) part.classList.toggle(kind === "series" ? "off" : "gone", !shown);
        }
      });
    }

    const data = values(figure);
    if (!data.months.length || !stage.querySelector(".time")) return;
    const tip = element("div", "", "tip");
    const said = element("p", "", "unseen");
    const glass = element("div", "", "glass");
    said.setAttribute("aria-live", "polite");
    tip.hidden = true;
    stage.append(glass, tip, said);
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", "Chart. Arrow keys read its values month by month.");
    let at = null;

    function drawing() {
      return [...stage.querySelectorAll("svg")].find(function (s) { return s.getClientRects().length > 0; });
    }

    function areas(svg) {
      return [...svg.querySelectorAll(".time")].map(function (r) {
        return {
          x: r.x.baseVal.value, y: r.y.baseVal.value, width: r.width.baseVal.value, height: r.height.baseVal.value,
          from: Number(r.dataset.from), to: Number(r.dataset.to), series: r.dataset.series
        };
      });
    }

    function hide() {
      at = null;
      tip.hidden = true;
      for (const line of stage.querySelectorAll(".cursor")) line.remove();
    }

    // colour is that of the name of a series in the drawing.
    function colour(svg, series) {
      const group = [...svg.querySelectorAll("g[data-series]")].find(function (g) {
        return g.dataset.series === series && g.querySelector("text");
      });
      return group ? group.querySelector("text").getAttribute("fill") : "";
    }

    function show(month, area) {
      const svg = drawing();
      const all = areas(svg);
      hide();
      at = month;
      for (const a of all) {
        const x = a.x + a.width * (month + 1 - a.from) / (a.to - a.from);
        const line = document.createElementNS(svgSpace, "line");
        for (const [name, value] of [["class", "cursor"], ["x1", x], ["x2", x], ["y1", a.y], ["y2", a.y + a.height]]) line.setAttribute(name, value);
        svg.append(line);
      }
      const name = monthName.format(Date.UTC(2000 + Math.floor(month / 12), ((month % 12) + 12) % 12));
      const table = element("table");
      const words = [];
      const several = data.columns.some(function (c) { return c.series !== data.columns[0].series; });
      data.columns.forEach(function (column, i) {
        const value = data.rows.get(month)[i];
        const other = all.length > 1 && area && area.series && column.series !== area.series;
        if (!value || other || hidden.series.has(column.series) || hidden.band.has(column.band)) return;
        const row = element("tr");
        const th = element("th", column.name);
        if (several) th.style.color = colour(svg, column.series);
        row.append(th, element("td", value));
        table.append(row);
        words.push(column.name + " " + value);
      });
      tip.replaceChildren(element("strong", name), table);
      tip.hidden = false;
      const a = area || all[0];
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const x = (a.x + a.width * (month + 1 - a.from) / (a.to - a.from)) * scale;
      const left = x > stage.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12;
      tip.style.left = Math.max(0, Math.min(left, stage.clientWidth - tip.offsetWidth)) + "px";
      tip.style.top = Math.max(0, Math.min(a.y * scale, stage.clientHeight - tip.offsetHeight)) + "px";
      return name + ": " + words.join(", ");
    }

    function near(month) {
      return data.months.reduce(function (best, m) { return Math.abs(m - month) < Math.abs(best - month) ? m : best; });
    }

    function point(event) {
      const svg = drawing();
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const x = (event.clientX - box.left) * scale;
      const y = (event.clientY - box.top) * scale;
      const area = areas(svg).find(function (a) {
        return x > a.x - 6 && x < a.x + a.width + 6 && y > a.y - 6 && y < a.y + a.height + 16;
      });
      if (!area) return hide();
      show(near(area.from + (x - area.x) / area.width * (area.to - area.from) - 1), area);
    }
    glass.addEventListener("pointermove", point);
    glass.addEventListener("pointerdown", point);
    glass.addEventListener("pointerleave", hide);
    stage.addEventListener("blur", hide);
    stage.addEventListener("keydown", function (event) {
      const last = data.months.length - 1;
      const i = at === null ? -1 : data.months.indexOf(at);
      const to = {
        ArrowRight: i + 1, ArrowLeft: i < 0 ? last : i - 1, PageDown: i + 12, PageUp: i - 12, Home: 0, End: last
      }[event.key];
      if (event.key === "Escape") hide();
      if (to === undefined) return;
      event.preventDefault();
      said.textContent = show(data.months[Math.max(0, Math.min(last, to))]);
    });
  }

  for (const figure of document.querySelectorAll("figure.chart")) activate(figure);
})();
