// Starts the page, and follows its address.
import { get, onReconnect } from './api.js';
import { readAddress, view, writeAddress } from './address.js';
import { showData } from './data.js';
import { showSheet } from './details.js';
import { $, h } from './dom.js';
import { renderPerson, startPerson } from './person.js';
import { showQuality } from './quality.js';
import { refresh, showTools, startRecommendations } from './recommendations.js';
import { card, loadCard, onChange, state } from './state.js';

const VIEWS = { 'for-you': () => {}, quality: showQuality, data: showData };
const TITLES = { 'for-you': 'Kindred', quality: 'How good is it? · Kindred', data: 'The data · Kindred' };

/** Shows the view that the address names: its frame at once, what fills it when the server has answered. */
function showFrame() {
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
  document.title = TITLES[shown];
  return shown;
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

let following = 0;
let lost = false; // whether the page is not yet what the address says

/** Makes the page what the address says: at the start, after Back and Forward, and when somebody writes another address. */
async function follow() {
  const mine = ++following;
  const shown = showFrame();
  lost = true;
  let next;
  try {
    next = await readAddress();
  } catch (error) {
    if (mine === following) {
      failed(shown, error);
    }
    return;
  }
  if (mine !== following) {
    return; // another address, or a click, has come meanwhile
  }
  lost = false;
  Object.assign(state, next);
  writeAddress({ replace: true });
  showTools();
  renderPerson();
  refresh();
  VIEWS[shown]();
  showSheet();
}

function failed(shown, error) {
  const body = $(shown === 'for-you' ? 'results-body' : `${shown}-body`);
  body.setAttribute('aria-busy', 'false');
  body.replaceChildren(h('div', { class: 'empty' }, h('p', {}, error.message), h('button', { type: 'button', onclick: started ? follow : tryStart }, 'Try again')));
  if (shown === 'for-you') {
    $('results-title').textContent = 'That went wrong';
  }
}

async function start() {
  const list = await get('v1/models');
  state.models = list.models;
  state.standard = list.standard;
  state.model = list.standard;
  await loadCard(state.model);
  const data = card().data;
  $('dataset').replaceChildren(data.generated ? h('strong', { class: 'badge' }, 'Generated data') : '', data.name);
  if (!started) {
    startPerson();
    startRecommendations();
    onChange((how) => {
      following++;
      lost = false;
      writeAddress(how);
      showTools();
      renderPerson();
      refresh();
    });
    addEventListener('popstate', follow);
    addEventListener('keydown', (event) => {
      const typing = event.target.closest?.('input, select, textarea, dialog');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && view() === 'for-you') {
        event.preventDefault();
        document.querySelector('#item-search input').focus();
      }
    });
    started = true;
  }
  await follow();
  document.documentElement.dataset.ready = 'true';
}

let started = false;

async function tryStart() {
  try {
    await start();
  } catch (error) {
    failed(view(), error);
  }
}

onReconnect(() => (!started ? tryStart() : lost ? follow() : refresh()));
startTheme();
showFrame();
tryStart();
