// The state of the page, its address, and who is told when it changes.
import { get, onReconnect } from './api.js';
import { $, announce, h } from './dom.js';
import { startPerson, renderPerson } from './person.js';
import { startRecommendations, refresh } from './recommendations.js';
import { showQuality } from './quality.js';
import { showData } from './data.js';

/**
 * models: [{name, algorithm, ...}]; model: the name of the chosen one; cards: what is known of each, by name;
 * mode: 'new' or 'user'; user: {user, interactions}; history: [{item, value, view}], oldest first; edited: whether the history of the user was
 * changed here; hidden: ids not to be recommended; kind: the category to keep to; n: how many.
 */
export const state = {
  models: [],
  model: '',
  cards: new Map(),
  mode: 'new',
  user: null,
  history: [],
  edited: false,
  hidden: new Set(),
  kind: '',
  n: 12,
};

export const PAGE = 12;

export const card = () => state.cards.get(state.model);

/** The scale of ratings, or null where the data has none. */
export const scale = () => card()?.data.ratings ?? null;

/** What a click on "I like it" is worth. */
export const liked = () => scale()?.max ?? 1;

export async function loadCard(name) {
  if (!state.cards.has(name)) {
    state.cards.set(name, await get('v1/model', { model: name }));
  }
  return state.cards.get(name);
}

/** Tells everybody that the person or the wishes changed. */
export function changed() {
  writeAddress();
  renderPerson();
  refresh();
}

export function addItem(view, value = liked()) {
  if (state.history.some((event) => event.item === view.item)) {
    announce(`${view.title ?? view.item} is in the history already`);
    return;
  }
  state.history.push({ item: view.item, value, view });
  state.edited = true;
  state.hidden.delete(view.item);
  announce(`Added ${view.title ?? view.item}`);
  changed();
}

export function removeItem(item) {
  const gone = state.history.find((event) => event.item === item);
  state.history = state.history.filter((event) => event.item !== item);
  state.edited = true;
  announce(`Removed ${gone?.view.title ?? item}`);
  changed();
}

export function rateItem(item, value) {
  const event = state.history.find((one) => one.item === item);
  event.value = value;
  state.edited = true;
  writeAddress();
  refresh();
}

export function startOver() {
  state.user = null;
  state.history = [];
  state.edited = false;
  state.hidden.clear();
  state.n = PAGE;
  changed();
}

/** Loads a user of the data with the history. */
export async function chooseUser(id) {
  const answer = await get(`v1/users/${encodeURIComponent(id)}`, { model: state.model, limit: 10000 });
  state.mode = 'user';
  state.user = { user: answer.user, interactions: answer.interactions };
  state.history = answer.history.map((event) => ({ item: event.item, value: event.value, view: event }));
  state.edited = false;
  state.hidden.clear();
  state.n = PAGE;
  announce(`Person ${answer.user} with ${answer.interactions} items`);
  changed();
}

// ---------------------------------------------------------------------------------------------------------------------------------- address

let writing = false;

function writeAddress() {
  const query = new URLSearchParams();
  if (state.mode === 'user' && state.user && !state.edited) {
    query.set('user', state.user.user);
  } else if (state.history.length && state.history.length <= 60) {
    query.set('items', state.history.map((e) => `${encodeURIComponent(e.item)}:${e.value}`).join(','));
  }
  if (state.models.length > 1 && state.model !== state.models[0].name) {
    query.set('model', state.model);
  }
  if (view() === 'for-you') {
    writing = true;
    history.replaceState(null, '', '#/' + (query.size ? '?' + query : ''));
    writing = false;
  }
}

const address = () => new URLSearchParams(location.hash.split('?')[1] ?? '');

async function readAddress() {
  const query = address();
  if (query.has('user')) {
    await chooseUser(query.get('user')).catch(() => announce(`Person ${query.get('user')} is unknown`));
  } else if (query.has('items')) {
    const events = query.get('items').split(',').map((part) => part.split(':'));
    const known = await Promise.all(
      events.map(([item, value]) =>
        get(`v1/items/${item}`, { model: state.model })
          .then((view) => ({ item: view.item, value: Number(value) || liked(), view }))
          .catch(() => null),
      ),
    );
    state.history = known.filter(Boolean);
    state.edited = true;
  }
}

// ------------------------------------------------------------------------------------------------------------------------------------ views

const VIEWS = { 'for-you': () => {}, quality: showQuality, data: showData };

function view() {
  const name = location.hash.replace(/^#\//, '').split('?')[0];
  return name in VIEWS ? name : 'for-you';
}

function showView() {
  if (writing) {
    return;
  }
  const shown = view();
  for (const name of Object.keys(VIEWS)) {
    $(`view-${name}`).hidden = name !== shown;
  }
  for (const link of document.querySelectorAll('nav a')) {
    link.toggleAttribute('aria-current', link.dataset.view === shown);
    if (link.dataset.view === shown) {
      link.setAttribute('aria-current', 'page');
    }
  }
  const titles = { 'for-you': 'Kindred', quality: 'How good is it? · Kindred', data: 'The data · Kindred' };
  document.title = titles[shown];
  VIEWS[shown]();
  if (shown === 'for-you') {
    writeAddress();
  }
}

function startTheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const button = $('theme');
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const show = () => button.setAttribute('aria-pressed', String(isDark()));
  button.addEventListener('click', () => {
    const chosen = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = chosen;
    try {
      localStorage.setItem('kindred-theme', chosen);
    } catch {
      // no storage: the choice lasts as long as the page
    }
    show();
  });
  dark.addEventListener('change', show);
  show();
}

async function start() {
  startTheme();
  const list = await get('v1/models');
  state.models = list.models;
  const wanted = address().get('model');
  state.model = list.models.some((model) => model.name === wanted) ? wanted : list.standard;
  await loadCard(state.model);
  const data = card().data;
  $('dataset').replaceChildren(data.generated ? h('strong', { class: 'badge' }, 'Generated data') : '', data.name);
  startPerson();
  startRecommendations();
  await readAddress();
  renderPerson();
  refresh();
  showView();
  addEventListener('hashchange', showView);
  addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, select, textarea, dialog');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && view() === 'for-you') {
      event.preventDefault();
      document.querySelector('#item-search input').focus();
    }
  });
  document.documentElement.dataset.ready = 'true';
}

let started = false;

async function tryStart() {
  try {
    await start();
    started = true;
  } catch (error) {
    $('view-for-you').hidden = false;
    $('results-body').replaceChildren(h('p', { class: 'empty' }, error.message));
  }
}

onReconnect(() => (started ? refresh() : tryStart()));
tryStart();
