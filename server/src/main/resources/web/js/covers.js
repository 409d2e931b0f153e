// What stands for an item: its picture, else a drawn cover whose colors come from its category and whose figure comes from its title.
import { h, s } from './dom.js';

function hash(text) {
  let x = 0x811c9dc5;
  for (const c of text) {
    x = Math.imul(x ^ c.codePointAt(0), 0x01000193);
  }
  x ^= x >>> 15;
  x = Math.imul(x, 0x2c1b3c6d);
  return (x ^ (x >>> 13)) >>> 0;
}

/** The categories of an item: its first list of tags, else its first short text. */
export function categories(item) {
  for (const value of Object.values(item.features ?? {})) {
    if (Array.isArray(value) && value.length) {
      return value;
    }
  }
  for (const value of Object.values(item.features ?? {})) {
    if (typeof value === 'string' && value.length <= 40) {
      return [value];
    }
  }
  return [];
}

export const nameOf = (item) => item.title?.trim() || item.item;

/** Why an item is here, in words; empty where nothing is known. */
export function whyOf(item) {
  const like = item.explanation?.looksLike;
  return [item.explanation?.sentence, like && `It looks like ${nameOf(like)}.`].filter(Boolean).join(' ');
}

/** Title without the year, and the year: "Heat (1995)" is ["Heat", "1995"]. */
export function splitYear(title) {
  const match = /^(.*\S)\s*\((\d{4})\)\s*$/.exec(title);
  return match ? [match[1], match[2]] : [title, ''];
}

/** The categories of an item in a line: "Action, Crime". */
export const metaOf = (item) => categories(item).slice(0, 3).join(', ');

const FIGURES = [
  (r) => [0, 1, 2, 3].map((i) => s('circle', { cx: 30 + 40 * r(1), cy: 92 + 20 * r(2), r: 14 + i * 15, class: 'line' })),
  (r) => [0, 1, 2].map((i) => s('path', { d: wave(88 + i * 16, 6 + 5 * r(i), r(i + 3)), class: 'area' })),
  (r) => [s('circle', { cx: 24 + 52 * r(1), cy: 84, r: 17, class: 'area strong' }), s('path', { d: wave(104, 5, r(2)), class: 'area' }), s('path', { d: wave(120, 7, r(3)), class: 'area' })],
  (r) => [0, 1, 2, 3, 4].map((i) => s('path', { d: `M${-20 + i * 28 + 20 * r(1)} 150 L${50 + i * 28 + 20 * r(1)} 60`, class: 'line' })),
  (r) => [0, 1, 2].map((i) => s('path', { d: arch(50, 150, 44 - i * 13, 60 - i * 13 + 14 * r(1)), class: i === 2 ? 'area strong' : 'line' })),
  (r) => Array.from({ length: 20 }, (_, i) => s('circle', { cx: 14 + (i % 5) * 18, cy: 84 + Math.floor(i / 5) * 16, r: 1.5 + 4.5 * r(i + 1), class: 'area strong' })),
  (r) => [0, 1, 2].map((i) => s('path', { d: `M${-10 + 40 * i} 150 L${18 + 40 * i + 14 * r(i)} ${78 + 26 * r(i + 4)} L${50 + 40 * i} 150 Z`, class: 'area' })),
];

function wave(y, height, phase) {
  let d = `M0 150 L0 ${y}`;
  for (let x = 0; x <= 100; x += 10) {
    d += ` L${x} ${(y + height * Math.sin(x / 16 + phase * 6.28)).toFixed(1)}`;
  }
  return d + ' L100 150 Z';
}

const arch = (x, bottom, width, height) =>
  `M${x - width} ${bottom} L${x - width} ${bottom - height} A${width} ${width} 0 0 1 ${x + width} ${bottom - height} L${x + width} ${bottom} Z`;

/** The cover of an item; size is 'small', 'medium' or 'large'. It says nothing that does not stand beside it, so readers skip it. */
export function cover(item, size) {
  const box = h('div', { class: `cover ${size}`, 'aria-hidden': 'true' });
  if (item.image) {
    const picture = h('img', { src: item.image.replace(/^\//, ''), alt: '', loading: 'lazy', decoding: 'async' });
    picture.addEventListener('error', () => box.replaceChildren(...drawn(item, box)));
    box.append(picture);
  } else {
    box.append(...drawn(item, box));
  }
  return box;
}

function drawn(item, box) {
  const title = nameOf(item);
  const kinds = categories(item);
  const seed = hash(title);
  const random = (i) => ((Math.imul(seed ^ (i * 0x9e3779b1), 0x85ebca6b) >>> 0) % 1000) / 1000;
  const base = (hash(kinds.join() || item.item) + Math.round(40 * random(7)) - 20 + 360) % 360;
  const turn = (hash(kinds[0] ?? title) % 150) - 75;
  const longest = Math.max(...splitYear(title)[0].split(/[\s-]+/).map((word) => word.length));
  box.style.setProperty('--hue', base);
  box.style.setProperty('--hue2', (base + turn + 360) % 360);
  box.style.setProperty('--title-size', `${Math.max(7, Math.min(13.5, 114 / longest)).toFixed(1)}cqw`);
  const figure = FIGURES[seed % FIGURES.length](random);
  const [name, year] = splitYear(title);
  return [
    s('svg', { viewBox: '0 0 100 150', preserveAspectRatio: 'xMidYMax slice' }, figure),
    h('span', { class: 'cover-title', dir: 'auto' }, name),
    h('span', { class: 'cover-foot' }, year || kinds[0] || ''),
  ];
}
