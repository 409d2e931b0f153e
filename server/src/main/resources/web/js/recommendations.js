// The list on the right: what is recommended, and why.
import { get, post } from './api.js';
import { cover, metaOf, nameOf, whyOf } from './covers.js';
import { openDetails } from './details.js';
import { hideNewItems, showNewItems } from './newitems.js';
import { breakdown, hasNumbers } from './reasons.js';
import { $, announce, debounced, h, keyedList, plain, plural } from './dom.js';
import { addItem, card, changed, chooseUser, loadCard, LONGEST, PAGE, question, state } from './state.js';

const REASONS = 6;
let running = null;
let slow = 0;

/** Builds the tools above the list once. */
export function startRecommendations() {
  const tools = [];
  if (state.models.length > 1) {
    tools.push(
      h(
        'fieldset',
        { class: 'segments' },
        h('legend', { class: 'hidden-text' }, 'Model'),
        state.models.map((model) =>
          h(
            'label',
            { title: model.description ?? '' },
            h('input', {
              type: 'radio',
              name: 'model',
              value: model.name,
              checked: model.name === state.model,
              onchange: async () => {
                await loadCard(model.name);
                state.model = model.name;
                changed();
              },
            }),
            h('span', {}, model.name),
          ),
        ),
      ),
    );
  }
  const { categories, categoryColumn } = card().data;
  if (categoryColumn && categories.length > 1) {
    tools.push(
      h(
        'label',
        { class: 'select' },
        h('span', { class: 'hidden-text' }, `Only ${categoryColumn}`),
        h(
          'select',
          {
            onchange: (event) => {
              state.kind = event.target.value;
              state.n = PAGE;
              changed();
            },
          },
          h('option', { value: '' }, `All ${categoryColumn}`),
          categories.map((category) => h('option', { value: category.name }, category.name)),
        ),
      ),
    );
  }
  $('tools').replaceChildren(...tools);
}

/** Shows what is chosen in the tools. */
export function showTools() {
  for (const radio of document.getElementsByName('model')) {
    radio.checked = radio.value === state.model;
  }
  const select = $('tools').querySelector('select');
  if (select) {
    select.value = state.kind;
  }
}

const soon = debounced(ask, 120);

/** Asks for the list anew, once the clicks pause. */
export function refresh() {
  clearTimeout(slow);
  slow = setTimeout(() => $('results-body').setAttribute('aria-busy', 'true'), 400);
  $('results-body').dataset.asking = 'true';
  soon();
}

async function ask() {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  try {
    if (state.history.length === 0) {
      await starters(mine.signal);
    } else {
      await recommendations(mine.signal);
    }
  } catch (error) {
    const empty = $('results-body').querySelector('.skeleton') !== null;
    if (error.name !== 'AbortError' && (error.status !== 0 || empty)) {
      $('results-title').textContent = 'That went wrong';
      $('results-note').textContent = '';
      $('results-body').replaceChildren(
        h('div', { class: 'empty' }, h('p', {}, error.message), h('button', { type: 'button', onclick: refresh }, 'Try again')),
      );
    }
    return;
  } finally {
    if (running === mine) {
      clearTimeout(slow);
      $('results-body').setAttribute('aria-busy', 'false');
      $('results-body').dataset.asking = 'false';
    }
  }
}

// --------------------------------------------------------------------------------------------------------------------------------- beginning

async function starters(signal) {
  $('tools').hidden = true;
  hideNewItems();
  if (state.mode === 'user') {
    const { users } = await get('v1/users', { limit: 12, model: state.model }, signal);
    $('results-title').textContent = 'Whose taste shall it be?';
    $('results-note').textContent = 'Choose somebody from the data, or let chance decide.';
    $('results-body').replaceChildren(
      h(
        'ul',
        { class: 'people' },
        users.map((user) =>
          h(
            'li',
            {},
            h('button', { type: 'button', onclick: () => chooseUser(user.user) }, h('strong', {}, user.title ?? `Person ${user.user}`), h('small', {}, plural(user.interactions, 'item'))),
          ),
        ),
      ),
    );
    return;
  }
  const { items } = await get('v1/items', { limit: 24, model: state.model }, signal);
  $('results-title').textContent = 'Start with something you like';
  $('results-note').textContent = items.length ? 'Each click changes what is recommended, at once. Or search for what you know.' : 'This model has no items.';
  let tiles = $('results-body').firstElementChild;
  if (!tiles?.classList.contains('tiles')) {
    tiles = h('ul', { class: 'tiles' });
    $('results-body').replaceChildren(tiles);
  }
  keyedList(
    tiles,
    items.map((item) => ({
      key: item.item,
      make: () =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              class: 'tile',
              'aria-label': `Add ${nameOf(item)}`,
              onclick: () => {
                addItem(item);
                focusResults();
              },
            },
            cover(item, 'large'),
            h('span', { class: 'tile-title', dir: 'auto' }, nameOf(item)),
          ),
        ),
    })),
  );
}

/** The clicked tile is gone: the focus goes to the head of the list that takes its place. */
function focusResults() {
  const title = $('results-title');
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}

// ---------------------------------------------------------------------------------------------------------------------------------- the list

async function recommendations(signal) {
  const filter = { excludeSeen: true, exclude: [...state.hidden] };
  if (state.kind) {
    filter.features = { [card().data.categoryColumn]: state.kind };
  }
  const fresh = showNewItems(question(), filter, signal).catch((error) => error.name === 'AbortError' || hideNewItems());
  const answer = await post('v1/recommend', { ...question(), model: state.model, n: state.n, filter, explain: REASONS }, signal);
  showList(answer);
  await fresh;
}

function showList(answer) {
  clearTimeout(slow);
  $('results-body').setAttribute('aria-busy', 'false');
  $('tools').hidden = false;
  $('results-title').textContent = state.user ? `For person ${state.user.user}` : 'For you';
  $('results-note').replaceChildren(note(answer), ...hiddenNote());
  if (!answer.items.length) {
    $('results-body').replaceChildren(h('p', { class: 'empty' }, 'Nothing is left to recommend: everything was seen, hidden or filtered out.'));
    announce('Nothing is left to recommend');
    return;
  }
  let list = $('results-body').querySelector('.recs');
  if (!list) {
    list = h('ol', { class: 'recs' });
    $('results-body').replaceChildren(list, h('button', { type: 'button', class: 'more', onclick: more }, 'Show more'));
  }
  keyedList(
    list,
    answer.items.map((item) => ({ key: item.item, make: () => entry(item.item), update: (element) => element.show(item) })),
  );
  $('results-body').querySelector('.more').hidden = answer.items.length < state.n || state.n >= LONGEST;
  announce(`${plural(answer.items.length, 'recommendation')}. First: ${nameOf(answer.items[0])}`);
}

function more() {
  state.n = Math.min(LONGEST, state.n + PAGE);
  changed({ replace: true });
}

function note(answer) {
  const by = {
    'known-user': 'From everything this person did.',
    history: `From ${plural(state.history.length, 'item')} of history.`,
    popularity: 'Nothing is known of this person yet: these are what most people like.',
  };
  return [by[answer.servedBy], ...answer.notes].join(' ') + ' ';
}

function hiddenNote() {
  if (!state.hidden.size) {
    return [];
  }
  const back = () => {
    state.hidden.clear();
    changed();
  };
  return [h('button', { type: 'button', class: 'plain', onclick: back }, `Show ${plural(state.hidden.size, 'hidden item')} again`)];
}

function entry(id) {
  let item;
  let open = false;
  const panelId = `why-${Math.random().toString(36).slice(2)}`;
  const coverBox = h('div', { class: 'rec-cover', onclick: () => openDetails(id) });
  const title = h('button', { type: 'button', class: 'title-button', dir: 'auto', onclick: () => openDetails(id) });
  const meta = h('p', { class: 'muted meta' });
  const sentence = h('p', { class: 'sentence' });
  const numbers = h('div', { class: 'numbers', id: panelId, hidden: true });
  const why = h('button', { type: 'button', class: 'plain why', 'aria-expanded': 'false', 'aria-controls': panelId, onclick: toggle }, 'The numbers');
  const add = h('button', { type: 'button', class: 'primary', onclick: () => leave(() => addItem(item)) }, 'I like it');
  const hide = h('button', { type: 'button', onclick: () => leave(hideIt) }, 'Hide');
  const element = h(
    'li',
    { class: 'rec' },
    h('div', { class: 'card' }, coverBox, h('div', { class: 'rec-text' }, h('h3', {}, title), meta, sentence, h('div', { class: 'rec-actions' }, add, hide, why))),
    numbers,
  );

  /** The focus goes to the same button of the entry that takes this place. */
  function leave(action) {
    const focused = document.activeElement;
    const list = element.parentElement;
    const index = [...list.children].indexOf(element);
    const button = focused === hide ? 1 : 0;
    action();
    const watch = new MutationObserver(() => {
      if (!element.isConnected) {
        watch.disconnect();
        const next = list.children[Math.min(index, list.children.length - 1)];
        if (document.activeElement === document.body) {
          next?.querySelectorAll('.rec-actions button')[button]?.focus({ preventScroll: true });
        }
      }
    });
    watch.observe(list, { childList: true });
    setTimeout(() => watch.disconnect(), 5000);
  }

  function hideIt() {
    state.hidden.add(id);
    announce(`Hidden: ${nameOf(item)}`);
    changed();
  }

  function toggle() {
    open = !open;
    why.setAttribute('aria-expanded', String(open));
    numbers.hidden = !open;
    element.classList.toggle('open', open);
    if (open) {
      numbers.replaceChildren(...breakdown(item.explanation, nameOf(item), item.rating));
    }
  }

  element.show = (next) => {
    if (!item) {
      coverBox.append(cover(next, 'medium'));
    }
    item = next;
    const name = nameOf(item);
    title.textContent = name;
    meta.replaceChildren(metaOf(item), item.filled ? h('span', { class: 'badge' }, 'popular') : '');
    const text = whyOf(item) || (item.filled ? 'Many people like it.' : '');
    if (sentence.textContent !== text) {
      sentence.textContent = text;
    }
    add.setAttribute('aria-label', `I like it: ${name}`);
    hide.setAttribute('aria-label', `Hide ${name}`);
    why.setAttribute('aria-label', `The numbers behind ${name}`);
    why.hidden = !hasNumbers(item.explanation);
    if (open) {
      numbers.replaceChildren(...breakdown(item.explanation, name, item.rating));
    }
  };
  return element;
}
