// Asks the node that this page came from, and nobody else. While the page is
// hidden it asks nothing.

import {make, setClass, setText, sync} from './dom.js';
import {ageText, EventReader, newState, pageOfChildren, pauseAfter, takeCluster,
        takeEvent, takeMembers} from './model.js';
import {NodeList} from './nodes.js';

const lookEvery = 2000;
const reportEvery = 15000;
const quietMax = 40000;

const model = newState();
const at = id => document.getElementById(id);
let token = '';
let failures = 0;
let lookedAt = null;
let reportAt = null;
let timer = null;
let plannedAt = 0;
let looking = false;

const list = new NodeList({
  mayChange: () => token !== '',
  redraw: () => draw(),
  change,
  children: (node, service, from) => ask(
    `/api/children?node=${encodeURIComponent(node)}&service=`
    + `${encodeURIComponent(service)}&from=${from}&max=${pageOfChildren}`)
    .catch(why => say(`Children of ${service}: ${why.message}`)),
});

/// Whatever stands between may answer in the node's place: only what is JSON
/// counts.
async function ask(path, options = {}) {
  const got = await fetch(path, {
    cache: 'no-store', signal: AbortSignal.timeout(4000), ...options});
  const text = await got.text();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`status ${got.status}, and no JSON`);
  }
  if (!got.ok)
    throw new Error(body.error ?? `status ${got.status}`);
  return body;
}

function say(words) {
  setText(at('said'), words);
}

function draw() {
  const now = Date.now();
  setText(at('self'), model.self);
  list.draw(at('nodes'), model, now);
  setText(at('link'), failures === 0 && lookedAt !== null
    ? `● connected to ${model.self}`
    : `✖ ${model.self || 'the node'} does not answer; what is shown is `
      + `${lookedAt === null ? 'nothing' : ageText(now - lookedAt) + ' old'}`);
  setClass(at('link'), failures === 0 ? 'good' : 'bad');
  setText(at('report-age'), reportAt === null ? 'not known yet'
    : `as of ${ageText(now - reportAt)} ago`);
}

/// The next look; an earlier one that is planned stays.
function plan(after) {
  const due = Date.now() + after;
  if (timer !== null && plannedAt <= due && !document.hidden)
    return;
  clearTimeout(timer);
  plannedAt = due;
  timer = document.hidden ? null : setTimeout(look, after);
}

async function look() {
  timer = null;
  if (looking)
    return;
  looking = true;
  try {
    takeCluster(model, await ask('/api/cluster'), Date.now());
    failures = 0;
    lookedAt = Date.now();
    if (reportAt === null || Date.now() - reportAt > reportEvery)
      await lookAtReport();
  } catch {
    ++failures;
  }
  looking = false;
  draw();
  plan(failures > 0 ? pauseAfter(failures) : lookEvery);
}

async function lookAtReport() {
  const report = await ask('/api/report');
  reportAt = Date.now();
  const all = Object.entries(report.component_analysis)
    .map(([id, it]) => ({id, ...it}));
  takeMembers(model, report.component_analysis);
  sync(at('report'), all.slice(0, 500), it => it.id, () => make('tr',
    {}, make('th', {scope: 'row'}), make('td'), make('td'), make('td')),
    (row, it) => [it.id, it.current_status ?? '–', `${it.failure_count ?? '–'}`,
                  `${it.availability_24h ?? '–'} %`]
      .forEach((text, i) => setText(row.children[i], text)));
  sync(at('advice'), report.recommendations ?? [], it => it,
       it => make('li', {}, it), () => {});
  drawChanges((await ask('/api/history')).changes);
}

function drawChanges(changes) {
  sync(at('changes'), changes, it => `${it.id}`, it => make('li', {},
    make('span'), ' ', make('button', {type: 'button', click: () =>
      change('undo', {id: it.id})}, `Undo ${it.id}`)), (row, it) => {
    const fields = (it.fields ?? []).map(x => `${x.field} ${x.from} → ${x.to}`);
    setText(row.firstElementChild, [`${it.id}: ${it.what}`, it.state, it.who,
      ...fields, it.error].filter(Boolean).join(' · '));
    row.lastElementChild.disabled = token === '' || fields.length === 0;
  });
}

async function change(word, order) {
  const what = Object.values(order).join(' ');
  if (!confirm(`${word} ${what}?`))
    return;
  try {
    const done = await ask(`/api/control/${word}`, {
      method: 'POST',
      headers: {'Authorization': `Bearer ${token}`,
                'Content-Type': 'application/json'},
      body: JSON.stringify({...order, who: 'page'}),
    });
    say(`Change ${done.id}: ${done.what} ${what}, ${done.state}`);
  } catch (why) {
    say(`${word} ${what} was refused: ${why.message}`);
  }
  reportAt = null;
  plan(100);
}

function drawEvents() {
  const shown = at('events');
  const down = shown.scrollTop + shown.clientHeight >= shown.scrollHeight - 5;
  sync(shown, model.events.map((it, i) => ({...it, key: it.id || `gap ${i}`})),
       it => it.key, () => make('li'), (row, it) => {
    setText(row, it.text);
    setClass(row, it.severity === 'high' || it.severity === 'critical'
      ? 'bad' : '');
  });
  if (down)
    shown.scrollTop = shown.scrollHeight;
}

async function readStream(stop) {
  if (model.lastId === '')
    for (const it of (await ask('/api/events?max=100')).events)
      takeEvent(model, {type: 'message', data: JSON.stringify(it),
                        id: `${it.node}/${it.boot}/${it.sequence}`});
  let quiet = setTimeout(() => stop.abort(), quietMax);
  const got = await fetch('/events', {
    cache: 'no-store', signal: stop.signal,
    headers: model.lastId ? {'Last-Event-ID': model.lastId} : {}});
  if (!got.ok || !got.headers.get('content-type')?.startsWith(
    'text/event-stream'))
    throw new Error(`status ${got.status}`);
  setText(at('stream'), '● live');
  drawEvents();
  plan(0);
  const reader = got.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = new EventReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    clearTimeout(quiet);
    quiet = setTimeout(() => stop.abort(), quietMax);
    const news = events.take(part.value).filter(it => takeEvent(model, it));
    if (news.length === 0)
      continue;
    drawEvents();
    plan(300);
  }
  clearTimeout(quiet);
}

let reading = null;

async function follow() {
  for (let lost = 0;; ++lost) {
    while (document.hidden)
      await new Promise(done => document.addEventListener(
        'visibilitychange', done, {once: true}));
    reading = new AbortController();
    const began = Date.now();
    try {
      await readStream(reading);
    } catch {
      // It is read again from where it was.
    }
    if (Date.now() - began > 10000)
      lost = 0;
    setText(at('stream'), '✖ lost; it is read again from where it was');
    await new Promise(done => setTimeout(done, pauseAfter(lost + 1)));
  }
}

at('access').addEventListener('submit', event => {
  event.preventDefault();
  token = at('token').value.trim();
  say(token === '' ? 'Without a token nothing can be changed.'
                   : 'Commands can be given now.');
  draw();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden)
    reading?.abort();
  plan(0);
});
setInterval(() => document.hidden || draw(), 500);
look();
follow();
