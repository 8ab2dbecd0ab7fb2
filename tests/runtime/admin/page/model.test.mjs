// What the page makes of what a node tells, without a browser.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';

const {EventReader, eventsMax, historyMax, lineOf, newState, pauseAfter, rateOf,
       retryText, signOf, takeCluster, takeEvent, takeMembers}
  = await import(pathToFileURL(process.env.PAGE_MODEL));

function view(ok, inUse = 1) {
  return {requests: {orders: {ok, failed: 0}}, breakers: [],
          bulkheads: [{bulkhead: 'small', in_use: inUse}]};
}

function answer(nodes, silent = []) {
  return {node: 'alpha', silent,
          nodes: Object.entries(nodes).map(([node, it]) => ({node, view: it}))};
}

test('a node that is silent keeps what is known of it, and its age', () => {
  const state = newState();
  takeCluster(state, answer({alpha: view(1), beta: view(2)}), 1000);
  takeCluster(state, answer({alpha: view(1)},
                            [{node: 'beta', why: 'timed out'}]), 3000);
  const beta = state.nodes.get('beta');
  assert.equal(beta.at, 1000);
  assert.equal(beta.why, 'timed out');
  assert.equal(beta.view.requests.orders.ok, 2);
  assert.equal(state.nodes.get('alpha').at, 3000);
});

test('a node that is not named any more is not taken for a good one', () => {
  const state = newState();
  takeCluster(state, answer({alpha: view(1), beta: view(2)}), 1000);
  takeCluster(state, answer({alpha: view(1)}), 2000);
  assert.equal(state.nodes.get('beta').why, 'not connected');
  takeCluster(state, answer({alpha: view(1), beta: view(0)}), 3000);
  assert.equal(state.nodes.get('beta').why, '');
});

test('rates are of the time between two looks, also after a new start', () => {
  const state = newState();
  takeCluster(state, answer({alpha: view(100)}), 1000);
  assert.equal(state.nodes.get('alpha').rates.orders.ok, null);
  takeCluster(state, answer({alpha: view(150)}), 3000);
  assert.equal(state.nodes.get('alpha').rates.orders.ok, 25);
  takeCluster(state, answer({alpha: view(10)}), 5000);
  assert.equal(state.nodes.get('alpha').rates.orders.ok, 5);
  assert.equal(rateOf(1, 2, 0), null);
});

test('what is no answer of a node changes nothing', () => {
  const state = newState();
  takeCluster(state, answer({alpha: view(1)}), 1000);
  for (const wrong of [null, 'Bad gateway', {}, {node: 'x', nodes: {}}])
    assert.throws(() => takeCluster(state, wrong, 2000));
  assert.deepEqual([...state.nodes.keys()], ['alpha']);
});

test('histories are bounded', () => {
  const state = newState();
  for (let i = 0; i < 3 * historyMax; ++i)
    takeCluster(state, answer({alpha: view(1, i)}), i);
  const all = state.histories.get('alpha/bulkhead/small');
  assert.equal(all.length, historyMax);
  assert.match(lineOf(all, 10).words, /now 179$/);
  assert.equal(lineOf([], 10).words, 'nothing yet');
});

test('members that the report knows are shown, and nothing else of it', () => {
  const state = newState();
  takeMembers(state, {'node/gamma': {current_status: 'down'},
                      'node/gamma/admin': {}, 'service/orders': {}});
  assert.deepEqual([...state.nodes.keys()], ['gamma']);
  assert.equal(state.nodes.get('gamma').why, 'down');
});

test('a stream is read alike in whatever pieces it comes', () => {
  const text = ':\n\nid: a/1/2\ndata: {"x":1}\n\nevent: missed\ndata: {}\n\n'
    + 'id: a/1/3\r\ndata: one\r\ndata: two\r\n\r\nid: never ended\ndata: x\n';
  const whole = new EventReader().take(text);
  assert.deepEqual(whole, [
    {id: 'a/1/2', type: 'message', data: '{"x":1}'},
    {id: '', type: 'missed', data: '{}'},
    {id: 'a/1/3', type: 'message', data: 'one\ntwo'},
  ]);
  for (let step = 1; step < 9; ++step) {
    const reader = new EventReader();
    const got = [];
    for (let i = 0; i < text.length; i += step)
      got.push(...reader.take(text.slice(i, i + step)));
    assert.deepEqual(got, whole);
  }
});

test('an event counts once, and at most so many are kept', () => {
  const state = newState();
  const event = n => ({id: `a/1/${n}`, type: 'message', data: JSON.stringify(
    {time: 't', node: 'a', event: 'child_failed', severity: 'low'})});
  assert.equal(takeEvent(state, event(1)), true);
  assert.equal(takeEvent(state, event(1)), false);
  takeEvent(state, {id: '', type: 'missed', data: '{}'});
  assert.equal(state.events.length, 2);
  assert.equal(state.lastId, 'a/1/1');
  for (let n = 2; n < 3 * eventsMax; ++n)
    takeEvent(state, event(n));
  assert.equal(state.events.length, eventsMax);
});

test('the time to the next retry runs down between looks', () => {
  const child = {retry_in_seconds: 2};
  assert.equal(retryText(child, 1000, 1500), 'in 1.5 s');
  assert.equal(retryText(child, 1000, 9000), 'now');
  assert.equal(retryText({}, 1000, 1500), '');
});

test('pauses grow up to ten seconds, and each state has a sign', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 99].map(pauseAfter),
                   [1000, 2000, 4000, 8000, 10000, 10000]);
  for (const state of ['up', 'failed', 'unreachable', 'half_open', 'unheard'])
    assert.match(signOf(state).text, /^\S \w+$/);
  assert.notEqual(signOf('up').text[0], signOf('failed').text[0]);
});
