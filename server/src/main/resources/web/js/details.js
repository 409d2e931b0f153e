// The sheet about one item: what is known of it, why it would be recommended, and what is like it.
import { get, post, segment } from './api.js';
import { writeAddress } from './address.js';
import { cover, metaOf, nameOf } from './covers.js';
import { $, announce, cross, h, number, plural, ungrouped } from './dom.js';
import { breakdown, hasNumbers } from './reasons.js';
import { saliencyButton } from './saliency.js';
import { addItem, question, state } from './state.js';

let shown = null; // what the sheet holds: one of the values of state.sheet

/** Opens the sheet for an item, as a model knows it: the chosen one, if none is named. */
export function openDetails(id, model = state.model) {
  const depth = state.sheet ? (history.state?.depth ?? 1) + 1 : 1;
  state.sheet = { id, model };
  writeAddress({ depth });
  showSheet();
}

/** Shows the sheet that the state names, or none. */
export function showSheet() {
  const dialog = $('details');
  const { sheet } = state;
  if (!sheet) {
    shown = null;
    dialog.close();
    return;
  }
  if (!dialog.open) {
    dialog.replaceChildren(h('p', { class: 'empty', id: 'details-title' }, 'One moment…'));
    dialog.showModal();
  } else if (shown?.id === sheet.id && shown.model === sheet.model) {
    return;
  }
  shown = sheet;
  show(sheet);
}

/** Closes the sheet, and goes on with something else. */
function leave(action) {
  state.sheet = null;
  showSheet();
  action();
}

async function show(place) {
  const { id, model } = place;
  const dialog = $('details');
  const path = `v1/items/${segment(id)}`;
  try {
    const [item, similar, explained] = await Promise.all([
      get(path, { model }),
      state.models.find((one) => one.name === model).can.includes('similar-items')
        ? get(`${path}/similar`, { n: 12, model })
        : get(`${path}/similar`, { n: 12 }).catch(() => null),
      state.history.length ? post('v1/explain', { ...question(), model, item: id, reasons: 8 }).catch(() => null) : null,
    ]);
    if (shown === place && dialog.open) {
      fillIn(dialog, item, similar, explained, model);
    }
  } catch (error) {
    if (shown === place) {
      dialog.replaceChildren(
        closeButton(dialog),
        h('div', { class: 'empty' }, h('p', { id: 'details-title' }, error.message), error.status === 404 ? '' : h('button', { type: 'button', onclick: () => show(place) }, 'Try again')),
      );
    }
  }
}

function closeButton(dialog) {
  return h('button', { type: 'button', class: 'icon close', 'aria-label': 'Close', onclick: () => dialog.close() }, cross());
}

function fillIn(dialog, item, similar, explained, model) {
  const name = nameOf(item);
  const inHistory = state.history.some((event) => event.item === item.item);
  const back = (history.state?.depth ?? 0) > 1 ? h('button', { type: 'button', class: 'plain', onclick: () => history.back() }, '← Back') : null;
  const add = inHistory
    ? h('p', { class: 'badge' }, 'In the history')
    : h('button', { type: 'button', class: 'primary', onclick: () => leave(() => addItem(item)) }, 'I like it');
  const facts = Object.entries(item.features ?? {}).map(([key, value]) => [
    h('dt', {}, key.replaceAll('_', ' ')),
    h('dd', {}, Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? ungrouped(value) : value),
  ]);
  dialog.replaceChildren(
    closeButton(dialog),
    h(
      'div',
      { class: 'details-head' },
      cover(item, 'large'),
      h(
        'div',
        {},
        back,
        h('h2', { class: 'display', id: 'details-title', tabindex: '-1', dir: 'auto' }, name),
        h('p', { class: 'muted' }, [metaOf(item), plural(item.interactions, 'interaction')].filter(Boolean).join(' · ')),
        facts.length ? h('dl', {}, facts) : null,
        add,
      ),
    ),
    ...why(explained, inHistory),
    ...pictures(item, explained, inHistory, model),
    ...like(similar, name, model),
  );
  dialog.scrollTop = 0;
  $('details-title').focus({ preventScroll: true });
  announce(name);
}

function why(explained, inHistory) {
  if (!explained || inHistory) {
    return [];
  }
  const parts = explained.explanation
    ? [h('p', { class: 'sentence' }, explained.explanation.sentence), ...(hasNumbers(explained.explanation) ? breakdown(explained.explanation, undefined, explained.rating) : [])]
    : [h('p', { class: 'muted' }, explained.notes.join(' '))];
  return [h('section', {}, h('h3', {}, 'Why it would be recommended'), ...parts)];
}

/** The picture of the item, beside the one of the history that it looks like, and what counts in it. */
function pictures(item, explained, inHistory, model) {
  if (!explained?.explanation || inHistory || !item.image || !state.models.find((one) => one.name === model).can.includes('pictures')) {
    return [];
  }
  const own = cover(item, 'large');
  const other = explained.explanation.looksLike;
  const figure = (box, caption) => h('figure', {}, box, h('figcaption', {}, caption));
  return [
    h(
      'section',
      {},
      h('h3', {}, other ? `It looks like ${nameOf(other)}` : 'Its picture'),
      h('div', { class: 'pair' }, figure(own, nameOf(item)), other ? figure(cover(other, 'large'), `${nameOf(other)}, alike ${number(other.likeness)}`) : null),
      h('div', { class: 'actions' }, saliencyButton(own, { ...question(), model, item: item.item })),
    ),
  ];
}

function like(similar, name, model) {
  if (!similar?.similar.length) {
    return [];
  }
  return [
    h(
      'section',
      {},
      h('h3', {}, `Like ${name}`, similar.model === model ? '' : h('small', { class: 'muted' }, ` by ${similar.model}`)),
      h(
        'ul',
        { class: 'tiles small-tiles' },
        similar.similar.map((item) =>
          h(
            'li',
            {},
            h(
              'button',
              { type: 'button', class: 'tile', onclick: () => openDetails(item.item, similar.model) },
              cover(item, 'large'),
              h('span', { class: 'tile-title', dir: 'auto' }, nameOf(item)),
              h('small', { class: 'muted' }, h('span', { class: 'hidden-text' }, ', similarity '), `${number(item.similarity)}${item.overlap ? ` · ${plural(item.overlap, 'person', 'people')}` : ''}`),
            ),
          ),
        ),
      ),
    ),
  ];
}

$('details').addEventListener('click', (event) => {
  if (event.target === $('details')) {
    const box = $('details').getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) {
      $('details').close();
    }
  }
});

$('details').addEventListener('close', () => {
  if (state.sheet && !$('details').open) {
    state.sheet = null;
    shown = null;
    writeAddress();
  }
});
