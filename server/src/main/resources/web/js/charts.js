// Charts in SVG, drawn for the width that they get, and again when it changes. Each has a text for screen readers.
import { h, s } from './dom.js';

/** A figure with a title, a drawing and a caption; draw(width) makes the SVG's children and says its height. */
function figure(title, caption, label, draw) {
  const svg = s('svg', { role: 'img', 'aria-label': label });
  const box = h('figure', { class: 'chart' }, h('figcaption', {}, h('strong', {}, title), caption ? h('span', { class: 'muted' }, caption) : null), svg);
  const observer = new ResizeObserver(() => {
    const width = Math.floor(svg.parentElement.clientWidth);
    if (width > 0 && svg.dataset.width !== String(width)) {
      svg.dataset.width = width;
      const { height, children } = draw(width);
      svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      svg.setAttribute('width', width);
      svg.setAttribute('height', height);
      svg.replaceChildren(...children);
    }
  });
  observer.observe(box);
  return box;
}

const text = (x, y, content, attributes = {}) => s('text', { x, y, ...attributes }, content);

/** Columns: rows [{label, value, shown}]. */
export function columns({ title, caption, rows }) {
  const label = `${title}: ${rows.map((row) => `${row.label} ${row.shown}`).join(', ')}`;
  return figure(title, caption, label, (width) => {
    const height = 190;
    const bottom = height - 22;
    const top = 22;
    const largest = Math.max(...rows.map((row) => row.value), 1e-12);
    const slot = width / Math.max(rows.length, 1);
    const every = Math.ceil(rows.length / Math.floor(width / 44));
    const children = rows.flatMap((row, i) => {
      const tall = ((bottom - top) * row.value) / largest;
      const middle = slot * (i + 0.5);
      return [
        s('rect', { x: slot * i + slot * 0.14, y: bottom - tall, width: slot * 0.72, height: Math.max(tall, row.value > 0 ? 1 : 0), rx: Math.min(4, slot * 0.2), class: 'mark' }, s('title', {}, `${row.label}: ${row.shown}`)),
        slot > 38 ? text(middle, bottom - tall - 6, row.shown, { class: 'value' }) : null,
        i % every === 0 ? text(middle, height - 5, row.label, { class: 'tick' }) : null,
      ].filter(Boolean);
    });
    children.push(s('line', { x1: 0, x2: width, y1: bottom + 0.5, y2: bottom + 0.5, class: 'axis' }));
    return { height, children };
  });
}

/** Horizontal bars: rows [{label, value, shown}]. */
export function bars({ title, caption, rows }) {
  const label = `${title}: ${rows.map((row) => `${row.label} ${row.shown}`).join(', ')}`;
  return figure(title, caption, label, (width) => {
    const largest = Math.max(...rows.map((row) => row.value), 1e-12);
    const names = Math.min(width * 0.36, 14 + 7 * Math.max(...rows.map((row) => row.label.length)));
    const room = width - names - 62;
    const children = rows.flatMap((row, i) => {
      const y = i * 26 + 6;
      const long = Math.max(1, (room * row.value) / largest);
      return [
        text(names - 8, y + 13, row.label.length > names / 7 ? row.label.slice(0, names / 7 - 1) + '…' : row.label, { class: 'name' }),
        s('rect', { x: names, y, width: long, height: 17, rx: 4, class: 'mark' }, s('title', {}, `${row.label}: ${row.shown}`)),
        text(names + long + 6, y + 13, row.shown, { class: 'value start' }),
      ];
    });
    return { height: rows.length * 26 + 6, children };
  });
}

/** Dots on a line, one for each model, with an interval where it is known: rows [{label, value, low, high, shown, best}]. */
export function dots({ title, caption, rows }) {
  const label = `${title}: ${rows.map((row) => `${row.label} ${row.shown}`).join(', ')}`;
  return figure(title, caption, label, (width) => {
    const lows = rows.map((row) => row.low ?? row.value);
    const highs = rows.map((row) => row.high ?? row.value);
    const from = Math.min(0, ...lows);
    const to = Math.max(...highs, 1e-9) * 1.04;
    const names = Math.min(width * 0.38, 20 + 7.5 * Math.max(...rows.map((row) => row.label.length)));
    const right = 64;
    const x = (value) => names + ((width - names - right) * (value - from)) / (to - from);
    const children = [s('line', { x1: x(0), x2: x(0), y1: 4, y2: rows.length * 30 + 2, class: 'axis' })];
    rows.forEach((row, i) => {
      const y = i * 30 + 18;
      children.push(s('line', { x1: names, x2: width - right, y1: y, y2: y, class: 'grid' }), text(names - 10, y + 4, row.label, { class: row.best ? 'name best' : 'name' }));
      if (row.low !== undefined && row.high !== undefined) {
        children.push(s('line', { x1: x(row.low), x2: x(row.high), y1: y, y2: y, class: 'interval' }));
      }
      children.push(
        s('circle', { cx: x(row.value), cy: y, r: 6.5, class: row.best ? 'mark' : 'mark quiet' }, s('title', {}, `${row.label}: ${row.shown}`)),
        text(width - right + 10, y + 4, row.shown, { class: row.best ? 'value start best' : 'value start' }),
      );
    });
    return { height: rows.length * 30 + 8, children };
  });
}

/** A curve from (0, 0) to (1, 1): points [[x, y]]. */
export function curve({ title, caption, label, points, mark }) {
  return figure(title, caption, label, (width) => {
    const height = 220;
    const left = 40;
    const bottom = height - 26;
    const x = (share) => left + (width - left - 12) * share;
    const y = (share) => bottom - (bottom - 12) * share;
    const line = points.map(([a, b], i) => `${i ? 'L' : 'M'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join(' ');
    const children = [
      ...[0, 0.5, 1].flatMap((share) => [
        s('line', { x1: left, x2: width - 12, y1: y(share), y2: y(share), class: share ? 'grid' : 'axis' }),
        text(left - 6, y(share) + 4, `${share * 100} %`, { class: 'name' }),
        text(x(share), height - 8, `${share * 100} %`, { class: share === 1 ? 'name' : share ? 'tick' : 'value start' }),
      ]),
      s('path', { d: `${line} L${x(1)} ${y(0)} L${x(0)} ${y(0)} Z`, class: 'under' }),
      s('path', { d: line, class: 'curve' }),
      s('path', { d: `M${x(0)} ${y(0)} L${x(1)} ${y(1)}`, class: 'equal' }),
    ];
    if (mark) {
      children.push(
        s('circle', { cx: x(mark[0]), cy: y(mark[1]), r: 6, class: 'mark' }),
        text(x(mark[0]) + 12, y(mark[1]) + 14, mark[2], { class: 'value start' }),
      );
    }
    return { height, children };
  });
}
