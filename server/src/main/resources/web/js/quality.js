// The view of the measured quality: one table of all models, a plot for each metric, and the hyperparameters.
import { dots } from './charts.js';
import { $, h, number, percent } from './dom.js';
import { loadCard, state } from './state.js';

const WORDS = [
  ['recall_capped', 'Of the items held back from a person, the share that the list found, held to what a list of that length can find'],
  ['recall', 'Of the items held back from a person, the share that the list found'],
  ['precision', 'Of the list, the share that was held back from the person'],
  ['hr', 'The share of people for whom the list found something'],
  ['ndcg', 'Whether the items held back stand high in the list: 1 is the perfect order'],
  ['mrr', 'One divided by the place of the first hit'],
  ['map', 'The mean of the precision at each hit'],
  ['auc', 'How often an item that was held back stands above another one'],
  ['rmse', 'The typical error of a predicted rating, where large errors weigh more. Lower is better'],
  ['mae', 'The mean error of a predicted rating. Lower is better'],
  ['coverage', 'The share of the catalogue that is recommended to somebody'],
  ['gini', 'How unevenly the lists use the catalogue: 0 is even. Lower is more even'],
  ['novelty', 'How little known the recommended items are'],
  ['diversity', 'How different the items inside a list are'],
  ['popularity', 'How popular the recommended items are. Lower is less mainstream'],
];
const LOWER = ['rmse', 'mae', 'gini', 'popularity'];
const NEUTRAL = ['novelty', 'popularity'];
const SHARES = ['recall_capped', 'recall', 'precision', 'hr', 'coverage'];

const family = (metric) => metric.split('@')[0].toLowerCase();
const shown = (metric, value) => (value === undefined ? '–' : SHARES.includes(family(metric)) ? percent(value) : number(value));

/** Metrics by name, with the bounds "x.low" and "x.high" of an interval beside "x". */
function measured(card) {
  const list = new Map();
  for (const [name, value] of Object.entries(card.metrics)) {
    const bound = /^(.*)\.(low|high)$/.exec(name);
    const metric = bound ? bound[1] : name;
    const entry = list.get(metric) ?? {};
    entry[bound ? bound[2] : 'value'] = value;
    list.set(metric, entry);
  }
  return list;
}

function best(metric, values) {
  const known = values.filter((value) => value !== undefined);
  if (known.length < 2 || NEUTRAL.includes(family(metric))) {
    return undefined;
  }
  return LOWER.includes(family(metric)) ? Math.min(...known) : Math.max(...known);
}

export async function showQuality() {
  const body = $('quality-body');
  body.setAttribute('aria-busy', 'false');
  let cards;
  try {
    cards = await Promise.all(state.models.map((model) => loadCard(model.name)));
  } catch (error) {
    body.replaceChildren(h('p', { class: 'empty' }, error.message));
    return;
  }
  const results = cards.map(measured);
  const metrics = [...new Set(results.flatMap((result) => [...result.keys()]))].sort((a, b) => order(a) - order(b) || a.localeCompare(b, 'en', { numeric: true }));
  const data = cards[0].data;
  const intro = h('p', { class: 'lead' }, 'Measured on interactions that were held back from the models, of ', h('strong', {}, data.name), data.generated ? [' ', h('span', { class: 'badge' }, 'Generated data')] : '', '. Where the ranges of two models overlap, their difference may be chance.');
  if (!metrics.length) {
    body.replaceChildren(
      h('p', {}, cards.length > 1 ? 'These models were' : 'This model was', ' kept without measurements. ', h('code', {}, 'kindred evaluate'), ' compares models.'),
      ...about(cards),
    );
    return;
  }
  body.replaceChildren(intro, table(cards, results, metrics), plots(cards, results, metrics), ...about(cards));
}

function order(metric) {
  const at = ['ndcg', 'recall', 'recall_capped', 'precision', 'hr', 'mrr', 'map', 'auc', 'rmse', 'mae', 'coverage'].indexOf(family(metric));
  return at < 0 ? 99 : at;
}

function table(cards, results, metrics) {
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Measured table' },
    h(
      'table',
      { class: 'measured' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Metric'), cards.map((card) => h('th', { scope: 'col' }, card.name)))),
      h(
        'tbody',
        {},
        metrics.map((metric) => {
          const top = best(metric, results.map((result) => result.get(metric)?.value));
          return h(
            'tr',
            {},
            h('th', { scope: 'row' }, metric),
            results.map((result) => {
              const { value, low, high } = result.get(metric) ?? {};
              const range = low !== undefined && high !== undefined ? h('small', { class: 'muted' }, ` ${shown(metric, low)} to ${shown(metric, high)}`) : null;
              return h('td', { class: value !== undefined && value === top ? 'best' : null }, shown(metric, value), range);
            }),
          );
        }),
      ),
    ),
  );
}

function plots(cards, results, metrics) {
  return h(
    'div',
    { class: 'charts' },
    metrics.map((metric) => {
      const top = best(metric, results.map((result) => result.get(metric)?.value));
      const rows = cards
        .map((card, i) => ({ label: card.name, ...results[i].get(metric) }))
        .filter((row) => row.value !== undefined)
        .map((row) => ({ ...row, shown: shown(metric, row.value), best: row.value === top || cards.length === 1 }));
      return dots({ title: metric, caption: WORDS.find(([name]) => name === family(metric))?.[1], rows });
    }),
  );
}

function about(cards) {
  return [
    h('h2', {}, cards.length > 1 ? 'The models' : 'The model'),
    ...cards.map((card) =>
      h(
        'details',
        { class: 'model', open: cards.length === 1 },
        h('summary', {}, h('strong', {}, card.name), h('span', { class: 'muted' }, ` ${card.description ?? card.algorithm}`)),
        h(
          'dl',
          {},
          Object.entries(card.parameters).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
          h('dt', {}, 'seed'),
          h('dd', {}, String(card.seed)),
          h('dt', {}, 'trained in'),
          h('dd', {}, card.trainingSeconds < 0.1 ? `${Math.max(1, Math.round(card.trainingSeconds * 1000))} ms` : `${card.trainingSeconds.toFixed(1)} s`),
          h('dt', {}, 'data fingerprint'),
          h('dd', {}, h('code', {}, card.fingerprint)),
        ),
      ),
    ),
  ];
}
