// A search box with a list of suggestions: the ARIA combobox pattern with an editable input and a listbox.
import { announce, debounced, h } from './dom.js';

let boxes = 0;

/**
 * label: what the box is called; placeholder; search: async (query, signal) => entries; render: (entry) => children;
 * choose: (entry) => void; name: (entry) => text.
 */
export function combobox({ label, placeholder, search, render, choose, empty }) {
  const id = `combobox-${++boxes}`;
  const list = h('ul', { role: 'listbox', id: `${id}-list`, 'aria-label': label, hidden: true });
  const input = h('input', {
    type: 'text',
    id,
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': `${id}-list`,
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'done',
    placeholder,
  });
  const message = h('p', { class: 'combobox-message', hidden: true });
  const box = h('div', { class: 'combobox' }, h('label', { for: id }, label), h('div', { class: 'combobox-box' }, input, list, message));

  let entries = [];
  let active = -1;
  let running = null;
  let fresh = false; // whether the suggestions are those of the text
  let hasty = false; // whether Enter came before they were

  function close() {
    running?.abort();
    fresh = false;
    hasty = false;
    list.hidden = true;
    message.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    active = -1;
  }

  function activate(index) {
    active = index;
    [...list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    if (index >= 0) {
      input.setAttribute('aria-activedescendant', `${id}-${index}`);
      list.children[index].scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  function pick(index) {
    const entry = entries[index];
    input.value = '';
    close();
    choose(entry);
  }

  async function open() {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const query = input.value.trim();
    let found;
    try {
      found = await search(query, mine.signal);
    } catch (error) {
      if (error.name !== 'AbortError') {
        list.hidden = true;
        message.textContent = error.message;
        message.hidden = false;
      }
      return;
    }
    if (mine.signal.aborted || document.activeElement !== input) {
      return;
    }
    entries = found;
    fresh = true;
    if (hasty && entries.length) {
      pick(0);
      return;
    }
    hasty = false;
    list.replaceChildren(
      ...entries.map((entry, index) =>
        h(
          'li',
          {
            role: 'option',
            id: `${id}-${index}`,
            'aria-selected': 'false',
            onpointerdown: (event) => event.preventDefault(), // the input keeps the focus
            onclick: () => pick(index),
            onpointermove: () => active !== index && activate(index),
          },
          render(entry),
        ),
      ),
    );
    const any = entries.length > 0;
    list.hidden = !any;
    message.hidden = any;
    message.textContent = any ? '' : empty(query);
    input.setAttribute('aria-expanded', String(any));
    activate(any ? 0 : -1);
    list.scrollTop = 0;
    announce(any ? `${entries.length} ${entries.length === 1 ? 'suggestion' : 'suggestions'}` : message.textContent);
  }

  const openSoon = debounced(() => fresh || !input.value.trim() || open(), 90);
  input.addEventListener('input', () => {
    fresh = false;
    hasty = false;
    if (input.value.trim()) {
      openSoon();
    } else {
      close();
    }
  });
  input.addEventListener('click', () => list.hidden && open());
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    const last = entries.length - 1;
    if (event.isComposing) {
      return;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) {
        open();
      } else {
        const step = event.key === 'ArrowDown' ? 1 : -1;
        activate(active + step > last ? 0 : active + step < 0 ? last : active + step);
      }
    } else if (!list.hidden && event.key === 'Home' && event.ctrlKey) {
      event.preventDefault();
      activate(0);
    } else if (!list.hidden && event.key === 'End' && event.ctrlKey) {
      event.preventDefault();
      activate(last);
    } else if (event.key === 'Enter' && !fresh && input.value.trim()) {
      event.preventDefault();
      hasty = true;
      open();
    } else if (!list.hidden && event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      pick(active);
    } else if (event.key === 'Escape') {
      if (list.hidden) {
        input.value = '';
      }
      event.preventDefault();
      close();
    }
  });
  return { element: box, input, close };
}
