// What the page knows, without anything of a browser: told what came and when.

export const eventsMax = 200;
export const historyMax = 60;
export const pageOfChildren = 200;

// How each state is shown: a sign, so that nobody has to see its colour.
const signs = {
  up: ['●', 'good'], serving: ['●', 'good'], closed: ['●', 'good'],
  available: ['●', 'good'], allocated: ['●', 'good'], working: ['●', 'good'],
  starting: ['◐', 'warn'], restarting: ['↻', 'warn'], waiting: ['↻', 'warn'],
  half_open: ['◐', 'warn'], degraded: ['▲', 'warn'], draining: ['▽', 'warn'],
  stopping: ['▽', 'warn'], behind: ['▲', 'warn'], disabled: ['○', 'warn'],
  metrics_only: ['○', 'warn'], stopped: ['■', 'warn'], off: ['○', ''],
  failed: ['✖', 'bad'], down: ['✖', 'bad'], open: ['✖', 'bad'],
  forced_open: ['✖', 'bad'], exhausted: ['✖', 'bad'],
  unreachable: ['✖', 'bad'], lost: ['✖', 'bad'], abandoned: ['✖', 'bad'],
};

export function signOf(state) {
  const [sign, kind] = signs[state] ?? ['?', 'warn'];
  return {text: `${sign} ${state}`, kind};
}

export function ageText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120)
    return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min`
                        : `${Math.floor(seconds / 3600)} h`;
}

/// How long to wait for the next try, in milliseconds.
export function pauseAfter(failures) {
  return Math.min(10000, 1000 * 2 ** Math.min(failures - 1, 4));
}

export function newState() {
  return {self: '', nodes: new Map(), histories: new Map(), events: [],
          lastId: ''};
}

/// Per second, of two readings of a counter; a node that was started anew
/// begins at 0.
export function rateOf(before, after, ms) {
  if (before === undefined || ms <= 0)
    return null;
  return (after >= before ? after - before : after) * 1000 / ms;
}

function remember(state, key, value) {
  const all = state.histories.get(key) ?? [];
  all.push(value);
  if (all.length > historyMax)
    all.shift();
  state.histories.set(key, all);
}

function noteRates(before, node, now) {
  node.rates = {};
  for (const [service, it] of Object.entries(node.view.requests)) {
    const old = before?.view?.requests?.[service];
    const ms = before ? now - before.at : 0;
    node.rates[service] = {ok: rateOf(old?.ok, it.ok, ms),
                           failed: rateOf(old?.failed, it.failed, ms)};
  }
}

/// Takes what `/api/cluster` has answered. Nodes that did not answer, or are
/// not named any more, keep what was known of them, and its age.
export function takeCluster(state, answer, now) {
  if (typeof answer?.node !== 'string' || !Array.isArray(answer.nodes)
      || !Array.isArray(answer.silent))
    throw new Error('not an answer of a node');
  state.self = answer.node;
  const named = new Set();
  for (const {node, view} of answer.nodes) {
    const fresh = {view, at: now, why: ''};
    noteRates(state.nodes.get(node), fresh, now);
    state.nodes.set(node, fresh);
    named.add(node);
    for (const each of view.bulkheads)
      remember(state, `${node}/bulkhead/${each.bulkhead}`, each.in_use);
    for (const each of view.breakers)
      remember(state, `${node}/breaker/${each.service}`, each.failures);
  }
  for (const {node, why} of answer.silent) {
    named.add(node);
    const known = state.nodes.get(node) ?? {view: null, at: null};
    state.nodes.set(node, {...known, why: why || 'no answer'});
  }
  for (const [node, known] of state.nodes)
    if (!named.has(node))
      known.why = 'not connected';
}

/// Names that the report has and this page does not know yet.
export function takeMembers(state, analysis) {
  for (const [id, each] of Object.entries(analysis)) {
    const node = id.startsWith('node/') ? id.slice(5) : '';
    if (node && !node.includes('/') && !state.nodes.has(node))
      state.nodes.set(node, {view: null, at: null,
                             why: each.current_status ?? 'not connected'});
  }
}

/// The points of a line within 100 times 20, and its words.
export function lineOf(values, most) {
  const top = Math.max(most || 0, 1, ...values);
  const step = 100 / Math.max(historyMax - 1, 1);
  const from = historyMax - values.length;
  return {
    points: values.map((value, i) => `${((from + i) * step).toFixed(1)},`
                                     + `${(19 - 18 * value / top).toFixed(1)}`)
              .join(' '),
    words: values.length === 0 ? 'nothing yet'
      : `last ${values.length} looks: ${Math.min(...values)} to `
        + `${Math.max(...values)}, now ${values[values.length - 1]}`,
  };
}

/// Reads a stream of server-sent events, in whatever pieces it comes.
export class EventReader {
  #rest = '';
  #event = {id: '', type: 'message', data: []};

  /// Returns the events that are complete.
  take(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    const done = [];
    for (const line of lines)
      this.#line(line.replace(/\r$/, ''), done);
    return done;
  }

  #line(line, done) {
    if (line === '') {
      if (this.#event.data.length > 0)
        done.push({...this.#event, data: this.#event.data.join('\n')});
      this.#event = {id: '', type: 'message', data: []};
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0)
      return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data')
      this.#event.data.push(value);
    else if (field === 'id')
      this.#event.id = value;
    else if (field === 'event')
      this.#event.type = value;
  }
}

/// Returns whether anything changed: one that was there before does not count
/// again.
export function takeEvent(state, event) {
  if (event.type === 'missed') {
    state.events.push({id: '', text: '… some events are not kept any more'});
  } else {
    if (event.id && state.events.some(each => each.id === event.id))
      return false;
    const it = JSON.parse(event.data);
    const more = [it.component, it.reason].filter(Boolean).join(' · ');
    state.events.push({id: event.id, severity: it.severity,
                       text: `${it.time} ${it.node} ${it.event} ${more}`});
    state.lastId = event.id || state.lastId;
  }
  if (state.events.length > eventsMax)
    state.events.splice(0, state.events.length - eventsMax);
  return true;
}

/// What is left of a time that was told at `at`; null: it is over, or none.
export function retryText(child, at, now) {
  if (child.retry_in_seconds === undefined)
    return '';
  const left = child.retry_in_seconds - (now - at) / 1000;
  return left > 0 ? `in ${left.toFixed(1)} s` : 'now';
}
