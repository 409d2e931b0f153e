// Five stars over a native slider: keyboard, touch and screen readers come with it.
import { h, plain, s } from './dom.js';

const STAR = 'M12 2.6l2.9 6 6.6.9-4.8 4.6 1.2 6.5-5.9-3.1-5.9 3.1 1.2-6.5L2.5 9.5l6.6-.9z';

function row(kind) {
  return s('svg', { viewBox: '0 0 120 24', class: `stars-row ${kind}`, 'aria-hidden': 'true' }, [0, 1, 2, 3, 4].map((i) => s('path', { d: STAR, transform: `translate(${i * 24} 0)` })));
}

/** Stars to set a rating on a scale {min, max, step}; step 0: any number. One star of five is 1 of 5; below 0, no star is the lowest. */
export function stars(scale, value, label, onChange) {
  const input = h('input', { type: 'range', min: scale.min, max: scale.max, step: scale.step || 'any', value, 'aria-label': label });
  const box = h('div', { class: 'stars' }, row('off'), h('div', { class: 'stars-on' }, row('on')), input);
  const empty = Math.min(0, scale.min);
  const show = () => {
    const said = `${plain(Number(input.value))} of ${plain(scale.max)}`;
    box.style.setProperty('--fill', `${(100 * (input.value - empty)) / (scale.max - empty)}%`);
    input.setAttribute('aria-valuetext', said);
    box.title = said;
  };
  input.addEventListener('input', () => {
    show();
    onChange(Number(input.value));
  });
  show();
  return box;
}
