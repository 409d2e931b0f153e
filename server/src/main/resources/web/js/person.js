// The panel on the left: who it is for, and what that person did.
import { get } from './api.js';
import { combobox } from './combobox.js';
import { cover, metaOf, nameOf } from './covers.js';
import { openDetails } from './details.js';
import { $, count, cross, h, keyedList, plural } from './dom.js';
import { addItem, card, changed, chooseUser, liked, rateItem, removeItem, scale, startOver, state } from './state.js';
import { stars } from './stars.js';

const narrow = matchMedia('(max-width: 860px)');
let showAll = false;
let itemBox;
let userBox;

const ids = (query) => ({ query: query || null, limit: 8, model: state.model });

/** Builds the panel once. */
export function startPerson() {
  itemBox = combobox({
    label: 'Add something',
    placeholder: `Search ${count(card().data.items)} titles`,
    search: async (query, signal) => (await get('v1/items', ids(query), signal)).items,
    render: (item) => [
      cover(item, 'tiny'),
      h('span', { class: 'option-text' }, h('span', { dir: 'auto' }, nameOf(item)), h('small', {}, metaOf(item) || item.item)),
      state.history.some((event) => event.item === item.item) ? h('span', { class: 'badge' }, 'added') : null,
    ],
    choose: (item) => addItem(item),
    empty: (query) => (query ? `Nothing is called “${query}”.` : 'There are no items.'),
  });
  userBox = combobox({
    label: 'A person',
    placeholder: `Search ${count(card().data.users)} people by id`,
    search: async (query, signal) => (await get('v1/users', ids(query), signal)).users,
    render: (user) => [h('span', { class: 'option-text' }, h('span', {}, personName(user)), h('small', {}, plural(user.interactions, 'item')))],
    choose: (user) => chooseUser(user.user),
    empty: (query) => `There is no person “${query}”.`,
  });
  $('item-search').replaceChildren(itemBox.element);
  $('user-search').replaceChildren(userBox.element);
  for (const radio of document.getElementsByName('mode')) {
    radio.addEventListener('change', () => {
      state.mode = radio.value;
      startOver();
    });
  }
  $('surprise').addEventListener('click', surprise);
  $('clear').addEventListener('click', () => {
    startOver();
    (state.mode === 'user' ? userBox : itemBox).input.focus();
  });
  $('history-more').addEventListener('click', () => {
    showAll = !showAll;
    renderPerson();
  });
  narrow.addEventListener('change', renderPerson);
}

const personName = (user) => user.title ?? `Person ${user.user}`;

async function surprise() {
  if (state.mode === 'user') {
    const offset = Math.floor(Math.random() * Math.min(card().data.users, 100_000));
    const { users } = await get('v1/users', { offset, limit: 1, model: state.model });
    if (users.length) {
      await chooseUser(users[0].user);
    }
    return;
  }
  // somebody with one taste: a popular item, and some that are like it, or just popular ones
  const { items } = await get('v1/items', { limit: 150, model: state.model });
  const pick = () => items.splice(Math.floor(Math.random() * items.length), 1)[0];
  const chosen = [pick()].filter(Boolean);
  if (items.length && state.models.length) {
    const similar = await get(`v1/items/${encodeURIComponent(chosen[0].item)}/similar`, { n: 12 }).catch(() => ({ similar: [] }));
    const near = similar.similar.sort(() => Math.random() - 0.5).slice(0, 3);
    chosen.push(...near);
  }
  while (chosen.length < 4 && items.length) {
    const next = pick();
    if (!chosen.some((one) => one.item === next.item)) {
      chosen.push(next);
    }
  }
  state.history = [];
  for (const view of chosen.reverse()) {
    state.history.push({ item: view.item, value: liked(), view });
  }
  state.edited = true;
  state.hidden.clear();
  changed();
}

/** Shows what the state says. */
export function renderPerson() {
  for (const radio of document.getElementsByName('mode')) {
    radio.checked = radio.value === state.mode;
  }
  $('user-search').hidden = state.mode !== 'user';
  $('item-search').hidden = state.mode === 'user' && !state.user;
  $('clear').hidden = state.history.length === 0;
  $('history').hidden = state.history.length === 0;
  const who = state.user ? `Person ${state.user.user}` : 'So far';
  $('history-title').replaceChildren(who, h('span', { class: 'muted' }, ` ${plural(state.history.length, 'item')}${state.user && state.edited ? ', changed here' : ''}`));
  const few = narrow.matches ? 3 : 8;
  const newestFirst = [...state.history].reverse();
  const shown = showAll ? newestFirst.slice(0, 500) : newestFirst.slice(0, few);
  keyedList(
    $('history-list'),
    shown.map((event) => ({ key: event.item, make: () => row(event), update: (element) => element.show(event) })),
  );
  const more = $('history-more');
  more.hidden = newestFirst.length <= few;
  more.textContent = showAll ? 'Show fewer' : `Show all ${count(newestFirst.length)}`;
  more.setAttribute('aria-expanded', String(showAll));
}

function row(event) {
  const name = nameOf(event.view);
  const rating = h('div', {});
  const element = h(
    'li',
    {},
    cover(event.view, 'small'),
    h('div', { class: 'history-text' }, h('button', { type: 'button', class: 'title-button', dir: 'auto', onclick: () => openDetails(event.item) }, name), rating),
    h('button', { type: 'button', class: 'icon', 'aria-label': `Remove ${name}`, onclick: () => removeAndFocus(event.item) }, cross()),
  );
  let value;
  element.show = (next) => {
    const input = rating.querySelector('input');
    if (next.value !== value && !(input && Number(input.value) === next.value)) {
      rating.replaceChildren(
        scale() ? stars(scale(), next.value, `Rating of ${name}`, (chosen) => rateItem(event.item, chosen)) : h('small', { class: 'muted' }, metaOf(event.view)),
      );
    }
    value = next.value;
  };
  return element;
}

/** After a removal the focus goes to the row that follows, else to the search box. */
function removeAndFocus(item) {
  const rows = [...$('history-list').children];
  const at = rows.findIndex((one) => one.dataset.key === item);
  removeItem(item);
  const next = $('history-list').children[Math.min(at, $('history-list').children.length - 1)];
  (next?.querySelector('.icon') ?? itemBox.input).focus({ preventScroll: true });
}
