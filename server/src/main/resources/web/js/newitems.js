// The row under the list: what hardly anybody has done yet, ranked for this person by what it is.
import { post } from './api.js';
import { cover, nameOf, whyOf } from './covers.js';
import { openDetails } from './details.js';
import { $, h, keyedList, plural } from './dom.js';
import { state } from './state.js';

const SHOWN = 12;

/** The model that ranks new items: the chosen one where it can, else the first that can. */
function ranking() {
  const able = state.models.filter((model) => model.can.includes('new-items'));
  return able.find((model) => model.name === state.model) ?? able[0];
}

/** Shows no row. */
export function hideNewItems() {
  $('new-items').hidden = true;
}

/** Asks for the row; without a model that can, and without anything to show, there is none. */
export async function showNewItems(person, filter, signal) {
  const model = ranking();
  if (!model) {
    return;
  }
  const answer = await post('v1/new-items', { ...person, model: model.name, n: SHOWN, filter, explain: 3 }, signal);
  $('new-items').hidden = answer.items.length === 0;
  $('new-items-note').textContent = 'Hardly anybody has found these yet. They are here for what they are' + (model.name === state.model ? '.' : `, by ${model.name}.`);
  keyedList(
    $('new-items-list'),
    answer.items.map((item) => ({ key: `${answer.model} ${item.item}`, make: () => tile(item.item, answer.model), update: (element) => element.show(item) })),
  );
}

function tile(id, model) {
  const box = h('div', {});
  const title = h('span', { class: 'tile-title', dir: 'auto' });
  const people = h('small', { class: 'muted' });
  const sentence = h('p', { class: 'sentence' });
  const element = h('li', {}, h('button', { type: 'button', class: 'tile', onclick: () => openDetails(id, model) }, box, title, people), sentence);
  element.show = (item) => {
    if (!box.firstChild) {
      box.append(cover(item, 'large'));
    }
    title.textContent = nameOf(item);
    people.textContent = item.interactions ? plural(item.interactions, 'person', 'people') + ' so far' : 'Nobody yet';
    sentence.textContent = whyOf(item);
  };
  return element;
}
