// The view of the data: how much there is, and how it lies.
import { bars, columns, curve } from './charts.js';
import { $, count, h, percent, plain, plural } from './dom.js';
import { loadCard, state } from './state.js';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const day = (iso) => new Date(iso).toLocaleDateString('en', { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' });

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export async function showData() {
  const body = $('data-body');
  body.setAttribute('aria-busy', 'false');
  let data;
  try {
    ({ data } = await loadCard(state.model));
  } catch (error) {
    body.replaceChildren(h('p', { class: 'empty' }, error.message));
    return;
  }
  const fact = (value, name) => h('div', { class: 'fact' }, h('dd', {}, value), h('dt', {}, name));
  body.replaceChildren(
    h('p', { class: 'lead' }, h('strong', {}, data.name), data.from ? `, from ${day(data.from)} to ${day(data.to)}` : '', '. ', data.generated ? 'This data was generated: nobody in it is real, and no taste in it is anybody’s.' : ''),
    h(
      'dl',
      { class: 'facts' },
      fact(count(data.users), 'people'),
      fact(count(data.items), 'items'),
      fact(count(data.interactions), data.ratings ? 'ratings' : 'interactions'),
      fact(percent(data.density), 'of all pairs are known'),
    ),
    h('div', { class: 'charts' }, ...plots(data)),
    ...columnTable(data),
  );
}

function plots(data) {
  const charts = [];
  if (data.values.length > 1) {
    charts.push(
      columns({
        title: data.ratings ? 'Ratings' : 'Values',
        caption: data.ratings ? 'How often each rating was given' : 'How often each value is there',
        rows: data.values.map((v) => ({ label: plain(v.value), value: v.count, shown: compact.format(v.count) })),
      }),
    );
  }
  const { bins, quantiles, mean } = data.historyLengths;
  if (bins.length) {
    charts.push(
      columns({
        title: 'Lengths of histories',
        caption: `Half of the people have at most ${plural(quantiles[3], 'item')}; the mean is ${count(Math.round(mean))}`,
        rows: bins.map((bin) => ({ label: bin.from === bin.to ? String(bin.from) : `${compact.format(bin.from)}+`, value: bin.users, shown: compact.format(bin.users) })),
      }),
    );
  }
  const points = data.popularity.curve.map((p) => [p.items, p.interactions]);
  if (points.length > 2) {
    const tenth = points.reduce((a, b) => (Math.abs(b[0] - 0.1) < Math.abs(a[0] - 0.1) ? b : a));
    const words = `The most popular ${percent(tenth[0])} of the items take ${percent(tenth[1])}`;
    charts.push(
      curve({
        title: 'Popularity',
        caption: 'The share of all interactions that the most popular items take',
        label: words,
        points,
        mark: [tenth[0], tenth[1], `${percent(tenth[0])} of the items: ${percent(tenth[1])}`],
      }),
    );
  }
  if (data.categories.length) {
    charts.push(
      bars({
        title: capital(data.categoryColumn.replaceAll('_', ' ')),
        caption: 'Interactions with items of each; an item may have several',
        rows: data.categories.map((c) => ({ label: c.name, value: c.interactions, shown: compact.format(c.interactions) })),
      }),
    );
  }
  return charts;
}

function columnTable(data) {
  if (!data.columns.length) {
    return [h('p', { class: 'muted' }, 'Nothing else is known of the items: no titles, no categories.')];
  }
  return [
    h('h2', {}, 'What is known of the items'),
    h(
      'table',
      { class: 'measured' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Column'), h('th', { scope: 'col' }, 'Kind'), h('th', { scope: 'col' }, 'Known of'))),
      h('tbody', {}, data.columns.map((column) => h('tr', {}, h('th', { scope: 'row' }, column.name), h('td', {}, column.kind), h('td', {}, plural(column.known, 'item'))))),
    ),
    data.popularity.neverSeen ? h('p', { class: 'muted' }, `${plural(data.popularity.neverSeen, 'item')} of the catalogue had no interaction.`) : null,
  ].filter(Boolean);
}
