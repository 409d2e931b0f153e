// The address holds the state: it can be shared, reloaded, and gone back to. #/VIEW?model=&user=&items=&kind=&hidden=&n=&sheet=
import { get } from './api.js';
import { announce } from './dom.js';
import { LONGEST, loadCard, loadUser, nobody, PAGE, state } from './state.js';

const VIEWS = ['for-you', 'quality', 'data'];
const AT_ONCE = 8;
const MOST_ITEMS = 1000;
const views = new Map(); // what is known of items by id, so that going back asks for nothing twice

/** The view that the address names. */
export function view() {
  const name = location.hash.replace(/^#\//, '').split('?')[0];
  return VIEWS.includes(name) ? name : 'for-you';
}

const parts = (event) => `${encodeURIComponent(event.item)}:${event.value}`;
const ids = (list) => list.map(encodeURIComponent).join(',');

/** The state as a query. Of a person of the data whose history was changed here, the changes. */
function query() {
  const query = new URLSearchParams();
  const stored = new Map(state.stored.map((event) => [event.item, event.value]));
  if (state.user) {
    query.set('user', state.user.user);
  } else if (state.mode === 'user') {
    query.set('user', '');
  }
  const items = state.history.filter((event) => stored.get(event.item) !== event.value);
  if (items.length && (!state.user || state.edited)) {
    query.set('items', items.slice(-MOST_ITEMS).map(parts).join(','));
  }
  if (state.user && state.edited) {
    const left = new Set(state.history.map((event) => event.item));
    const without = state.stored.filter((event) => !left.has(event.item));
    if (without.length) {
      query.set('without', ids(without.map((event) => event.item)));
    }
  }
  if (state.models.length > 1 && state.model !== state.standard) {
    query.set('model', state.model);
  }
  if (state.kind) {
    query.set('kind', state.kind);
  }
  if (state.hidden.size) {
    query.set('hidden', ids([...state.hidden]));
  }
  if (state.n !== PAGE) {
    query.set('n', state.n);
  }
  if (state.sheet) {
    query.set('sheet', state.sheet.id);
    if (state.sheet.model !== state.model) {
      query.set('by', state.sheet.model);
    }
  }
  return query;
}

const address = (name, query) => `#/${name === 'for-you' ? '' : name}${query.size ? '?' + query : ''}`;

/** Writes the state into the address, as a step to go back from, or in place of the one before. depth: how many sheets lie on each other. */
export function writeAddress({ replace = false, depth = 0 } = {}) {
  const all = query();
  const now = address(view(), all);
  if (now !== location.hash) {
    history[replace ? 'replaceState' : 'pushState']({ depth }, '', now);
  }
  all.delete('sheet');
  all.delete('by');
  for (const link of document.querySelectorAll('nav a')) {
    link.href = address(link.dataset.view, all);
  }
}

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // an address that somebody wrote by hand
  }
};

async function known(item, model) {
  if (!views.has(item)) {
    views.set(item, await get(`v1/items/${encodeURIComponent(item)}`, { model }));
  }
  return views.get(item);
}

/** The events of "id:value,id", a few at a time; those of unknown items are left out, and said. */
async function events(text, model, usual) {
  const wanted = text.split(',').slice(-MOST_ITEMS).map((part) => {
    const [item, value] = part.split(':');
    return { item: decoded(item), value: value && Number.isFinite(Number(value)) ? Number(value) : usual };
  });
  const found = [];
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE).map(async (event) => {
      const view = await unlessUnknown(known(event.item, model));
      return view && { item: view.item, value: event.value, view };
    });
    found.push(...(await Promise.all(some)));
  }
  const unknown = found.filter((event) => !event).length;
  if (unknown) {
    announce(`${unknown} of the items in the address are unknown`);
  }
  return found.filter(Boolean);
}

/** What the server answers, or null where it says that there is no such thing. */
async function unlessUnknown(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error.status === 404) {
      return null;
    }
    throw error;
  }
}

/** What the state must become to be what the address says. What it names and nobody knows is left out, and said. */
export async function readAddress() {
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '');
  const named = (name) => state.models.some((one) => one.name === name);
  const next = { ...nobody(), model: named(query.get('model')) ? query.get('model') : state.standard };
  const { data } = await loadCard(next.model);
  const user = query.get('user');
  next.mode = user === null ? 'new' : 'user';
  if (user) {
    const found = user === state.user?.user ? state : await unlessUnknown(loadUser(user, next.model));
    if (found) {
      next.user = found.user;
      next.stored = found.stored;
      next.history = found.stored.map((event) => ({ ...event }));
    } else {
      announce(`Person ${user} is unknown`);
    }
  }
  if (query.has('without') && next.user) {
    const without = new Set(query.get('without').split(',').map(decoded));
    next.history = next.history.filter((event) => !without.has(event.item));
    next.edited = true;
  }
  if (query.get('items')) {
    for (const event of await events(query.get('items'), next.model, data.liked ?? 1)) {
      const there = next.history.find((one) => one.item === event.item);
      if (there) {
        there.value = event.value;
      } else {
        next.history.push(event);
      }
    }
    next.edited = true;
  }
  const kind = query.get('kind') ?? '';
  next.kind = data.categories.some((category) => category.name === kind) ? kind : '';
  next.hidden = new Set((query.get('hidden') ?? '').split(',').filter(Boolean).map(decoded));
  const n = Number(query.get('n') ?? PAGE);
  next.n = Number.isInteger(n) && n >= 1 ? Math.min(LONGEST, n) : PAGE;
  if (query.get('sheet')) {
    next.sheet = { id: query.get('sheet'), model: named(query.get('by')) ? query.get('by') : next.model };
  }
  return next;
}
