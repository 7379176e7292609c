// Lets a chart be looked at closer: further back, or second by second. The picture and the table stay as they are.
"use strict";

(() => {
  const here = document.currentScript.dataset;
  const words = document.getElementById("zoom-words");
  const spoken = document.documentElement.lang || "en";
  const language = spoken === "en" ? "en-GB" : spoken; // the day before the month, as everywhere here
  const loaded = {};

  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const once = (key, make) => loaded[key] ??= make();

  function loadUPlot() {
    return once("uplot", () => new Promise((done, failed) => {
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: here.style });
      const script = Object.assign(document.createElement("script"), { src: here.uplot, onload: done, onerror: failed });
      document.head.append(style, script);
    }));
  }

  function loadCharts(address) {
    return once(address, async () => {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
  }

  // What a place and a value read as

  const dated = options => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
  const inDays = dated({ day: "numeric", month: "short", year: "numeric" });
  const inMonths = dated({ month: "short", year: "numeric" });
  const inShort = dated({ day: "numeric", month: "short" });
  const asDate = second => new Date(second * 1000);
  const decimals = most => new Intl.NumberFormat(language, { maximumFractionDigits: most });
  const plain = decimals(2);

  // Round paces, marked where their speeds are
  function paceTicks(metres, low, high) {
    const slowest = metres / Math.max(low, 0.5);
    const fastest = metres / high;
    const step = [5, 10, 15, 30, 60, 120, 300, 600].find(one => (slowest - fastest) / one <= 6) || 1200;
    const ticks = [];
    for (let at = Math.ceil(fastest / step) * step; at <= slowest; at += step) ticks.push(metres / at);
    return ticks.reverse();
  }

  function pace(metres, speed) {
    if (!(speed > 0)) return "";
    const seconds = Math.round(metres / speed);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  const valueReader = chart => value => value == null ? "–" : chart.metres ? pace(chart.metres, value) : plain.format(value);
  const placeReader = chart => place => place == null ? "–" : chart.across === "day" ? inDays.format(asDate(place)) : plain.format(place);

  // From lines to what uPlot draws

  const paths = {
    bar: () => uPlot.paths.bars({ size: [0.64, 48] }),
    step: () => uPlot.paths.stepped({ align: 1 }),
    dot: () => () => null,
  };

  function series(line, read) {
    const accent = token("--accent");
    const colour = { bar: token("--bar"), step: token("--ceiling"), low: "transparent", high: "transparent" }[line.kind] || accent;
    return {
      label: line.label,
      stroke: colour,
      fill: line.kind === "bar" ? colour : undefined,
      width: line.kind === "bar" ? 0 : 1.5,
      paths: paths[line.kind]?.(),
      points: { show: line.kind === "dot", size: 6, fill: accent, stroke: accent },
      value: (_, value) => read(value),
    };
  }

  function bands(lines) {
    const low = lines.findIndex(line => line.kind === "low");
    return low < 0 ? [] : [{ series: [low + 2, low + 1], fill: `color-mix(in srgb, ${token("--accent")} 16%, transparent)` }];
  }

  function axis(values, size) {
    const line = token("--grid");
    return { stroke: token("--quiet"), grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "13px system-ui, sans-serif", size, values };
  }

  function dayTicks(_, splits, __, ___, step) {
    return splits.map(second => (step >= 28 * 86400 ? inMonths : inShort).format(asDate(second)));
  }

  function options(chart, width) {
    const read = valueReader(chart);
    const floor = chart.is_from_zero ? () => 0 : low => low;
    const margin = (low, high) => (high - low) * 0.08 || 1;
    return {
      width,
      height: width < 560 ? 260 : 320,
      tzDate: second => uPlot.tzDate(asDate(second), "Etc/UTC"),
      scales: {
        x: { time: chart.across === "day" },
        y: { range: (_, low, high) => low == null ? [0, 1] : [floor(low - margin(low, high)), high + margin(low, high)] },
      },
      axes: [
        { ...axis(chart.across === "day" ? dayTicks : (_, splits) => splits.map(value => plain.format(value)), 36), space: 84 },
        {
          ...axis((_, splits) => splits.map(read), 52),
          ...(chart.metres && { splits: (_, __, low, high) => paceTicks(chart.metres, low, high) }),
        },
      ],
      series: [{ label: chart.x_title, value: (_, place) => placeReader(chart)(place) }, ...chart.lines.map(line => series(line, read))],
      bands: bands(chart.lines),
      cursor: { drag: { x: true, y: false }, y: false },
    };
  }

  // One chart that is open

  class Closer {
    constructor(figure, chart) {
      this.figure = figure;
      this.chart = chart;
      this.pictures = [...figure.querySelectorAll("svg.chart")];
      this.box = words.content.firstElementChild.cloneNode(true);
      this.plot = this.box.querySelector("[data-plot]");
      this.said = this.box.querySelector("[data-said]");
      const caption = figure.querySelector("figcaption");
      this.plot.setAttribute("aria-label", `${caption.textContent.trim()} ${chart.title}`);
      this.box.querySelector("[data-axis]").textContent = chart.title;
      this.box.addEventListener("click", event => this.press(event.target.dataset.act));
      const edge = chart.lines.some(line => line.kind === "bar") ? 3.5 * 86400 : 0;
      this.first = chart.x[0] - edge;
      this.last = chart.x[chart.x.length - 1] + edge;
      this.least = Math.max((this.last - this.first) / 400, chart.across === "day" ? 14 * 86400 : 0);
      this.window = [Math.min(Math.max(chart.begin - edge, this.first), this.last - this.least), this.last];
      this.redraw = () => this.draw();
      this.fit = new ResizeObserver(() => this.resize());
    }

    open() {
      this.pictures.forEach(picture => picture.setAttribute("hidden", ""));
      this.figure.querySelector("figcaption").after(this.box);
      this.draw();
      this.fit.observe(this.box);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.redraw);
    }

    close() {
      this.fit.disconnect();
      matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.redraw);
      this.drawn.destroy();
      this.box.remove();
      this.pictures.forEach(picture => picture.removeAttribute("hidden"));
    }

    draw() {
      this.drawn?.destroy();
      const data = [this.chart.x, ...this.chart.lines.map(line => line.values)];
      const set = options(this.chart, this.box.clientWidth);
      set.hooks = { setScale: [(drawn, key) => key === "x" && this.moved(drawn.scales.x)] };
      set.scales.x.min = this.window[0];
      set.scales.x.max = this.window[1];
      this.drawn = new uPlot(set, data, this.plot);
      this.show();
    }

    resize() {
      const width = this.box.clientWidth;
      if (width && width !== this.drawn.width) this.drawn.setSize({ width, height: this.drawn.height });
    }

    moved(scale) {
      if (scale.min == null) return;
      this.window = [scale.min, scale.max];
      const read = placeReader(this.chart);
      this.said.textContent = `${this.chart.x_title}: ${read(scale.min)} – ${read(scale.max)}`;
    }

    show() {
      this.drawn.setScale("x", { min: this.window[0], max: this.window[1] });
    }

    press(act) {
      const [low, high] = this.window;
      const span = high - low;
      const middle = (low + high) / 2;
      const moves = {
        closer: [middle - span / 4, middle + span / 4],
        wider: [middle - span, middle + span],
        earlier: [low - span / 2, high - span / 2],
        later: [low + span / 2, high + span / 2],
        whole: [this.first, this.last],
      };
      if (!moves[act]) return;
      this.window = this.held(...moves[act]);
      this.show();
    }

    // Within what there is, and never so close that nothing is left
    held(low, high) {
      const span = Math.min(Math.max(high - low, this.least), this.last - this.first);
      const begin = Math.min(Math.max((low + high - span) / 2, this.first), this.last - span);
      return [begin, begin + span];
    }
  }

  // The button under every chart that has more to show

  function offer(figure) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet-button" });
    button.setAttribute("aria-expanded", "false");
    button.textContent = words.dataset.open;
    figure.querySelector("figcaption").after(button);
    let closer = null;
    button.addEventListener("click", async () => {
      if (closer) {
        closer.close();
        closer = null;
      } else {
        button.disabled = true;
        try {
          const [charts] = await Promise.all([loadCharts(here.charts), loadUPlot()]);
          closer = new Closer(figure, charts[figure.dataset.zoom]);
          closer.open();
        } catch {
          button.textContent = words.dataset.failed;
          return;
        } finally {
          button.disabled = false;
          button.focus();
        }
      }
      button.setAttribute("aria-expanded", String(closer !== null));
      button.textContent = closer ? words.dataset.close : words.dataset.open;
    });
  }

  document.querySelectorAll("figure[data-zoom]").forEach(offer);
})();
