// Small helpers to build the page.

/** An element: h('button', {class: 'primary', onclick: f, 'aria-label': 'x'}, 'text', child, ...). Values null and false are left out. */
export function h(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name.startsWith('--')) {
      element.style.setProperty(name, value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const $ = (id) => document.getElementById(id);

/** Says something to screen readers. */
export function announce(text) {
  const live = $('live');
  live.textContent = live.textContent === text ? text + ' ' : text;
}

/** Calls f once, after it was not asked for during some milliseconds. */
export function debounced(f, milliseconds) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => f(...args), milliseconds);
  };
}

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** What of an entry has a place on the screen: not an element that leaves its children to the grid. */
const box = (element) => (getComputedStyle(element).display === 'contents' ? element.firstElementChild : element);

/**
 * Shows a list by keys: elements that stay are kept (with focus and state), and everything slides to its new place.
 *
 * entries: [{key, make: () => element, update: (element) => void}]
 */
export function keyedList(list, entries) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const before = new Map([...old].map(([key, child]) => [key, box(child).getBoundingClientRect()]));
  const focused = document.activeElement;
  const wanted = entries.map((entry) => {
    let element = old.get(entry.key);
    if (!element) {
      element = entry.make();
      element.dataset.key = entry.key;
    }
    entry.update?.(element);
    old.delete(entry.key);
    return element;
  });
  for (const gone of old.values()) {
    gone.remove();
  }
  wanted.forEach((element, index) => {
    if (list.children[index] !== element) {
      list.insertBefore(element, list.children[index] ?? null);
    }
  });
  if (focused && focused !== document.activeElement && list.contains(focused)) {
    focused.focus({ preventScroll: true }); // moving an element loses its focus
  }
  if (calm()) {
    return;
  }
  for (const element of wanted) {
    const from = before.get(element.dataset.key);
    const shown = box(element);
    const to = shown.getBoundingClientRect();
    if (!from) {
      shown.animate([{ opacity: 0, transform: 'translateY(12px)' }, { opacity: 1, transform: 'none' }], { duration: 260, easing: 'ease-out' });
    } else if (Math.abs(from.left - to.left) + Math.abs(from.top - to.top) > 2) {
      shown.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }], {
        duration: 380,
        easing: 'cubic-bezier(.2, .8, .2, 1)',
      });
    }
  }
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const count = (n) => whole.format(n);

/** A number with a sensible number of digits. */
export function number(x) {
  if (x === null || x === undefined) {
    return '–';
  }
  const size = Math.abs(x);
  if (Number.isInteger(x) && size < 1e15) {
    return whole.format(x);
  }
  const digits = size >= 100 ? 1 : size >= 0.01 ? 3 : 6;
  return x.toFixed(digits).replace('-', '−');
}

/** The same without groups of digits below 10,000: 1983 may be a year. */
export const ungrouped = (x) => (Number.isInteger(x) && Math.abs(x) < 10_000 ? String(x).replace('-', '−') : number(x));

/** A rating or value as people write it: 4, 4.5. */
export const plain = (x) => String(Number(x.toFixed(2))).replace('-', '−');

export function percent(share) {
  if (share === null || share === undefined) {
    return '–';
  }
  const p = share * 100;
  return (Math.abs(p) >= 9.95 || p === 0 ? p.toFixed(0) : p.toFixed(1)).replace('-', '−') + ' %';
}

export const plural = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`;

/** The icon of a button that closes or removes. */
export const cross = () => s('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, s('path', { d: 'M6 6l12 12M18 6L6 18' }));
