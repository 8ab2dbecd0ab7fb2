// What the page shows of nodes, on a document that is no browser's.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {makeDocument} from './fake_dom.mjs';

const folder = pathToFileURL(`${process.env.PAGE_FILES}/`);
const {NodeList} = await import(new URL('nodes.js', folder));
const {newState, takeCluster} = await import(new URL('model.js', folder));

function children(n, from = 0) {
  return Array.from({length: n}, (_, i) => (
    {id: `orders#${from + i + 1}`, state: 'up', incarnation: 1, restarts: 0,
     restarts_left: 5}));
}

function view(total, more = {}) {
  return {
    health: {phase: 'serving', services: [
      {service: 'orders', state: 'up', replicas: total, replicas_up: total,
       in_flight: 2, waiting: 1}]},
    root: {children: [{id: 'orders', restarts_left: 4}]},
    supervisors: {orders: {total, states: {up: total},
                           children: children(Math.min(total, 20)), ...more}},
    requests: {orders: {ok: 0, failed: 0}},
    breakers: [{service: 'orders', state: 'open', failures: 5}],
    bulkheads: [{bulkhead: 'small', state: 'available', isolation: 'none',
                 draining: false, in_use: 3, limit: 7, waiting: 0,
                 refusals: 1}],
  };
}

class Page {
  constructor(mayChange = false) {
    globalThis.document = this.document = makeDocument();
    this.root = this.document.createElement('div');
    this.model = newState();
    this.changes = [];
    this.asked = [];
    this.list = new NodeList({
      mayChange: () => mayChange,
      redraw: () => this.draw(),
      change: (word, order) => this.changes.push([word, order]),
      children: async (...what) => {
        this.asked.push(what);
        return {children: children(200, what[2])};
      },
    });
  }

  take(nodes, silent = [], now = 1000) {
    takeCluster(this.model, {node: 'alpha', silent,
      nodes: Object.entries(nodes).map(([node, it]) => ({node, view: it}))},
                now);
    this.draw(now);
  }

  draw(now = 1000) {
    this.list.draw(this.root, this.model, now);
  }

  buttons(label) {
    return [...this.root.all()].filter(each => each.tagName === 'button'
                                       && each.textContent.startsWith(label));
  }
}

test('nodes, services and compartments are shown with words', () => {
  const page = new Page();
  page.take({beta: view(3), alpha: view(2)});
  assert.deepEqual(page.root.children.map(each => each.dataset.key),
                   ['alpha', 'beta']);
  const text = page.root.firstElementChild.textContent;
  for (const words of ['● serving', 'data 0 s old', '2 of 2', '✖ open',
                       '3 of 7', 'small'])
    assert.ok(text.includes(words), words);
});

test('a node that does not answer shows its age, its reason and no hope', () => {
  const page = new Page(true);
  page.take({alpha: view(2), beta: view(2)});
  page.take({alpha: view(2)}, [{node: 'beta', why: 'timed out'},
                               {node: 'gamma', why: 'timed out'}], 31000);
  const [, beta, gamma] = page.root.children;
  assert.match(beta.textContent, /✖ lost data 30 s old; timed out/);
  assert.match(gamma.textContent, /nothing known of it; timed out/);
});

test('what did not change is not touched, so that focus stays', () => {
  const page = new Page();
  page.take({alpha: view(3)});
  page.buttons('▸ orders')[0].click();
  const before = [...page.root.all()];
  const changes = page.document.changes;
  page.take({alpha: view(3)}, [], 1200);
  assert.deepEqual([...page.root.all()], before);
  assert.ok(page.document.changes - changes < 10);
});

test('a replica that waits says how long, and how many restarts are left',
     () => {
  const page = new Page();
  const crashed = children(3);
  crashed[1] = {...crashed[1], state: 'waiting', restarts_left: 2,
                retry_in_seconds: 4};
  page.take({alpha: view(3, {children: crashed,
                             states: {up: 2, waiting: 1}})});
  page.buttons('▸ orders')[0].click();
  page.draw(2500);
  assert.match(page.root.textContent, /2 up, 1 waiting/);
  assert.match(page.root.textContent, /orders#2↻ waiting102in 2.5 s/);
});

test('ten thousand children unfold in parts', async () => {
  const page = new Page();
  page.take({alpha: view(10000)});
  page.buttons('▸ orders')[0].click();
  const lines = () => [...page.root.all()].filter(
    each => each.dataset.key?.startsWith('orders#')).length;
  assert.equal(lines(), 20);
  const more = page.buttons('Show')[0];
  assert.equal(more.textContent, 'Show 200 more of 9980');
  more.click();
  await new Promise(setImmediate);
  assert.deepEqual(page.asked, [['alpha', 'orders', 20]]);
  assert.equal(lines(), 220);
  page.take({alpha: view(10000)}, [], 3000);
  assert.equal(lines(), 220);
  page.buttons('▾ orders')[0].click();
  assert.equal(lines(), 0);
});

test('commands want a token, and the node that the page came from', () => {
  const without = new Page(false);
  without.take({alpha: view(2), beta: view(2)});
  assert.ok(without.buttons('Restart').every(each => each.disabled));
  const page = new Page(true);
  page.take({alpha: view(2), beta: view(2)});
  page.buttons('▸ orders')[0].click();
  assert.deepEqual(page.buttons('Isolate').map(each => each.disabled),
                   [false, true]);
  page.buttons('Isolate').forEach(each => each.click());
  page.buttons('Restart').forEach(each => each.click());
  assert.deepEqual(page.changes, [
    ['isolate', {bulkhead: 'small'}], ['restart', {child: 'orders'}],
    ['restart', {child: 'orders#1'}], ['restart', {child: 'orders#2'}]]);
  assert.equal(page.buttons('Restart')[1].getAttribute('aria-label'),
               'Restart orders#1');
});

test('an isolated compartment is reopened by the same button', () => {
  const page = new Page(true);
  page.take({alpha: view(2)});
  const button = page.buttons('Isolate')[0];
  const shut = view(2);
  shut.bulkheads[0].isolation = 'all';
  page.take({alpha: shut}, [], 2000);
  button.click();
  assert.equal(button.textContent, 'Reopen');
  assert.deepEqual(page.changes, [['reopen', {bulkhead: 'small'}]]);
});
