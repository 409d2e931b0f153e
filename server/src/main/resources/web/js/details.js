// The sheet about one item: what is known of it, why it would be recommended, and what is like it.
import { get, post, segment } from './api.js';
import { addItem, state } from './app.js';
import { cover, metaOf, nameOf } from './covers.js';
import { $, announce, cross, h, number, plural } from './dom.js';
import { breakdown, question } from './recommendations.js';
import { saliencyButton } from './saliency.js';

const trail = [];

/** Opens the sheet for an item, as a model knows it: the chosen one, if none is named. */
export async function openDetails(id, model = state.model) {
  const dialog = $('details');
  if (!dialog.open) {
    trail.length = 0;
    dialog.replaceChildren(h('p', { class: 'empty', id: 'details-title' }, 'One moment…'));
    dialog.showModal();
  }
  trail.push({ id, model });
  await show(trail.at(-1));
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
    if (trail.at(-1) === place && dialog.open) {
      fillIn(dialog, item, similar, explained, model);
    }
  } catch (error) {
    dialog.replaceChildren(closeButton(dialog), h('p', { class: 'empty', id: 'details-title' }, error.message));
  }
}

function closeButton(dialog) {
  return h('button', { type: 'button', class: 'icon close', 'aria-label': 'Close', onclick: () => dialog.close() }, cross());
}

function fillIn(dialog, item, similar, explained, model) {
  const name = nameOf(item);
  const inHistory = state.history.some((event) => event.item === item.item);
  const back = trail.length > 1 ? h('button', { type: 'button', class: 'plain', onclick: goBack }, '← Back') : null;
  const add = inHistory
    ? h('p', { class: 'badge' }, 'In the history')
    : h('button', { type: 'button', class: 'primary', onclick: () => (addItem(item), dialog.close()) }, 'I like it');
  const facts = Object.entries(item.features ?? {}).map(([key, value]) => [
    h('dt', {}, key.replaceAll('_', ' ')),
    h('dd', {}, Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? number(value) : value),
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
        h('h2', { class: 'display', id: 'details-title', tabindex: '-1' }, name),
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

function goBack() {
  trail.pop();
  show(trail.at(-1));
}

function why(explained, inHistory) {
  if (!explained || inHistory) {
    return [];
  }
  const parts = explained.explanation
    ? [h('p', { class: 'sentence' }, explained.explanation.sentence), ...(explained.explanation.reasons?.length ? breakdown(explained.explanation) : [])]
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
              { type: 'button', class: 'tile', 'aria-label': `${nameOf(item)}, similarity ${number(item.similarity)}`, onclick: () => openDetails(item.item, similar.model) },
              cover(item, 'large'),
              h('span', { class: 'tile-title' }, nameOf(item)),
              h('small', { class: 'muted' }, `${number(item.similarity)}${item.overlap ? ` · ${plural(item.overlap, 'person', 'people')}` : ''}`),
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
