// What the page is about: who it is for, and what is wished. Whoever shows a part of it listens; nobody here knows who listens.
import { get } from './api.js';
import { announce } from './dom.js';

/**
 * models: [{name, algorithm, ...}]; standard: the name of the one that answers by itself; model: that of the chosen one; cards: what is known of each, by name;
 * mode: 'new' or 'user'; user: {user, interactions}; stored: the history of the user in the data; history: [{item, value, view}], oldest
 * first; edited: whether the history of the user was changed here; hidden: ids not to be recommended; kind: the category to keep to;
 * n: how many; sheet: {id, model} of the item whose sheet is open, or null.
 */
export const state = {
  models: [],
  standard: '',
  model: '',
  cards: new Map(),
  mode: 'new',
  user: null,
  stored: [],
  history: [],
  edited: false,
  hidden: new Set(),
  kind: '',
  n: 12,
  sheet: null,
};

export const PAGE = 12;

/** The most items of a list. */
export const LONGEST = 120;

const listeners = new Set();

/** Calls f({replace}) after each change; replace: whether the change goes on from the one before, as a rating that is being set. */
export const onChange = (f) => listeners.add(f);

/** Tells everybody that the person or the wishes changed. */
export function changed(how = {}) {
  listeners.forEach((f) => f(how));
}

export const card = () => state.cards.get(state.model);

/** The scale of ratings, or null where the data has none. */
export const scale = () => card()?.data.ratings ?? null;

/** What a click on "I like it" is worth. */
export const liked = () => card()?.data.liked ?? 1;

export async function loadCard(name) {
  if (!state.cards.has(name)) {
    state.cards.set(name, await get('v1/model', { model: name }));
  }
  return state.cards.get(name);
}

/** The question of the page: a person of the data, one whose history was changed here, or a history alone. */
export function question() {
  if (state.user && !state.edited) {
    return { user: state.user.user };
  }
  const history = state.history.map((event) => ({ item: event.item, value: event.value }));
  return state.user ? { user: state.user.user, history } : { history };
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
  changed({ replace: true });
}

/** What the state is of nobody, with no wishes. */
export const nobody = () => ({ user: null, stored: [], history: [], edited: false, hidden: new Set(), kind: '', n: PAGE, sheet: null });

export function startOver() {
  Object.assign(state, nobody(), { kind: state.kind });
  changed();
}

/** A user of the data with the history, as a model knows them. */
export async function loadUser(id, model) {
  const answer = await get(`v1/users/${encodeURIComponent(id)}`, { model, limit: 10000 });
  return {
    user: { user: answer.user, interactions: answer.interactions },
    stored: answer.history.map((event) => ({ item: event.item, value: event.value, view: event })),
  };
}

/** Makes a user of the data the person that the page is about. */
export async function chooseUser(id) {
  const { user, stored } = await loadUser(id, state.model);
  Object.assign(state, nobody(), { mode: 'user', user, stored, history: stored.map((event) => ({ ...event })), kind: state.kind });
  announce(`Person ${user.user} with ${user.interactions} items`);
  changed();
}
